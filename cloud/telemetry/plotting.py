"""A gateway's figures as plots."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from cloud.telemetry.choices import Reach
from cloud.telemetry.series import Values, Window, runs, shown
from cloud.web.plots import Plot, Track

FRAMES = ("frames_ok", "frames_garbled", "frames_refused")
PLAIN = ("outbox_depth", "outbox_oldest_s", "fsync_p99_ms", "temperature_c", "reconnects")
NAMES = (*PLAIN, *FRAMES, "link_lost")
MINUTE = 60


def window(reach: Reach, now: datetime) -> Window:
    """What is looked at."""
    return Window.back(now, reach.length, reach.step)


def plots(found: Mapping[str, Values], seen: Window) -> dict[str, Plot]:
    """Plots by the name of their place on the page, from values as a source gives them."""
    values = shown(found)
    minutes = [(at, age / MINUTE) for at, age in values.get("outbox_oldest_s", ())]
    single = {
        "depth": (_("Rows waiting"), "", values.get("outbox_depth", ())),
        "age": (_("Age of the oldest row"), _("min"), minutes),
        "fsync": (_("Slowest writes to disk (99 %)"), "ms", values.get("fsync_p99_ms", ())),
        "temperature": (_("Temperature"), "°C", values.get("temperature_c", ())),
        "reconnects": (_("New connections"), _("per hour"), values.get("reconnects", ())),
    }
    whole = {
        name: Plot(title, unit, seen.start, seen.end, _tracks({title: line}, seen))
        for name, (title, unit, line) in single.items()
    }
    frames = {_instrument(name): line for name, line in values.items() if _says_something(name, line)}
    return whole | {
        "frames": Plot(_("Transmissions"), _("per hour"), seen.start, seen.end, _tracks(frames, seen)),
    }


def _tracks(lines: Mapping[str, Values], seen: Window) -> list[Track]:
    return [Track(name, runs(line, seen.step)) for name, line in lines.items() if line]


def _says_something(name: str, line: Values) -> bool:
    """Every instrument's readable transmissions, and trouble where there was any."""
    figure, _space, dev = name.partition(" ")
    if not dev:
        return False
    return figure == "frames_ok" or any(value for _at, value in line)


def _instrument(name: str) -> str:
    figure, _space, dev = name.partition(" ")
    words = {
        "frames_ok": _("%(dev)s, read", dev=dev),
        "frames_garbled": _("%(dev)s, garbled", dev=dev),
        "frames_refused": _("%(dev)s, held back: disk full", dev=dev),
        "link_lost": _("%(dev)s, link lost", dev=dev),
    }
    return str(words[figure])

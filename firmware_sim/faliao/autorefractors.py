"""An FR-8900, which parts its figures, and an FR-710, which puts them into fixed places."""

from datetime import datetime
from typing import Any

from firmware_sim.refractor import EyeSeen, Refractor, Seen

WIDTH = 23


class FR8900(Refractor):
    """23 characters an eye and the distance of the pupils."""

    maker = "Faliao"
    name = "FR-8900"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        eyes = "".join(f"{letter},{_parted(eye):<{WIDTH}}" for letter, eye in measured.eyes())
        distance = f"PD{measured.pd_mm}" if measured.pd_mm else ""
        return f"{eyes}{distance}\r\n".encode("ascii")


class FR710(Refractor):
    """A record an eye; it shows no distance of the pupils."""

    maker = "Faliao"
    name = "FR-710"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        records = (f"#!>{number:04} {at:%Y%m%d%H%M} REF{letter:<5}{_placed(eye)} " for letter, eye in measured.eyes())
        return ("".join(records) + "#!>").encode("ascii")

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {}


def _parted(eye: EyeSeen) -> str:
    return f"{eye.power.sphere:+06.2f},{eye.power.cylinder:+06.2f},{eye.power.axis:03}"


def _placed(eye: EyeSeen) -> str:
    return f"{eye.power.sphere:+06.2f}{eye.power.cylinder:+06.2f}{eye.power.axis:03}"

"""The first configuration of a box: where its data lies, and the instruments the cloud knows of already."""

import json
from pathlib import Path

from protocols.envelope.desired import Instrument, Wanted

HEAD = """\
# Emmetra gateway. Who this gateway is and where its broker is was learnt when it was enrolled, and lies in
# {data}/identity; an [address] or [broker] written here would win over it.
# `emmetra gateway check --config FILE` tries all of it.

[gateway]
data = {quoted}
"""
CONSOLE = """
[console]                              # the page on this gateway; until `emmetra gateway pin` this box alone sees it
bind = "0.0.0.0:8080"
"""


def text(data: Path, wanted: Wanted | None) -> str:
    """The whole file."""
    given = wanted or Wanted()
    head = HEAD.format(data=data, quoted=_toml(str(data)))
    for name in ("raw_days", "disk_floor_mb"):
        if (value := getattr(given, name)) is not None:
            head += f"{name} = {value}\n"
    return head + CONSOLE + "".join(_instrument(one) for one in given.instruments or [])


def _instrument(one: Instrument) -> str:
    told = {"name": one.name, "family": one.family, "url": one.url, "model": one.model, "lane": one.lane}
    lines = [f"{key} = {_toml(value)}" for key, value in told.items() if value is not None]
    lines += [f"{key} = {_toml(value)}" for key, value in one.settings.items()]
    return "\n[[instrument]]\n" + "\n".join(lines) + "\n"


def _toml(value: str | float | bool) -> str:
    # A JSON string of plain characters is a TOML string too.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value).lower()

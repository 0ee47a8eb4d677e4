"""InfluxDB's line protocol, and the check that goes before sending it.

VictoriaMetrics answers 204 to a line it then throws away, so a bad line must be found here. Tags are tenant, store,
gateway and device; fields are numbers, never words.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from influxdb_client.client.write import point as points
from influxdb_client.domain.write_precision import WritePrecision

from cloud.telemetry.looks import Look

GATEWAY, INSTRUMENT = "emmetra_gateway", "emmetra_instrument"
Point: Any = points.Point  # its methods carry no types
_WORD = r"(?:[^\s,=\\\"]|\\[ ,=])+"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_FIELD = rf"[a-z0-9_]+={_NUMBER}"
_LINE = re.compile(rf"(?:{GATEWAY}|{INSTRUMENT})(?:,[a-z]+={_WORD})+ {_FIELD}(?:,{_FIELD})* [0-9]+")


def valid(line: str) -> bool:
    """Whether this is a line of ours that any InfluxDB 2 endpoint takes."""
    return _LINE.fullmatch(line) is not None


def of(looks: Iterable[Look]) -> Iterator[str]:
    """A line for each gateway and each instrument of each look; times are in seconds."""
    for look in looks:
        parts: dict[str, dict[str, float]] = {}
        for name, value in look.figures.items():
            figure, _, dev = name.partition(" ")
            parts.setdefault(dev, {})[figure] = value
        for dev, figures in parts.items():
            yield _line(look, dev, figures)


def _line(look: Look, dev: str, figures: dict[str, float]) -> str:
    point = Point(INSTRUMENT if dev else GATEWAY)
    point.time(int(look.at.timestamp()), WritePrecision.S)
    for tag in ("tenant", "store", "gateway"):
        point.tag(tag, getattr(look.address, tag))
    if dev:
        point.tag("device", dev)
    for figure, value in sorted(figures.items()):
        point.field(figure, float(value))
    return str(point.to_line_protocol())

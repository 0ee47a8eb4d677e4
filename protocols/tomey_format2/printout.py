"""From lines to a refraction. What stands in a Kerato line is not told, so it is kept as it came."""

import re
from typing import Any

from protocols.framing import Unread
from protocols.readings import UNNAMED, Autorefraction, AutorefractionEye, Instrument, Reading, RefractionReading
from protocols.sheet import Margin, integrity, power, readable
from protocols.tomey_format2.grammar import DIALECT, LINE, OTHER

_SIDES = {"R": "right", "L": "left"}


class Series:
    """The lines of one eye."""

    def __init__(self) -> None:
        self.chosen: list[dict[str, Any]] = []
        self.readings: list[dict[str, Any]] = []

    def eye(self, side: str, margin: Margin) -> AutorefractionEye | None:
        """The value with the star, else the only reading, else none."""
        if len(self.chosen) > 1:
            raise Unread("Two print-outs ran into one: an eye has two chosen values.")
        alone = self.readings if len(self.readings) == 1 else []
        value = [*self.chosen, *alone][:1]
        if self.readings and not value:
            margin.representative_missing(side)
        readings = tuple(RefractionReading(**one) for one in self.readings)
        return AutorefractionEye(**value[0] if value else {}, readings=readings) if value or readings else None


def read(raw: bytes) -> tuple[Reading, ...]:
    """The refraction of a print-out. Raises Unread."""
    margin, series = Margin(), {side: Series() for side in _SIDES}
    text = readable(raw)
    for found in LINE.finditer(text):
        _take(found, series, margin)
    for found in OTHER.finditer(LINE.sub("\u240d", text)):
        if found[0].strip():
            margin.unknown(found[0].split(",")[0][:8], found[0])
    eyes = {_SIDES[side]: one.eye(_SIDES[side], margin) for side, one in series.items()}
    if not any(eyes.values()):
        raise Unread("No eye could be read in these lines.")
    return (Autorefraction(**_common(raw, margin), right=eyes["right"], left=eyes["left"]),)


def _take(found: re.Match[str], series: dict[str, Series], margin: Margin) -> None:
    tag = f"{found[1]}_{found[2]}{found[3]}"
    if found[1] == "Kerato":
        margin.unknown(tag, found[4])
        return
    fields = found[4].split(",")
    said = power(*fields[:3]) if len(fields) >= 3 and found[5] and not "".join(fields[3:]).strip() else None
    if said is None:
        margin.unreadable(tag, found[4])
    elif said:
        eye = series[found[2]]
        (eye.chosen if found[3] else eye.readings).append(said)


def _common(raw: bytes, margin: Margin) -> dict[str, Any]:
    margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    return {
        "instrument": Instrument(maker="Tomey", model=UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "notes": tuple(margin.notes),
        "extra": margin.extra,
    }

"""``[POWER_R],k,s,c,a`` with k the number of the reading, or A for the average the instrument chose."""

import re
from typing import Any

from protocols.readings import AutorefractionEye, RefractionReading
from protocols.sheet import Margin, blank, power
from protocols.tomey_tagged.grammar import Row
from protocols.tomey_tagged.series import announced, complete

_COUNTED = re.compile(r" *(A|\d{1,2}) *")
SIDES = {"R": "right", "L": "left"}


def counted(row: Row) -> bool:
    """Whether a power is one of a series; a lens has none to count."""
    return row.name == "POWER" and len(row.fields) > 3 and _COUNTED.fullmatch(row.field(0)) is not None


def read(section: list[Row], margin: Margin) -> dict[str, AutorefractionEye]:
    """The eyes of a section."""
    eyes = {SIDES[side]: _eye(side, section, margin) for side in SIDES}
    return {side: eye for side, eye in eyes.items() if eye is not None}


def _eye(side: str, section: list[Row], margin: Margin) -> AutorefractionEye | None:
    chosen: dict[str, Any] = {}
    readings: list[dict[str, Any]] = []
    for row in section:
        if row.side == side and counted(row) and (said := _power(row, margin)):
            if row.field(0).strip() == "A":
                chosen = said
            else:
                readings.append(said)
    count = announced(side, section)
    if not chosen and len(readings) == 1 and count in (None, 1):
        chosen = readings[0]
    elif not chosen and readings:
        margin.representative_missing(SIDES[side])
    complete(SIDES[side], count, len(readings), margin)
    kept = tuple(RefractionReading(**one) for one in readings)
    return AutorefractionEye(**chosen, readings=kept) if chosen or kept else None


def _power(row: Row, margin: Margin) -> dict[str, Any]:
    said = power(row.field(1), row.field(2), row.field(3)) if row.ended else None
    if said is None:
        margin.unreadable(row.tag, ",".join(row.fields))
    elif not blank(*row.fields[4:]):
        margin.keep(row.tag, ",".join(row.fields))  # what stands behind the axis is not known
    return said or {}

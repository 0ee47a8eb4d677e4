"""DPM: central corneal thickness in micrometres.

    blank L, blank R   count 2, then for each reading one blank, 4 digits, 2 flag characters, then AV and 4 digits
                       ` L01 0583  AV0583`

BLK, ALM, ERR may stand in place of the digits (grade C). TONOREF III print-out (Rufus @70a2597).
"""

import re
from decimal import Decimal
from typing import Any

from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment
from protocols.readings import PachymetryEye, PachymetryReading

_SLOT = re.compile(r" (?:(?P<um>\d{4})|(?P<error> [A-Z]{3}|[A-Z]{3} ))(?P<flags>\*\d|[^A-Z\d]{0,2})")
_SERIES = re.compile(r"(?P<count>[\d ]\d)(?P<slots>.*?)(?:AV *(?P<average>\d{3,4}| *|[A-Z]{3}) *)?")

_SIDES = {" L": "left", " R": "right"}


def read(block: Block, margin: Margin) -> dict[str, Any]:
    """The keys of a pachymetry; empty when no eye was measured."""
    eyes: dict[str, PachymetryEye] = {}
    for segment in block.segments:
        if segment.tag not in _SIDES:
            margin.unknown(segment.tag, segment.text)
        elif segment.text.strip():
            eye = _eye(segment, margin) if _SIDES[segment.tag] not in eyes else None
            eyes |= {_SIDES[segment.tag]: eye} if eye else {}
            if eye is None:
                margin.unreadable(segment.tag, segment.text)
    return dict(eyes)


def _eye(segment: Segment, margin: Margin) -> PachymetryEye | None:
    series = _SERIES.fullmatch(segment.text)
    slots = _slots(series["slots"]) if series else None
    if series is None or slots is None or len(slots) != int(series["count"]):
        return None
    readings = tuple(_reading(slot, segment, margin) for slot in slots)
    errors = [reading.error for reading in readings]
    average = (series["average"] or "").strip()
    return PachymetryEye(
        cct_um=Decimal(average) if average.isdecimal() else None,
        readings=readings,
        error=errors[-1] if errors and all(errors) else None,
    )


def _slots(text: str) -> list[re.Match[str]] | None:
    found, at = [], 0
    while text[at:].strip():
        slot = _SLOT.match(text, at)
        if slot is None:
            return None
        found.append(slot)
        at = slot.end()
    return found


def _reading(slot: re.Match[str], segment: Segment, margin: Margin) -> PachymetryReading:
    error, flags = (slot["error"] or "").strip() or None, slot["flags"].strip()
    if error:
        side = _SIDES[segment.tag]
        margin.note("eye_error", f"A measurement of the {side} eye failed: the instrument's error {error}.")
    if flags:
        margin.keep(f"{segment.tag} flags", flags)
    return PachymetryReading(
        cct_um=Decimal(slot["um"]) if slot["um"] else None, doubtful=flags.startswith("*"), error=error
    )

"""DNT: non-contact tonometry.

    blank L, blank R   count 2, a slot of 12 for each reading, then the average
        slot           2 blanks, mmHg right-justified 4, "/", kPa 3, doubt 2 (blank blank, or * and a digit)
        average        AV, mmHg 4, "/", kPa 4                       ` L01    17/2.3  AV17.0/2.30`

An NT-3000 sends no kPa and the average without its AV. APL, OVR, ERR may stand in place of a number (grade C).
TONOREF III print-out (Rufus @70a2597); NT-510 (stormlei/cdc @40bbcac).
"""

import re
from decimal import Decimal
from typing import Any

from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment
from protocols.readings import IopReading, TonometryEye

_KPA = r"(?: *(?P<kpa>\d{1,2}\.\d{1,2}))?"
_PUFF = re.compile(rf" *(?:(?P<mmhg>\d{{1,2}}(?:\.\d)?)|(?P<error>[A-Z]{{3}}))(?: */{_KPA})?(?:\*(?P<doubt>[\d ]))?")
_AVERAGE = re.compile(rf" *(?P<mmhg>\d{{1,2}}(?:\.\d)?)?(?: */{_KPA})? *")
_ERROR = re.compile(r" *[A-Z]{3}[ /]*")
_SERIES = re.compile(r"(?P<count>[\d ]\d)(?P<slots>.*?)(?:AV(?P<average>.*))?")

_SIDES = {" L": "left", " R": "right"}


def read(block: Block, margin: Margin) -> dict[str, Any]:
    """The keys of a tonometry; empty when no eye was measured."""
    eyes: dict[str, TonometryEye] = {}
    for segment in block.segments:
        if segment.tag not in _SIDES:
            margin.unknown(segment.tag, segment.text)
        elif segment.text.strip():
            eye = _eye(segment.text) if _SIDES[segment.tag] not in eyes else None
            _place(eye, segment, eyes, margin)
    return dict(eyes)


def _place(eye: TonometryEye | None, segment: Segment, eyes: dict[str, TonometryEye], margin: Margin) -> None:
    if eye is None:
        margin.unreadable(segment.tag, segment.text)
        return
    eyes[_SIDES[segment.tag]] = eye
    for code in sorted({reading.error for reading in eye.readings if reading.error}):
        margin.note(
            "eye_error", f"A measurement of the {_SIDES[segment.tag]} eye failed: the instrument's error {code}."
        )


def _eye(text: str) -> TonometryEye | None:
    series = _SERIES.fullmatch(text)
    puffs = _puffs(series["slots"]) if series else None
    if series is None or puffs is None:
        return None
    count, average = int(series["count"]), series["average"]
    if average is None and len(puffs) == count + 1:
        average = puffs.pop()[0].strip()  # NT-3000: the last four characters, unmarked
    if len(puffs) != count:
        return None
    return _settled(tuple(_reading(puff) for puff in puffs), average or "")


def _puffs(slots: str) -> list[re.Match[str]] | None:
    found, at = [], 0
    while slots[at:].strip():
        puff = _PUFF.match(slots, at)
        if puff is None:
            return None
        found.append(puff)
        at = puff.end()
    return found


def _reading(puff: re.Match[str]) -> IopReading:
    return IopReading(
        iop_mmhg=_decimal(puff["mmhg"]),
        iop_kpa=_decimal(puff["kpa"]),
        doubtful=puff["doubt"] is not None,
        confidence=int(puff["doubt"]) if (puff["doubt"] or " ") != " " else None,
        error=puff["error"],
    )


def _settled(readings: tuple[IopReading, ...], text: str) -> TonometryEye | None:
    """The eye with the instrument's own average, which has its own rounding and is never recomputed."""
    errors = [reading.error for reading in readings]
    error = errors[-1] if errors and all(errors) else None
    average = _AVERAGE.fullmatch(text)
    if average is None and not _ERROR.fullmatch(text):
        return None
    mmhg, kpa = (average["mmhg"], average["kpa"]) if average else (None, None)
    return TonometryEye(iop_mmhg=_decimal(mmhg), iop_kpa=_decimal(kpa), readings=readings, error=error)


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None

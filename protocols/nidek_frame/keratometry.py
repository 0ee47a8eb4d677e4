"""DKM and Dkm: corneal curvature; Dkm is the second measuring ring of a TONOREF III.

    blank L, blank R   radius flat 5, radius steep 5, axis 3, mean 5      mm     07.7607.7014007.73
    DL DR              power flat 5, power steep 5, axis 3, mean 5, cyl 6  D     43.5043.7514043.75-00.25
    SL SR              corneal diameter 4 mm                                     11.8
    PL PR              pupil 4 mm and a letter for the lamp (N: off)             05.7N

A radius line and a power line make a pair. Three readings come as four pairs, the chosen one first; nothing
but the place marks it. The one axis of a line is that of the flatter meridian. ARK-1a captures and TONOREF III
print-out, Rufus @70a2597 ``protocols/nidek.cpp``.
"""

import re
from decimal import Decimal
from typing import Any

import msgspec

from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment
from protocols.readings import CornealCylinder, KeratometryEye, KeratometryReading, MeanCurvature, Meridian

_AXIS = r"(0\d\d|1[0-7]\d|180)"
_RADII = re.compile(rf"(\d\d\.\d\d)(\d\d\.\d\d){_AXIS}(\d\d\.\d\d) *")
_POWERS = re.compile(rf"(\d\d\.\d\d)(\d\d\.\d\d){_AXIS}(\d\d\.\d\d)([+-]\d\d\.\d\d) *")
_SIZE = re.compile(r"(\d\d\.\d)(.*)")

_SIDES = {"L": "left", "R": "right"}
_RING = {"DKM": None, "Dkm": "second"}
_PAIRS_WITH_CHOICE = 4

Line = re.Match[str]


class _Eye:
    """The pairs of lines of one eye, and what was measured once."""

    def __init__(self) -> None:
        self.pairs: list[tuple[Line | None, Line | None]] = []
        self.sizes: dict[str, Any] = {}


def read(block: Block, margin: Margin) -> dict[str, Any]:
    """The keys of a keratometry; empty when no eye was measured."""
    eyes = {"L": _Eye(), "R": _Eye()}
    for segment in block.segments:
        if segment.tag[1:] in eyes and segment.tag[0] in _TAKE:
            _TAKE[segment.tag[0]](segment, eyes[segment.tag[1]], margin)
        else:
            margin.unknown(segment.tag, segment.text)
    found = {_SIDES[side]: _settled(_SIDES[side], eye, margin) for side, eye in eyes.items() if eye.pairs or eye.sizes}
    return {"ring": _RING[block.header], **found} if found else {}


def _radii(segment: Segment, eye: _Eye, margin: Margin) -> None:
    if match := _match(_RADII, segment, margin):
        eye.pairs.append((match, None))


def _powers(segment: Segment, eye: _Eye, margin: Margin) -> None:
    if match := _match(_POWERS, segment, margin):
        waiting = eye.pairs.pop()[0] if eye.pairs and eye.pairs[-1][1] is None else None
        eye.pairs.append((waiting, match))


def _diameter(segment: Segment, eye: _Eye, margin: Margin) -> None:
    _size("corneal_diameter_mm", segment, eye, margin)


def _pupil(segment: Segment, eye: _Eye, margin: Margin) -> None:
    _size("pupil_mm", segment, eye, margin)


def _size(key: str, segment: Segment, eye: _Eye, margin: Margin) -> None:
    if match := _match(_SIZE, segment, margin):
        eye.sizes[key] = Decimal(match[1])
        if match[2].strip():
            margin.keep(segment.tag, match[2])


def _match(shape: re.Pattern[str], segment: Segment, margin: Margin) -> Line | None:
    match = shape.fullmatch(segment.text)
    if match is None and segment.text.strip():
        margin.unreadable(segment.tag, segment.text)
    return match


def _settled(side: str, eye: _Eye, margin: Margin) -> KeratometryEye:
    """The eye with its chosen pair; with two or three pairs the instrument chose none."""
    readings = [_reading(*pair) for pair in eye.pairs]
    chosen = len(readings) == 1 or len(readings) >= _PAIRS_WITH_CHOICE
    if readings and not chosen:
        margin.note(
            "representative_missing", f"The instrument chose no value for the {side} eye; all readings are given."
        )
    top = msgspec.structs.asdict(readings.pop(0)) if chosen else {}
    return KeratometryEye(**top | eye.sizes, readings=tuple(readings))


def _reading(radii: Line | None, powers: Line | None) -> KeratometryReading:
    flat: dict[str, Any] = {}
    steep: dict[str, Any] = {}
    mean: dict[str, Any] = {}
    cylinder = None
    if radii:
        flat |= {"axis": int(radii[3]), "radius_mm": Decimal(radii[1])}
        steep |= {"radius_mm": Decimal(radii[2])}
        mean |= {"radius_mm": Decimal(radii[4])}
    if powers:
        flat = {"axis": int(powers[3]), **flat, "power_d": Decimal(powers[1])}
        steep |= {"power_d": Decimal(powers[2])}
        mean |= {"power_d": Decimal(powers[4])}
        cylinder = CornealCylinder(power_d=Decimal(powers[5]), axis=int(powers[3]))
    return KeratometryReading(
        r1=Meridian(**flat), r2=Meridian(**steep), average=MeanCurvature(**mean), cylinder=cylinder
    )


_TAKE = {" ": _radii, "D": _powers, "S": _diameter, "P": _pupil}

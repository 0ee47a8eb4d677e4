"""DLM: spectacle lenses on a lensmeter. Inside this block PL and PR are prisms, and DL is not a power.

    two blanks, blank R, blank L   sphere 6, cylinder 6, axis 3        one lens, right, left
    A AR AL                        addition 5; a second line is the second addition
    N NR NL                        near sphere 6, instead of the addition
    P PR PL                        prism 5 and base I O U D: horizontal, then vertical, also when zero
    PD                             total, right, left: 4 each, 64.031.532.5
    U…  IE  DE                     UV transmittance, errors: forms not documented to us, kept as they came

LM-1000/1000P/1200 USB Interface Manual 31001*RTZ002E/E p. 24 (SCA, addition, prism); the rest grade C.
"""

import re
from decimal import Decimal
from typing import Any, Literal

from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment
from protocols.readings import LensmetryEye, Pd, Prism, PrismComponent

_POWER = re.compile(r"([+-]\d\d\.\d\d)([+-]\d\d\.\d\d)(0\d\d|1[0-7]\d|180) *")
_ADD = re.compile(r"([+-]?\d\d\.\d\d) *")
_NEAR = re.compile(r"([+-]\d\d\.\d\d) *")
_PRISM = re.compile(r"(\d\d\.\d\d)([IOUD]) *")
_PD = re.compile(r"(?:\d\d\.\d|\?\?\?\?|\?\?\.\?|  \. | {4}){1,3}")
_PD_FIELDS = ("far", "far_right", "far_left")

_SIDES = {" ": "single", "R": "right", "L": "left"}
_BASES: dict[str, tuple[str, Literal["in", "out", "up", "down"]]] = {
    "I": ("horizontal", "in"),
    "O": ("horizontal", "out"),
    "U": ("vertical", "up"),
    "D": ("vertical", "down"),
}

Lens = dict[str, Any]


def read(block: Block, margin: Margin) -> dict[str, Any]:
    """The keys of a lensmetry; empty when no lens was measured."""
    lenses: dict[str, Lens] = {side: {} for side in _SIDES}
    keys: dict[str, Any] = {}
    for segment in map(_spelled_out, block.segments):
        _take(segment, lenses, keys, margin)
    keys |= {_SIDES[side]: _lens(values) for side, values in lenses.items() if values}
    return keys


def _spelled_out(segment: Segment) -> Segment:
    """A single lens may be sent as ``A02.00`` or ``A 02.00``; the manual shows only AR and AL."""
    if segment.tag[:1] in ("A", "N", "P") and segment.tag[1:] and segment.tag[1] in "+-0123456789":
        return Segment(segment.tag[0] + " ", segment.tag[1] + segment.text, segment.offset)
    return segment


def _take(segment: Segment, lenses: dict[str, Lens], keys: dict[str, Any], margin: Margin) -> None:
    if segment.tag in ("IE", "DE"):
        margin.keep(segment.tag, segment.text)
        margin.note("instrument_error", f"The lensmeter reported {segment.tag}{segment.text}.")
    elif segment.tag == "PD":
        _pd(segment, keys, margin)
    elif segment.tag[1:] in lenses and segment.tag[0] in _TAKE:
        _TAKE[segment.tag[0]](segment, lenses[segment.tag[1]], margin)
    else:
        margin.unknown(segment.tag, segment.text)


def _power(segment: Segment, lens: Lens, margin: Margin) -> None:
    match = _match(_POWER, segment, margin)
    if match and "sphere" in lens:
        margin.unreadable(segment.tag, segment.text)
    elif match:
        lens |= {"sphere": Decimal(match[1]), "cylinder": Decimal(match[2]), "axis": int(match[3])}


def _add(segment: Segment, lens: Lens, margin: Margin) -> None:
    _once_or_twice(_ADD, ("add", "add2"), segment, lens, margin)


def _near(segment: Segment, lens: Lens, margin: Margin) -> None:
    _once_or_twice(_NEAR, ("near_sphere", "near_sphere2"), segment, lens, margin)


def _once_or_twice(shape: re.Pattern[str], keys: tuple[str, str], segment: Segment, lens: Lens, margin: Margin) -> None:
    match = _match(shape, segment, margin)
    free = [key for key in keys if key not in lens]
    if match and free:
        lens[free[0]] = Decimal(match[1])
    elif match:
        margin.unreadable(segment.tag, segment.text)


def _prism(segment: Segment, lens: Lens, margin: Margin) -> None:
    """A base without a power is no prism, so a blank power leaves nothing."""
    match = _match(_PRISM, segment, margin)
    if match is None:
        return
    direction, base = _BASES[match[2]]
    if direction in lens.setdefault("prism", {}):
        margin.unreadable(segment.tag, segment.text)
    else:
        lens["prism"][direction] = PrismComponent(power=Decimal(match[1]), base=base)


def _match(shape: re.Pattern[str], segment: Segment, margin: Margin) -> re.Match[str] | None:
    match = shape.fullmatch(segment.text)
    if match is None and segment.text.strip(" .IOUD"):
        margin.unreadable(segment.tag, segment.text)
    return match


def _pd(segment: Segment, keys: dict[str, Any], margin: Margin) -> None:
    if not _PD.fullmatch(segment.text):
        margin.unreadable(segment.tag, segment.text)
        return
    fields = [segment.text[at : at + 4] for at in range(0, len(segment.text), 4)]
    found = {key: Decimal(text) for key, text in zip(_PD_FIELDS, fields, strict=False) if text.strip("?0. ")}
    if found:
        keys["pd"] = Pd(**found)


def _lens(values: Lens) -> LensmetryEye:
    prism = values.pop("prism", None)
    return LensmetryEye(**values, prism=Prism(**prism) if prism else None)


_TAKE = {" ": _power, "A": _add, "N": _near, "P": _prism}

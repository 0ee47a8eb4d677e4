"""DRM and Drm: objective refraction by day and by night.

    OL OR   sphere 6, cylinder 6, axis 3, then nothing or confidence 1 and flag 1
    CL CR   the same powers for a contact lens       TL TR   for a trial lens
    EL ER   error code of a reading                  PD      far, right, left, near: 2 digits each, ?? unmeasured
    DL DR   only in Drm: its difference to DRM

The representative line comes first and has no confidence; it is sent only from three readings on (ARK-1a
capture 8CC7; TONOREF III print-out). Rufus @70a2597 ``protocols/nidek.cpp``; ``Drm`` is night-time by the
RT-5100 interface manual's use of a small second letter.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment
from protocols.readings import AutorefractionEye, Pd, Power, RefractionReading

_SCA = r"([+-]\d\d\.\d\d)([+-]\d\d\.\d\d)(0\d\d|1[0-7]\d|180)"
_LINE = re.compile(_SCA + r"(?:(\d)(.?))? *")  # the flag byte is there even when blank, until an editor eats it
_LENS = re.compile(_SCA + r" *")
_PD = re.compile(r"(?:\d\d|\?\?|  ){1,4}")
_VERTEX = re.compile(r"\d\d\.\d\d")
_WORKING = re.compile(r"\d\d")

_SIDES = {"L": "left", "R": "right"}
_CONDITION = {"DRM": "day", "Drm": "night"}
_PD_FIELDS = ("far", "far_right", "far_left", "near")
_CATARACT = "*"


class _Eye:
    """What one eye's segments gave, in the order sent."""

    def __init__(self) -> None:
        self.chosen: list[RefractionReading] = []
        self.readings: list[RefractionReading] = []
        self.lenses: dict[str, Power] = {}


def read(block: Block, margin: Margin) -> dict[str, Any]:
    """The keys of an autorefraction; no eye and no pupillary distance means nothing was measured."""
    eyes = {"L": _Eye(), "R": _Eye()}
    keys: dict[str, Any] = {}
    for segment in block.segments:
        if segment.tag in _TOPS:
            _TOPS[segment.tag](segment, keys, margin)
        elif segment.tag[1:] in eyes and segment.tag[0] in _EYE:
            _EYE[segment.tag[0]](segment, eyes[segment.tag[1]], margin)
        elif block.header == "Drm" and segment.tag in ("DL", "DR"):
            margin.keep(segment.tag, segment.text)
        else:
            margin.unknown(segment.tag, segment.text)
    keys |= {_SIDES[side]: _settled(_SIDES[side], eye, margin) for side, eye in eyes.items()}
    return {"condition": _CONDITION[block.header], **keys} if _measured(keys) else {}


def _measured(keys: dict[str, Any]) -> bool:
    return any(keys.get(key) is not None for key in ("left", "right", "pd"))


def _line(segment: Segment, eye: _Eye, margin: Margin) -> None:
    match = _LINE.fullmatch(segment.text)
    if match is None:
        margin.unreadable(segment.tag, segment.text)
        return
    if (match[5] or " ") not in (_CATARACT, " "):
        margin.note(
            "unknown_flag", f"A reading of {segment.tag} carries the mark {match[5]!r}, which we cannot explain."
        )
        margin.keep(f"{segment.tag} flag", match[5])
    reading = RefractionReading(
        **_power(match), confidence=int(match[4]) if match[4] else None, cataract_mode=match[5] == _CATARACT
    )
    (eye.readings if match[4] else eye.chosen).append(reading)


def _lens(name: str) -> Callable[[Segment, _Eye, Margin], None]:
    def take(segment: Segment, eye: _Eye, margin: Margin) -> None:
        match = _LENS.fullmatch(segment.text)
        if match is None or name in eye.lenses:
            margin.unreadable(segment.tag, segment.text)
        else:
            eye.lenses[name] = Power(**_power(match))

    return take


def _error(segment: Segment, eye: _Eye, margin: Margin) -> None:
    eye.readings.append(RefractionReading(error=segment.text.strip()))
    side = _SIDES[segment.tag[1]]
    margin.note("eye_error", f"The {side} eye could not be measured: the instrument's error {segment.text.strip()}.")


def _settled(side: str, eye: _Eye, margin: Margin) -> AutorefractionEye | None:
    """The eye with its representative value: the line without confidence, else the only line, else none."""
    values = [reading for reading in eye.readings if reading.error is None]
    chosen = (eye.chosen or (values if len(values) == 1 else []))[:1]
    if values and not chosen:
        margin.note(
            "representative_missing", f"The instrument chose no value for the {side} eye; all readings are given."
        )
    readings = (*eye.chosen[1:], *eye.readings)
    if not (chosen or readings or eye.lenses):
        return None
    top: dict[str, Any] = msgspec.structs.asdict(chosen[0]) if chosen else {"error": _only_error(readings)}
    return AutorefractionEye(**top | eye.lenses, readings=readings)


def _only_error(readings: tuple[RefractionReading, ...]) -> str | None:
    codes = [reading.error for reading in readings]
    return codes[-1] if codes and all(codes) else None


def _power(match: re.Match[str]) -> dict[str, Any]:
    return {"sphere": Decimal(match[1]), "cylinder": Decimal(match[2]), "axis": int(match[3])}


def _pd(segment: Segment, keys: dict[str, Any], margin: Margin) -> None:
    if not _PD.fullmatch(segment.text):
        margin.unreadable(segment.tag, segment.text)
        return
    fields = [segment.text[at : at + 2] for at in range(0, len(segment.text), 2)]
    found = {key: Decimal(text) for key, text in zip(_PD_FIELDS, fields, strict=False) if text.strip("?0 ")}
    if found:
        keys["pd"] = Pd(**found)


def _vertex(segment: Segment, keys: dict[str, Any], margin: Margin) -> None:
    if _VERTEX.fullmatch(segment.text):
        keys["vertex_mm"] = Decimal(segment.text)
    elif segment.text.strip():
        margin.unreadable(segment.tag, segment.text)


def _working(segment: Segment, keys: dict[str, Any], margin: Margin) -> None:
    if _WORKING.fullmatch(segment.text):
        keys["working_cm"] = int(segment.text)
    elif segment.text.strip():
        margin.unreadable(segment.tag, segment.text)


_TOPS = {"PD": _pd, "VD": _vertex, "WD": _working}
_EYE = {"O": _line, "C": _lens("contact_lens"), "T": _lens("trial_lens"), "E": _error}

"""INI files of one eye.

    WF      [SPHERE] [CYLINDER] [AXIS] with r_3 r_5 r_7, by zone of the pupil in mm
    ARK     [AR] sphere_3 cylinder_3 axis_3 and 5 and 7, [KR] k1 k2 k1_axis k2_axis simk_cyl, [GENERAL] or [TOPO] pd
    Topo    [Sim_K] k1 k2 k1_axis k2_axis cyl, [TOPO] pd, [KERATOCONUS] kpi

Refractive axes are in radians, those of corneas in degrees. Source: oph4py @43dd269; grade B.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from protocols.framing import Unread
from protocols.labelled import Heading, pupils
from protocols.readings import Autorefraction, Keratometry, Note, Reading
from protocols.visionix.cornea import cornea
from protocols.visionix.encodings import Written
from protocols.visionix.zones import zones

_SECTION = re.compile(r"\[([^\]\r\n]{1,40})\]")
_PAIR = re.compile(r"([^=:]{1,60}?)[ \t]*[=:][ \t]*(.*)")
_POWERS = ("SPHERE", "CYLINDER", "AXIS", "AR")
_CORNEAS = ("KR", "SIM_K")
_MOST = 20_000  # lines

Sections = dict[str, dict[str, str]]


def read(raw: bytes, said: Written, eye: str | None, dialect: str) -> tuple[Reading, ...]:
    """One reading of refraction, one of the cornea, as the file holds them. Raises Unread.

    One half that cannot be read does not cost the other; its sections are kept as they came.
    """
    found = _sections(said.text)
    readings: list[Reading] = []
    refusals: list[str] = []
    for half in (_refraction, _cornea):
        try:
            readings += half(found, eye, _heading(raw, said, eye, found, dialect))
        except Unread as refusal:
            refusals.append(refusal.why)
    if not readings:
        raise Unread(refusals[0] if refusals else "No section in the file is one of an L80 or a VX100.")
    doubts = (Note(code="unreadable_field", text=why) for why in refusals)
    return (msgspec.structs.replace(readings[0], notes=(*readings[0].notes, *doubts)), *readings[1:])


def _refraction(found: Sections, eye: str | None, heading: Heading) -> Iterator[Reading]:
    if any(name in found for name in _POWERS):
        said = next((found[name]["pd"] for name in ("GENERAL", "TOPO") if "pd" in found.get(name, {})), "")
        keys: dict[str, Any] = {"pd": pupils({"both": said}, heading)}
        keys |= {eye: zones(found, heading)} if eye else {}
        yield Autorefraction(**heading.keys(), **keys)


def _cornea(found: Sections, eye: str | None, heading: Heading) -> Iterator[Reading]:
    if any(name in found for name in _CORNEAS):
        keys: dict[str, Any] = {eye: cornea(found, heading)} if eye else {}
        yield Keratometry(**heading.keys(), **keys)


def _heading(raw: bytes, said: Written, eye: str | None, found: Sections, dialect: str) -> Heading:
    heading = Heading(raw, dialect, maker="Visionix", model="VX100" if said.wide else "L80")
    heading.extra.update({name: dict(found[name]) for name in (*_POWERS, *_CORNEAS, "KERATOCONUS") if name in found})
    if eye is None:
        heading.note("eye_unknown", "The file does not say which eye it holds; its name begins with Right or Left.")
    return heading


def _sections(text: str) -> Sections:
    """Keys in lower case by sections in upper case, as nobody minds the case of either. Raises Unread."""
    found: Sections = {}
    pairs: dict[str, str] = {}
    lines = text.splitlines()
    if len(lines) > _MOST:
        raise Unread(f"The file has more than {_MOST} lines.")
    for line in map(str.strip, lines):
        if section := _SECTION.fullmatch(line):
            pairs = found.setdefault(section[1].strip().upper(), {})
        elif pair := _PAIR.fullmatch(line):
            pairs.setdefault(pair[1].strip().lower(), pair[2].strip())
    _drop_strangers(found)
    return found


def _drop_strangers(found: Sections) -> None:
    """A section without the keys by which it is known is somebody else's."""
    marks = {"SPHERE": "r_", "CYLINDER": "r_", "AXIS": "r_", "AR": "sphere_", "KR": "k1", "SIM_K": "k1"}
    for name, mark in marks.items():
        if name in found and not any(key.startswith(mark) for key in found[name]):
            del found[name]
    if any(name in found for name in _POWERS[:3]) and not all(name in found for name in _POWERS[:3]):
        raise Unread("SPHERE, CYLINDER and AXIS do not all stand in the file.")

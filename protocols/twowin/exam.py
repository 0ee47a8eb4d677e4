"""One exam.

    time, last, first, birth, ID, location, contact, right S C A pupil, left S C A pupil,
    right gaze x y, left gaze x y, inter-pupil distance, exam, version, end message, end code

The cylinder is always positive and stays so. Source: Adaptica 2WIN manual, page 61.
"""

import csv
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from protocols.framing import Unread
from protocols.labelled import Heading, axis, cylinder, figure, moment, sphere, text
from protocols.readings import Autorefraction, AutorefractionEye, PatientRef, Reading

_FIELDS = 24
_EYES = {"right": slice(7, 11), "left": slice(11, 15)}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WHOLE_DEGREES = re.compile(r"(\d{1,3})(?:\.0+)?")
_PUPIL = (1, 12)  # mm
_KEPT = {
    "location": 5,
    "contact": 6,
    "right_gaze_x": 15,
    "right_gaze_y": 16,
    "left_gaze_x": 17,
    "left_gaze_y": 18,
    "inter_pupil_distance_mm": 19,  # the eyes look at the instrument, neither far nor near
}


class End(NamedTuple):
    """How the exam ended; a code of 0 is well."""

    message: str
    code: str


def exam(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    fields = _fields(raw)
    heading = _heading(raw, fields, dialect)
    eyes: dict[str, Any] = {side: _eye(side, fields[at], heading) for side, at in _EYES.items()}
    if not any(eyes.values()):
        raise Unread("The exam measured no eye.")
    return (Autorefraction(**heading.keys(), **eyes),)


def _fields(raw: bytes) -> list[str]:
    try:
        rows = [row for row in csv.reader([text(raw).strip("\r\n\x00\x1a ")], strict=True) if row]
    except csv.Error:
        raise Unread("The line is not parted by commas as it should be.") from None
    if len(rows) != 1 or len(rows[0]) != _FIELDS:
        raise Unread(f"The line does not have the {_FIELDS} fields of an exam.")
    return [field.strip() for field in rows[0]]


def _heading(raw: bytes, fields: Sequence[str], dialect: str) -> Heading:
    heading = Heading(raw, dialect, maker="Adaptica", model="2WIN")
    number, version, end = fields[20], fields[21], End(fields[22], fields[23])
    heading.measured_at, heading.print_number, heading.firmware = moment(fields[0]), number or None, version or None
    heading.patient_ref = _patient(fields, number)
    heading.extra.update({tag: fields[at] for tag, at in _KEPT.items() if fields[at]})
    if end.message:
        heading.keep("end_message", end.message)
    if end.code.strip("0"):
        heading.keep("end_code", end.code)
        heading.note("instrument_error", "The instrument ended the exam with an error.")
    return heading


def _patient(fields: Sequence[str], number: str) -> PatientRef | None:
    """Who was examined; an id that is only the running number of the exam is none."""
    name = ", ".join(filter(None, fields[1:3]))
    known = PatientRef(
        id=fields[4] if fields[4] != number else None,
        name=name or None,
        birth_date=fields[3] if _DAY.fullmatch(fields[3]) else None,
    )
    known = PatientRef(id=known.id or None, name=known.name, birth_date=known.birth_date)
    return known if known != PatientRef() else None


def _eye(side: str, fields: Sequence[str], heading: Heading) -> AutorefractionEye | None:
    """Empty fields were not measured; others that are no figures are kept and told."""
    said = dict(zip(("S", "C", "A", "pupil"), fields, strict=True))
    if not any(said.values()):
        return None
    try:
        return AutorefractionEye(
            sphere=sphere(said["S"]),
            cylinder=cylinder(said["C"]),
            axis=_axis(said["A"], cylinder(said["C"])),
            pupil_mm=figure(said["pupil"], *_PUPIL) if said["pupil"] else None,
        )
    except Unread:
        for tag, field in said.items():
            heading.keep(f"{side} {tag}", field)
        heading.note("unreadable_field", f"The {side} eye does not have the form it should have; kept as it came.")
        return None


def _axis(said: str, power: Decimal) -> int | None:
    """Without a cylinder there need be none."""
    if not said and not power:
        return None
    whole = _WHOLE_DEGREES.fullmatch(said)
    return axis(whole[1] if whole else said)

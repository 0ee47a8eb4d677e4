"""XML of VX120 and VX650: optic/optometry with the patient and what was measured, misspelt as they spell it.

    objective_mesurement/measure_WF/wf_right      sphere cylinder axis, perhaps below Photopic
    objective_mesurement/measure_REF/ref_right    the same
    objective_mesurement/TONO/tono_right/average  PIO, PIOc
    subjective_mesurement, LSM_mesurement         ref_right, the same

Source: the element names that three independent programs look up; grade B. Whether axes are in degrees here is not
told: a whole number is, a fraction up to half a turn could be radians and is not taken.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    CorrectedIop,
    Lensmetry,
    LensmetryEye,
    PatientRef,
    Reading,
    SubjectiveEye,
    SubjectiveRefraction,
    Tonometry,
    TonometryEye,
)
from protocols.xml import Element, figure, whole_number
from protocols.xml import read as tree

_SIDES = ("right", "left")
_OBJECTIVE = "objective_mesurement"
_PHOTOPIC = "Photopic"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """A reading for each kind of measurement. Raises Unread."""
    document = tree(raw)
    exam = document.root.get("optometry")
    if document.root.name != "optic" or exam is None:
        raise Unread("The root of the document is not optic with optometry below.")
    found = [one for one in _measured(exam) if any(one[1].get(side) for side in _SIDES)]
    if not found:
        raise Unread("The document holds no measurement of an eye that can be read.")
    readings = []
    for kind, keys, extra in found:
        heading = _heading(raw, exam, dialect)
        heading.notes.extend(document.notes)
        heading.extra.update(extra)
        if any(_without_axis(keys.get(side)) for side in _SIDES):
            heading.note(
                "axis_doubtful", "An axis could be in degrees or in radians; it is kept as it came and not taken."
            )
        readings.append(kind(**heading.keys(), **keys))
    return tuple(readings)


Measured = tuple[type[Reading], dict[str, Any], dict[str, Any]]


def _heading(raw: bytes, exam: Element, dialect: str) -> Heading:
    heading = Heading(raw, dialect, maker="Visionix")
    heading.note("instrument_unnamed", "The document does not name its instrument; VX120 and VX650 write like this.")
    born = exam.said("patient/birthday")
    if born and not _DAY.fullmatch(born):
        heading.keep("birthday", born)
    names = [exam.said("patient/first_name"), exam.said("patient/last_name")]
    patient = PatientRef(
        id=exam.said("patient/ID") or None,
        name=" ".join(filter(None, names)) or None,
        birth_date=born if _DAY.fullmatch(born) else None,
    )
    heading.patient_ref = patient if patient != PatientRef() else None
    return heading


def _measured(exam: Element) -> Iterator[Measured]:
    objective = exam.get(_OBJECTIVE)
    if objective is not None:
        yield from _objective(objective)
    for name, kind, eye, more in _OTHERS:
        section = exam.get(name)
        if section is not None:
            extra: dict[str, Any] = {}
            measure = section.get("measure_REF") or section
            yield kind, more | _eyes(measure, "ref", eye, extra), extra


def _objective(section: Element) -> Iterator[Measured]:
    for name, prefix in (("measure_REF", "ref"), ("measure_WF", "wf")):
        measure = section.get(name)
        if measure is not None:
            extra: dict[str, Any] = {"measure": name}
            day = {"condition": "day"} if any(measure.at(f"{prefix}_{side}/{_PHOTOPIC}") for side in _SIDES) else {}
            yield Autorefraction, day | _eyes(measure, prefix, AutorefractionEye, extra), extra
    tono = section.get("TONO")
    if tono is not None:
        pressures = {side: _pressure(tono.at(f"tono_{side}/average")) for side in _SIDES}
        yield Tonometry, {side: eye for side, eye in pressures.items() if eye}, {}


def _eyes(measure: Element, prefix: str, kind: Any, extra: dict[str, Any]) -> dict[str, Any]:
    """The eyes with a power; everything else the measurement says is kept."""
    eyes = {}
    for side in _SIDES:
        element = measure.get(f"{prefix}_{side}")
        if element is None:
            continue
        power = _power(element.get(_PHOTOPIC) or element)
        if power:
            eyes[side] = kind(**power)
        if element.anything():
            extra[f"{prefix}_{side}"] = element.outline()
    return eyes


def _power(element: Element) -> dict[str, Any]:
    sphere, cylinder = figure(element.said("sphere")), figure(element.said("cylinder"))
    if sphere is None or cylinder is None or abs(sphere) > 30 or abs(cylinder) > 12:
        return {}
    return {"sphere": sphere, "cylinder": cylinder, "axis": _axis(element.said("axis"))}


def _axis(text: str) -> int | None:
    """Degrees where that is certain: a whole number without a fraction, or more than half a turn in radians."""
    degrees = whole_number(text)
    certain = degrees is not None and degrees <= 180 and (degrees > 3 or not degrees or "." not in text)
    return degrees if certain else None


def _without_axis(eye: Any) -> bool:
    return bool(getattr(eye, "cylinder", None)) and eye.axis is None


def _pressure(average: Element | None) -> TonometryEye | None:
    if average is None:
        return None
    measured, corrected = _mmhg(average.said("PIO") or average.text), _mmhg(average.said("PIOc"))
    if measured is None:
        return None
    return TonometryEye(iop_mmhg=measured, corrected=CorrectedIop(iop_mmhg=corrected) if corrected else None)


def _mmhg(text: str) -> Decimal | None:
    value = figure(text)
    return value if value is not None and 0 < value < 100 else None


_OTHERS: tuple[tuple[str, type[Reading], Any, dict[str, Any]], ...] = (
    ("subjective_mesurement", SubjectiveRefraction, SubjectiveEye, {"stage": "subjective"}),
    ("LSM_mesurement", Lensmetry, LensmetryEye, {}),
)

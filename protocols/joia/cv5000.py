"""The file that a CV-5000's PC takes out of its import folder.

An autorefraction goes in as nsREF, which becomes the objective data. nsLM is not recognised: spectacles go in as the
type ``Current Spectacles`` of nsSBJ, an earlier prescription as ``Last Prescription``. Form and order of the elements
are those of a file that Topcon's own IMAGEnet i-base wrote (docs/wire/joia.md).
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from protocols.joia.slots import Place, Sendable, Values, based, distances, eyes, places
from protocols.readings import Lensmetry, Pd, Reading, SubjectiveRefraction
from protocols.xml.writing import Tag, Unfit, text_of

SPACE = "http://www.joia.or.jp/standardized/namespaces"
FAR_CM, NEAR_CM = Decimal("600.000"), Decimal("40.000")
_STAGES = {
    "autorefraction": "autorefraction",
    "lensmeter": "lensmeter",
    "final": "previous",
    "previous": "previous",
}
_TYPES = {"lensmeter": "Current Spectacles", "previous": "Last Prescription"}
_BASES = {"in": "BI", "out": "BO", "up": "BU", "down": "BD"}


class Preset(NamedTuple):
    """A file's name and bytes, and what of the readings is in it."""

    name: str
    document: bytes
    sent: tuple[str, ...]


def import_file(readings: Iterable[Reading], *, patient_id: str, moment: datetime) -> Preset:
    """The file for these readings, values as they are; what a CV-5000 does not take is left out. Raises Unfit."""
    found = places(readings, _STAGES)
    blocks = {"Common": _common(patient_id, moment)}
    if ("autorefraction", "far") in found:
        blocks["REF"] = _objective(found["autorefraction", "far"])
    types = [name for name in _TYPES if (name, "far") in found]
    if types:
        tests = [_type(at, name, found) for at, name in enumerate(types, 1)]
        blocks["SBJ"] = _tag("SBJ", "Measure", [_tag("SBJ", "RefractionTest", tests)], type="SBJ")
    if len(blocks) == 1:
        raise Unfit("there are values for near only, which say nothing without those for far")
    sent = tuple(name for name in ("lensmeter", "autorefraction", "previous") if (name, "far") in found)
    return Preset(file_name(patient_id, moment), _document(blocks), sent)


def file_name(patient_id: str, moment: datetime) -> str:
    """``<patient>_<yyyyMMdd>_<hhmmss>_EMMETRA_1.xml``; what a file name cannot hold becomes ``~``."""
    return f"{plain(patient_id)}_{moment:%Y%m%d_%H%M%S}_EMMETRA_1.xml"


def plain(patient_id: str) -> str:
    """A patient's number as part of a file name."""
    kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "~" for sign in patient_id)
    return kept[:32].lstrip(".") or "0"


def _document(blocks: dict[str, Tag]) -> bytes:
    marks = {f"xmlns:ns{name}": f"{SPACE}/{name}" for name in blocks}
    places_of = " ".join(f"{SPACE}/{name} {name}_schema.xsd" for name in blocks)
    schema = {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:schemaLocation": places_of}
    root = Tag("Ophthalmology", list(blocks.values()), marks | schema)
    return ('<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n' + text_of(root, newline="\n")).encode("utf-8")


def _tag(space: str, name: str, said: "str | Decimal | int | list[Tag] | None" = None, **marks: str) -> Tag:
    return Tag(f"ns{space}:{name}", said, marks)


def _common(patient_id: str, moment: datetime) -> Tag:
    told = {"Company": "Emmetra", "ModelName": "Emmetra", "MachineNo": None, "ROMVersion": None, "Version": "1.2"}
    when = {"Date": f"{moment:%Y-%m-%d}", "Time": f"{moment:%H:%M:%S}"}
    blank = ("FirstName", "MiddleName", "LastName", "Sex", "Age", "DOB", "NameJ1", "NameJ2")
    numbers = [_tag("Common", "No.", "1"), _tag("Common", "ID", patient_id)]
    patient = _tag("Common", "Patient", [*numbers, *(_tag("Common", name) for name in blank)])
    return _tag("Common", "Common", [*(_tag("Common", *one) for one in (told | when).items()), patient])


def _objective(reading: Sendable) -> Tag:
    values = eyes(reading)
    pd = distances(reading)
    return _tag(
        "REF",
        "Measure",
        [
            _tag("REF", "VD", _vertex(reading), unit="mm"),
            _tag("REF", "DiopterStep", unit="D"),
            _tag("REF", "AxisStep", unit="deg"),
            _tag("REF", "CylinderMode", _mode(values.values())),
            _tag("REF", "REF", [_objective_eye(letter, eye) for letter, eye in values.items()]),
            _tag("REF", "PD", [_tag("REF", "Distance", pd.far, unit="mm"), _tag("REF", "Near", pd.near, unit="mm")]),
        ],
        type="REF",
    )


def _mode(values: Iterable[Values]) -> str:
    signs = {eye.cylinder > 0 for eye in values if eye.cylinder}
    return "mix" if len(signs) > 1 else "+" if True in signs else "-"


def _objective_eye(letter: str, eye: Values) -> Tag:
    told = [
        _tag("REF", "Sphere", eye.sphere, unit="D"),
        _tag("REF", "Cylinder", eye.cylinder, unit="D"),
        _tag("REF", "Axis", eye.axis, unit="deg"),
    ]
    return _tag("REF", letter, [_tag("REF", "List", told, No="1"), _tag("REF", "Median", told)])


def _type(at: int, name: str, found: dict[Place, Sendable]) -> Tag:
    far = found[name, "far"]
    exams = [_exam(1, FAR_CM, far, eyes(far), "far")]
    near = found.get((name, "near"))
    if near is not None:
        exams.append(_exam(2, NEAR_CM, near, eyes(near), "near"))
    elif added := _near(eyes(far)):
        exams.append(_exam(2, NEAR_CM, far, added, "near"))
    return _tag("SBJ", "Type", [_tag("SBJ", "TypeName", _TYPES[name]), *exams], No=str(at))


def _near(values: dict[str, Values]) -> dict[str, Values]:
    """A CV-5000 wants the whole near sphere: as it was measured, else far and addition; eyes without are left out."""
    spheres = {letter: sphere for letter, eye in values.items() if (sphere := _near_sphere(eye)) is not None}
    return {letter: values[letter]._replace(sphere=sphere, va=None) for letter, sphere in spheres.items()}


def _near_sphere(eye: Values) -> Decimal | None:
    if eye.near_sphere is not None:
        return eye.near_sphere
    return eye.sphere + eye.add if eye.add is not None else None


def _exam(at: int, usual: Decimal, reading: Sendable, values: dict[str, Values], place: str) -> Tag:
    distance = _distance(reading, place)
    data = [*(_eye(letter, eye) for letter, eye in values.items()), _tag("SBJ", "VD", _vertex(reading), unit="mm")]
    acuities = [_tag("SBJ", letter, eye.va, unit="Decimal") for letter, eye in values.items()]
    return _tag(
        "SBJ",
        "ExamDistance",
        [
            _tag("SBJ", "Distance", distance or usual, unit="cm"),
            _tag("SBJ", "RefractionData", data),
            *([_tag("SBJ", "VA", acuities)] if any(eye.va for eye in values.values()) else []),
            _tag("SBJ", "PD", _pd(distances(reading), place)),
        ],
        No=str(at),
    )


def _eye(letter: str, eye: Values) -> Tag:
    prism = eye.prism
    horizontal, vertical = (based(part) for part in ((prism.horizontal, prism.vertical) if prism else (None, None)))
    polar = prism if prism and prism.power and not (horizontal or vertical) else None
    said: list[tuple[str, Decimal | int | str | None, str]] = [
        ("Sph", eye.sphere, "D"),
        ("Cyl", eye.cylinder, "D"),
        ("Axis", eye.axis, "deg"),
        ("HPri", horizontal.power if horizontal else None, "prism"),
        ("HBase", _BASES[horizontal.base or ""] if horizontal else None, ""),
        ("VPri", vertical.power if vertical else None, "prism"),
        ("VBase", _BASES[vertical.base or ""] if vertical else None, ""),
        ("Prism", polar.power if polar else None, "prism"),
        ("Angle", polar.base_deg if polar else None, "deg"),
    ]
    return _tag(
        "SBJ", letter, [Tag(f"nsSBJ:{name}", value, {"unit": unit} if unit else {}) for name, value, unit in said]
    )


def _distance(reading: Sendable, place: str) -> Decimal | None:
    """In centimetres, where the reading was made at this place and says it."""
    if not isinstance(reading, SubjectiveRefraction) or (reading.distance or "far") != place:
        return None
    return reading.distance_cm


def _vertex(reading: Sendable) -> Decimal | None:
    return None if isinstance(reading, Lensmetry) else reading.vertex_mm


def _pd(pd: Pd, place: str) -> list[Tag]:
    told = (pd.near_right, pd.near_left, pd.near) if place == "near" else (pd.far_right, pd.far_left, pd.far)
    return [_tag("SBJ", letter, value, unit="mm") for letter, value in zip("RLB", told, strict=True)]

"""The tree of an export. Names are those of a description whose sample did not reach us: every one may be absent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols import xml
from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.labelled import Heading, moment
from protocols.readings import (
    UNNAMED,
    Biometry,
    BiometryEye,
    Integrity,
    Meridian,
    PatientRef,
    Reading,
    Topography,
    TopographyEye,
)
from protocols.xml import Element, figure

ROOT = "XMLDataPolarExportation"
EYES = {"OD": "right", "OS": "left"}
GRIDS = ("CornealHeight", "AxialCurvatures", "TangentialCurvatures", "PolarAngle", "PolarRadius")
RADIUS_MM, LENGTH_MM, WHITE_MM, HALF_TURN = (4, 14), (10, 45), (8, 16), 180


def readings(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """Topography and, where a length was measured, biometry of each eye. Raises Unread."""
    document, proof = xml.read(raw), integrity(raw)
    eyes = document.root.each("PatientEyeData")
    found = [reading for eye in eyes for reading in _eye(proof, document, eye, dialect)]
    if not found:
        raise Unread("The export holds no data of an eye that can be read.")
    return tuple(found)


def _eye(proof: Integrity, document: xml.Document, said: Element, dialect: str) -> Iterator[Reading]:
    side, data = EYES.get(_value(said, "Eye").upper()), said.get("Data")
    if side is None or data is None:
        return
    flat, steep = _meridian(data, "FlatK", "FlatAngle"), _meridian(data, "SteepK", "SteepAngle")
    white = _within(data, "WTW", *WHITE_MM)
    heading = _heading(proof, document, said, data, dialect)
    shape: dict[str, Any] = {side: TopographyEye(k1=flat, k2=steep, white_to_white_mm=white)}
    if length := _within(data, "AxialLength", *LENGTH_MM):
        eye = BiometryEye(axial_length_mm=length, k1=flat, k2=steep, white_to_white_mm=white)
        lengths: dict[str, Any] = {side: eye}
        yield Biometry(**heading.keys(), method="optical", **lengths)
    if flat or steep:
        yield Topography(**heading.keys(), surface="anterior", **shape)


def _heading(proof: Integrity, document: xml.Document, said: Element, data: Element, dialect: str) -> Heading:
    heading = Heading(proof, dialect, maker="Topcon", model=UNNAMED)
    heading.notes += document.notes
    date = _value(said, "Date")
    heading.measured_at = moment(date)
    if date and heading.measured_at is None:
        heading.keep("Date", date)
    heading.patient_ref = _who(document.root.get("Patient"))
    for name, limits in {"FlatK": RADIUS_MM, "SteepK": RADIUS_MM, "AxialLength": LENGTH_MM, "WTW": WHITE_MM}.items():
        if (value := _value(data, name)) and _within(data, name, *limits) is None:
            heading.unreadable(name, value)
    if (centre := data.get("PupilCenter")) is not None and centre.anything():
        heading.keep("PupilCenter", centre.outline())
    grids = [name for name in GRIDS if data.get(name) is not None]
    if grids:
        heading.keep("maps", grids)
    return heading


def _who(said: Element | None) -> PatientRef | None:
    if said is None:
        return None
    name = ", ".join(filter(None, (_value(said, "LastName"), _value(said, "FirstName"))))
    known = PatientRef(
        id=_value(said, "ID") or None, name=name or None, birth_date=_value(said, "BirthDate")[:10] or None
    )
    return known if known != PatientRef() else None


def _meridian(data: Element, radius: str, angle: str) -> Meridian | None:
    """Radius in millimetres; an angle alone is none."""
    length = _within(data, radius, *RADIUS_MM)
    degrees = _within(data, angle, 0, HALF_TURN)
    if length is None:
        return None
    return Meridian(radius_mm=length, axis=int(degrees) if degrees is not None and degrees == int(degrees) else None)


def _within(data: Element, name: str, least: int, most: int) -> Decimal | None:
    value = figure(_value(data, name), "mm", "°")
    return value if value is not None and least <= value <= most else None


def _value(said: Element, name: str) -> str:
    """What stands in a child, or in an attribute of the same name."""
    found = said.get(name)
    return found.text if found is not None else said.attribute(name.lower())

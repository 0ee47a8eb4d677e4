"""Where a prescription starts from: a refraction of the record, signed or still being written."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cloud.clinic import queries as record
from cloud.clinic.choices import Side
from cloud.clinic.errors import NoSuchEncounter
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet
from cloud.people import queries as people
from cloud.prescriptions.values import Number, Refraction, SpectacleEye

ELEMENTS = ("final", "manifest", "cycloplegic", "trial_frame", "autorefraction")
EYES = (Side.RIGHT, Side.LEFT)


def refraction_of(session: Session, encounter_id: int, element: str, patient_id: int) -> Refraction | None:
    """The refraction at ``final`` or ``final.2`` of one of this person's examinations; None where there is none."""
    code, _dot, n = element.partition(".")
    if code not in ELEMENTS:
        return None
    sheet = _sheet(session, encounter_id, people.ids_of(session, patient_id))
    return _read(sheet, code, int(n) if n.isdigit() else 1)


def _sheet(session: Session, encounter_id: int, theirs: tuple[int, ...]) -> Sheet:
    try:
        visit = record.visit(session, encounter_id)
    except NoSuchEncounter:
        return Sheet()
    if visit.encounter.patient_id not in theirs:
        return Sheet()
    if visit.draft is not None:
        return record.drafted(session, visit.draft.id)
    return record.signed(session, visit.version.id) if visit.version else Sheet()


def _read(sheet: Sheet, code: str, n: int) -> Refraction | None:
    eyes = tuple(_eye(sheet, code, n, side) for side in EYES if sheet.number(code, n, "sphere", side) is not None)
    if not eyes:
        return None
    return Refraction(
        eyes=eyes,
        bvd=sheet.number(code, n, "vertex", Side.NONE),
        pd_far=sheet.number("pd", 1, "far", Side.NONE),
        pd_near=sheet.number("pd", 1, "near", Side.NONE),
    )


def _eye(sheet: Sheet, code: str, n: int, side: Side) -> SpectacleEye:
    def number(field: str) -> Number:
        return sheet.number(code, n, field, side)

    axis, word = number("axis"), "right" if side is Side.RIGHT else "left"
    return SpectacleEye(
        eye=word,
        sphere=number("sphere"),
        cylinder=number("cylinder"),
        axis=None if axis is None else int(axis),
        add_near=number("add"),
        add_intermediate=number("intermediate_add"),
        pd_far=sheet.number("pd", 1, f"far_{word}", Side.NONE),
        pd_near=sheet.number("pd", 1, f"near_{word}", Side.NONE),
        va=sheet.said(code, n, "va", side) or "",
        **_prism(sheet, Place(code, n, "prism", side)),
    )


def _prism(sheet: Sheet, place: Place) -> dict[str, Any]:
    item = sheet.get(place)
    told = item.value.structure if item and item.value else None
    if not told:
        return {}
    if "base_deg" in told:
        return {"prism_1": Decimal(told["power"]), "base_deg": told["base_deg"]}
    parts = [told[way] for way in ("horizontal", "vertical") if way in told]
    named = zip(("1", "2"), parts, strict=False)
    return {
        name: value
        for at, part in named
        for name, value in ((f"prism_{at}", Decimal(part["power"])), (f"base_{at}", part["base"]))
    }

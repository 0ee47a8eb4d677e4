"""Prescriptions as the tests write them: typed fields in, a signed row out."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.prescriptions import forms, services
from cloud.prescriptions.checks import whole
from cloud.prescriptions.checks.finding import Finding, Known
from cloud.prescriptions.choices import Kind, Origin
from cloud.prescriptions.forms import Writer
from cloud.prescriptions.models import Prescription
from cloud.prescriptions.values import Written
from tests.cloud.people_here import Place, Someone

TODAY = now().date()
GLASSES = {
    **{"use": "distance", "design": "single_vision", "licence": "OPT-12345", "bvd": "12", "pd_far": "63.5"},
    **{"right_sphere": "-2.25", "right_cylinder": "-1.50", "right_axis": "10", "right_va": "6/6"},
    **{"left_sphere": "-2.00", "left_cylinder": "DS", "left_va": "6/5 -1"},
}
LENSES = {
    **{"licence": "OPT-12345", "wear": "daily_wear", "care_system": "Peroxide", "max_wear_hours": "12"},
    **{
        "right_design": "soft_toric",
        "right_name": "Aquaclear Toric",
        "right_base_curve": "8.6",
        "right_diameter": "14.2",
    },
    **{"right_power": "-3.00", "right_cylinder": "-1.25", "right_axis": "180", "right_replacement": "monthly"},
    **{"left_design": "soft_sphere", "left_name": "Aquaclear", "left_base_curve": "8.6", "left_diameter": "14.2"},
    **{"left_power": "-2.75", "supply_lenses": "24"},
}
DRUGS = {
    **{"licence": "OPT-12345", "drug_1": "Fluorometholone", "strength_1": "0.1 %", "form_1": "drops", "eye_1": "both"},
    **{"dose_1": "1 drop", "frequency_1": "4 times a day", "course_1": "21", "quantity_1": "5 ml"},
    **{"taper_1": "4 times a day, 7\n2 times a day, 7", "why.D-ASK.drug_1": "Asked today: none"},
}
FORMS = {Kind.SPECTACLE: GLASSES, Kind.CONTACT: LENSES, Kind.DRUG: DRUGS}


def parsed(kind: Kind = Kind.SPECTACLE, today: date = TODAY, origin: Origin = Origin.OWN, **entered: str) -> Any:
    """A form read; names with a dot are given by position in a dict instead."""
    return forms.parse(kind, entered, Writer("Dr Alice Moreau", today, origin=origin))


def glasses(today: date = TODAY, **changed: str) -> Written:
    """Spectacles as written, with fields changed."""
    found = parsed(Kind.SPECTACLE, today, **{**GLASSES, **changed})
    assert found.errors == {}
    return found.written


def findings(written: Written, **known: Any) -> list[str]:
    """The names of what the checks find."""
    return [one.name for one in whole.found(written, Known(**{"today": TODAY, **known}))]


def finding(written: Written, name: str, **known: Any) -> Finding:
    """The one finding of this name."""
    return next(one for one in whole.found(written, Known(**{"today": TODAY, **known})) if one.name == name)


def sign(
    session: Session, place: Place, by: Someone, patient: int, kind: Kind = Kind.SPECTACLE, **more: Any
) -> Prescription:
    """A signed prescription, made as the page makes it; ``more`` goes to the draft, ``changed`` to its fields."""
    entered = {**FORMS[kind], **more.pop("changed", {})}
    draft = services.begin(session, key=uuid7(), patient_id=patient, store_id=place.id, kind=kind, by=by.id, **more)
    services.save(draft, entered)
    written = parsed(kind, **entered).written
    reasons = {one.name: "known" for one in whole.found(written, Known(TODAY))}
    return services.issue(session, draft, written, whole.found(written, Known(TODAY)), reasons, by=by.id)

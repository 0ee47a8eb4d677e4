"""What three of the demo's patients have behind them, written and signed through the services like any visit.

The eyes are those that the simulated instruments measure today, so that a new reading continues the story. Signatures
carry the day the demo was founded (the database refuses any other), visits the day they are said to have begun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cloud.clinic import drafting, places, signing
from cloud.clinic.catalogue import registry
from cloud.clinic.choices import Level, Origin
from cloud.clinic.drafting import Change, Put
from cloud.clinic.errors import Unsignable
from cloud.kernel.ids import uuid7
from cloud.prescriptions import forms, services
from cloud.prescriptions.checks import whole
from cloud.prescriptions.checks.finding import Known
from cloud.prescriptions.choices import Kind
from cloud.prescriptions.forms import Writer

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Where:
    """Whose visits these are, where, and who examines."""

    patient_id: int
    store_id: int
    by: int


@dataclass(frozen=True, slots=True)
class Told:
    """One visit: what was typed and what instruments said, by place, and the elements that were all normal."""

    day: str
    template: str
    typed: Values
    measured: Values
    normal: tuple[str, ...] = ("anterior", "posterior")


def eyes(element: str, **fields: str) -> dict[str, str]:
    """Values of right and left with a bar between, ``sphere="-1.00|-1.25"``; without a bar, of neither eye."""
    found = dict[str, str]()
    for field, text in fields.items():
        both = text.split("|")
        sides = zip("RL", both, strict=True) if len(both) == 2 else (("N", text),)
        found |= {f"{element}.{field}.{side}": said for side, said in sides if said}
    return found


def recall(months: int, reason: str) -> dict[str, str]:
    """To come again in so many months."""
    return eyes("recall.1", interval=str(months), unit="months", reason=reason)


def diagnosis(code: str, status: str = "confirmed") -> dict[str, str]:
    """Of both eyes, by its ICD-10 code."""
    return eyes("diagnosis.1", code=f"icd10:{code}", eye="B", status=status, rank="main")


# day, sphere, cylinder, axis, axial length, treatment
GROWING = (
    ("2020-09-14", "+0.25|0.00", "-0.75|DS", "135|", "22.98|23.04", "none"),
    ("2021-09-06", "-0.25|-0.50", "-0.75|DS", "134|", "23.24|23.31", "outdoor"),
    ("2022-03-21", "-0.50|-0.75", "-1.00|DS", "135|", "23.40|23.48", "atropine"),
    ("2022-09-12", "-0.75|-1.00", "-1.00|-0.25", "134|130", "23.47|23.56", "atropine"),
    ("2023-09-18", "-0.75|-1.00", "-1.00|-0.25", "135|132", "23.55|23.64", "atropine"),
    ("2024-09-16", "-1.00|-1.25", "-1.00|-0.25", "134|134", "23.64|23.72", "atropine"),
    ("2025-09-15", "-1.25|-1.50", "-1.00|-0.25", "134|134", "23.70|23.79", "none"),
    ("2026-05-18", "-1.25|-1.50", "-1.25|-0.25", "134|134", "23.76|23.85", "none"),
)


def growing_myopic() -> list[Told]:
    """A child: axial length every year, low-dose atropine for three of them."""
    return [_of_a_child(*line) for line in GROWING]


def _of_a_child(day: str, sphere: str, cylinder: str, axis: str, length: str, treatment: str) -> Told:
    power = {"sphere": sphere, "cylinder": cylinder, "axis": axis}
    dose = {"atropine": "0.05", "adherence": "good"} if treatment == "atropine" else {}
    typed = {
        **eyes("reason.1", reason="myopia_control"),
        **eyes("myopia_care.1", treatment=treatment, **dose),
        **eyes("visual_acuity.1", distance_habitual="6/9|6/9", distance_best="6/6|6/6"),
        **eyes("manifest.1", **power, va="6/6|6/6"),
        **eyes("final.1", **power, va="6/6|6/6", purpose="distance"),
        **diagnosis("H52.1"),
        **recall(6, "myopia_control"),
    }
    measured = {
        **eyes("autorefraction.1", **power),
        **eyes("biometry.1", axial_length=length, instrument="Lumen A"),
        **eyes("keratometry.1", r1_radius="7.85|7.44", r1_axis="36|52", r2_radius="7.67|7.39", r2_axis="126|142"),
    }
    return Told(day, "myopia_control", typed, measured)


# day, non-contact, Goldmann, drops
PRESSED = (
    ("2021-10-11", "21|25", "20|24", ""),
    ("2022-04-04", "22|26", "21|25", ""),
    ("2022-10-10", "21|27", "20|26", ""),
    ("2023-04-17", "15|20", "14|19", "Latanoprost 0.005%"),
    ("2024-04-15", "14|19", "14|18", "Latanoprost 0.005%"),
    ("2025-04-14", "14|20", "13|19", "Latanoprost 0.005%"),
    ("2026-04-20", "14|21", "13|20", "Latanoprost 0.005%"),
)


def under_pressure() -> list[Told]:
    """A glaucoma suspect: pressures by two methods, a target, drops since the third visit."""
    return [_of_a_suspect(*line) for line in PRESSED]


def _of_a_suspect(day: str, puff: str, applanation: str, drops: str) -> Told:
    treated = eyes("target_iop.1", target="16|18", baseline="21|25", set_on="2022-10-10") if drops else {}
    medicine = eyes("medications.1", drug=drops, eye="B", since="2022-10-10") if drops else {}
    typed = {
        **eyes("reason.1", reason="follow_up"),
        **eyes("visual_acuity.1", distance_habitual="6/7.5|6/7.5", distance_best="6/6|6/6"),
        **eyes("iop.2", iop=applanation, method="goldmann", time="10:20"),
        **treated,
        **medicine,
        **eyes("posterior.1", disc="normal|normal", cup_disc="0.5|0.6", macula="normal|normal"),
        **diagnosis("H40.0", "suspected"),
        **recall(12 if drops else 6, "glaucoma"),
    }
    measured = {**eyes("iop.1", iop=puff, method="non_contact", time="10:05"), **eyes("pachymetry.1", cct="516|559")}
    return Told(day, "glaucoma_review", typed, measured)


# day, template, sphere, add
READING = (
    ("2018-11-05", "routine_adult", "+0.25|+0.25", "+2.00|+2.00"),
    ("2020-11-16", "routine_adult", "+0.25|0.00", "+2.25|+2.25"),
    ("2022-11-21", "routine_adult", "0.00|0.00", "+2.25|+2.25"),
    ("2025-02-10", "routine_senior", "0.00|0.00", "+2.50|+2.50"),
)


def reading_glasses() -> list[Told]:
    """A presbyope whose add grows from pair to pair."""
    before = [READING[0], *READING]
    return [_of_a_presbyope(*line, worn=worn[2:]) for line, worn in zip(READING, before, strict=False)]


def _of_a_presbyope(day: str, template: str, sphere: str, add: str, *, worn: Sequence[str]) -> Told:
    corrected = {"cylinder": "-0.75|-1.25", "axis": "85|33"}
    power, seen = {"sphere": sphere, **corrected}, {"va": "6/6|6/6", "near_va": "N5|N5"}
    typed = {
        **eyes("reason.1", reason="routine"),
        **eyes("glasses.1", sphere=worn[0], add=worn[1], **corrected, use="everyday", lens_type="progressive"),
        **eyes("visual_acuity.1", distance_unaided="6/9|6/12", distance_habitual="6/7.5|6/6", near_habitual="N8|N8"),
        **eyes("manifest.1", **power, add=add, **seen),
        **eyes("final.1", **power, add=add, **seen, purpose="everyday", vertex="12"),
        **eyes("pd.1", far="61", near="58"),
        **diagnosis("H52.4"),
        **recall(24, "routine"),
    }
    return Told(day, template, typed, eyes("iop.1", iop="17|14", method="non_contact", time="11:10"))


STORIES = (("H-1006", growing_myopic), ("H-1005", under_pressure), ("H-1001", reading_glasses))
GLASSES = {
    **{"use": "everyday", "design": "progressive", "licence": "OPT-4711", "bvd": "12", "pd_far": "61"},
    **{"right_sphere": "0.00", "right_cylinder": "-0.75", "right_axis": "85", "right_add_near": "+2.50"},
    **{"left_sphere": "0.00", "left_cylinder": "-1.25", "left_axis": "33", "left_add_near": "+2.50"},
    **{"right_va": "6/6", "left_va": "6/6", "notes_patient": "Take two weeks to get used to the new add."},
}


def write(session: Session, patients: Mapping[str, int], *, store_id: int, by: int, name: str) -> None:
    """Write the stories of ``patients``, ids by record number, and the last one's glasses; ``name`` is who examined."""
    for number, story in STORIES:
        where = Where(patients[number], store_id, by)
        last = [_examine(session, where, told) for told in story()][-1]
    _prescribe(session, where, name, last)


def _examine(session: Session, where: Where, told: Told) -> int:
    """One signed visit; answers with its id."""
    when, template = datetime.fromisoformat(f"{told.day}T10:00+00:00"), registry.templates()[told.template]
    about: dict[str, Any] = {"patient_id": where.patient_id, "store_id": where.store_id, "by": where.by}
    visit = drafting.begin(session, **about, template=template, began_at=when)
    puts = [Put(places.read(place), text, Origin.DEVICE, measured_at=when) for place, text in told.measured.items()]
    drafting.put(session, encounter_id=visit.id, values=puts, by=where.by)
    for element in told.normal:
        drafting.normals(session, encounter_id=visit.id, element=element, by=where.by)
    changes = [Change(places.read(place), text) for place, text in told.typed.items()]
    drafting.save(session, encounter_id=visit.id, changes=changes, by=where.by)
    _sign(session, visit.id, where.by)
    return visit.id


def _sign(session: Session, encounter_id: int, by: int) -> None:
    try:
        signing.sign(session, encounter_id=encounter_id, by=by)
    except Unsignable as refusal:
        reasons = {one.key: "Repeated, with the same result." for one in refusal.findings if one.level is Level.REASON}
        signing.sign(session, encounter_id=encounter_id, by=by, reasons=reasons)


def _prescribe(session: Session, where: Where, name: str, encounter_id: int) -> None:
    begun: dict[str, Any] = {"patient_id": where.patient_id, "store_id": where.store_id, "by": where.by}
    begun |= {"encounter_id": encounter_id, "element": "final"}
    draft = services.begin(session, key=uuid7(), kind=Kind.SPECTACLE, **begun)
    services.save(draft, GLASSES)
    today = draft.saved_at.date()
    written = forms.parse(Kind.SPECTACLE, GLASSES, Writer(name, today)).written
    found = whole.found(written, Known(today))
    services.issue(session, draft, written, found, {one.name: "As she wishes" for one in found}, by=where.by)

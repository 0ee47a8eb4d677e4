"""Believable visits of one patient, written through the services; for pages, queries and screenshots.

A child grows myopic over twenty years: glasses, low-dose atropine, ortho-K, a new biometer, raised pressure in the end.
Signatures carry today's date (the database refuses any other), visits the day they are said to have begun.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from sqlalchemy.orm import Session

from cloud.clinic import drafting, places, recalls, signing
from cloud.clinic.catalogue.shapes import Place, Template, Words
from cloud.clinic.choices import Level, Origin, RecallState
from cloud.clinic.drafting import Change, Put
from cloud.clinic.errors import Unsignable
from cloud.clinic.models import Encounter, Version

FIRST = datetime(2006, 9, 4, 9, 30, tzinfo=UTC)
ELEMENTS = (
    *("reason", "myopia_care", "glasses", "visual_acuity", "autorefraction", "manifest", "keratometry", "biometry"),
    *("iop", "target_iop", "anterior", "posterior", "final", "diagnosis", "advice", "recall"),
)
WHOLE = Template("routine_child", 1, Words("Whole", "全部"), tuple(Place(one) for one in ELEMENTS))
RECALL = {"recall.1.interval.N": "12", "recall.1.unit.N": "months", "recall.1.reason.N": "myopia_control"}


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Drafts are written at this moment."""
    with patch.object(drafting, "now", lambda: moment):
        yield


def visit(
    session: Session,
    *,
    patient_id: int,
    store_id: int,
    by: int,
    when: datetime,
    values: Mapping[str, str],
    template: Template = WHOLE,
    device: Mapping[str, str] | None = None,
) -> tuple[Encounter, Version]:
    """One signed visit with these values by place; those of ``device`` came from an instrument."""
    with at(when):
        began = drafting.begin(session, patient_id=patient_id, template=template, store_id=store_id, by=by)
        if device:
            puts = [
                Put(places.read(place), text, Origin.DEVICE, "a-reading", None, when) for place, text in device.items()
            ]
            drafting.put(session, encounter_id=began.id, values=puts, by=by)
    with at(when + timedelta(minutes=20)):
        changes = [Change(places.read(place), text) for place, text in values.items()]
        drafting.save(session, encounter_id=began.id, changes=changes, by=by)
    return began, sign(session, began.id, by)


def sign(session: Session, encounter_id: int, by: int, why: signing.Why | None = None) -> Version:
    """Sign with a reason for whatever wants one."""
    reasons: dict[str, str] = {}
    try:
        return signing.sign(session, encounter_id=encounter_id, by=by, why=why)
    except Unsignable as refusal:
        reasons = {one.key: "Confirmed by repeating it." for one in refusal.findings if one.level is Level.REASON}
    return signing.sign(session, encounter_id=encounter_id, by=by, reasons=reasons, why=why)


def eyes(element: str, **fields: str) -> dict[str, str]:
    """Values of both eyes: right and left with a bar between, ``sphere="-1.00|-1.25"``."""
    sides = {name: text.split("|") for name, text in fields.items()}
    return {
        f"{element}.{field}.{side}": text
        for field, both in sides.items()
        for side, text in zip("RL" if len(both) == 2 else "N", both, strict=True)
        if text
    }


def of_year(year: int) -> tuple[dict[str, str], dict[str, str]]:
    """What is typed, and what instruments say, in this year of the history, counted from 0."""
    growth = min(Decimal(year), Decimal(11)) * Decimal("0.375")
    right, left = -(Decimal("0.50") + growth), -(Decimal("0.75") + growth)
    sphere = "|".join(f"{value // Decimal('0.25') * Decimal('0.25'):+.2f}" for value in (right, left))
    length = f"{Decimal('23.10') + growth * Decimal('0.45'):.2f}|{Decimal('23.22') + growth * Decimal('0.45'):.2f}"
    typed = {
        **eyes("manifest.1", sphere=sphere, cylinder="-0.50|-0.75", axis="180|175"),
        **eyes("final.1", sphere=sphere, cylinder="-0.50|-0.75", axis="180|175", purpose="distance"),
        **eyes("visual_acuity.1", distance_unaided="6/24|6/36", distance_best="6/6|6/6 -2", chart=""),
        **eyes("glasses.1", sphere=sphere, cylinder="-0.50|-0.50", axis="180|180"),
        **{"diagnosis.1.code.N": "icd10:H52.1", "diagnosis.1.eye.N": "B", "diagnosis.1.status.N": "confirmed"},
        "myopia_care.1.treatment.N": _treatment(year),
        **RECALL,
    }
    device = {
        **eyes("autorefraction.1", sphere=sphere, cylinder="-0.50|-0.75", axis="178|172"),
        **eyes("biometry.1", axial_length=length, instrument="Lumen A" if year < 9 else "Lumen B"),
        **eyes("keratometry.1", r1_radius="7.80|7.78", r1_axis="180|178", r2_radius="7.68|7.65", r2_axis="90|88"),
        **eyes("iop.1", iop=f"{14 + year // 3}|{15 + year // 3}", method="non_contact", time="09:40"),
    }
    if year >= 15:
        typed |= {**eyes("target_iop.1", target="18|18"), **eyes("iop.2", iop="21|22", method="goldmann", time="10:05")}
    return typed, device


def _treatment(year: int) -> str:
    return "none" if year < 2 else "atropine" if year < 5 else "orthok" if year < 10 else "none"


def twenty_years(session: Session, *, patient_id: int, store_id: int, by: int, years: int = 20) -> list[Encounter]:
    """A visit every autumn, the first in 2006; the last one but one is amended."""
    made = []
    for year in range(years):
        typed, device = of_year(year)
        when = FIRST + timedelta(days=365 * year)
        about = {"patient_id": patient_id, "store_id": store_id, "by": by, "when": when}
        made.append(visit(session, **about, values=typed, device=device)[0])  # type: ignore[arg-type]
    if years > 1:
        amended(session, made[-2].id, by)
    return made


def amended(session: Session, encounter_id: int, by: int) -> Version:
    """The axis of the right eye was read off the wrong line."""
    drafting.amend(session, encounter_id=encounter_id, by=by)
    change = [Change(places.read("manifest.1.axis.R"), "97"), Change(places.read("manifest.1.add.R"), "1.00")]
    drafting.save(session, encounter_id=encounter_id, changes=change, by=by)
    return sign(session, encounter_id, by, signing.Why("typing", "The axis was read off the wrong line."))


def open_draft(session: Session, *, patient_id: int, store_id: int, by: int) -> Encounter:
    """A visit that was begun and not signed, with one value."""
    began = drafting.begin(session, patient_id=patient_id, template=WHOLE, store_id=store_id, by=by)
    change = [Change(places.read("manifest.1.sphere.R"), "-2.00")]
    drafting.save(session, encounter_id=began.id, changes=change, by=by)
    return began


def came_and_went(session: Session, *, patient_id: int, store_id: int, by: int, when: datetime) -> Encounter:
    """A visit whose recall was attended, and nothing was signed since: nobody will call."""
    about = {"patient_id": patient_id, "store_id": store_id, "by": by, "when": when}
    seen, _version = visit(session, **about, values={"manifest.1.sphere.R": "-1.00", **RECALL})  # type: ignore[arg-type]
    (due,) = recalls.of_patient(session, [patient_id])
    recalls.note(session, recall_id=due.recall.id, state=RecallState.ATTENDED, by=by, why=None)
    return seen

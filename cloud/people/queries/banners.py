"""What stands above every page of a chart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.people.models import Patient
from cloud.people.queries import answers, surroundings
from cloud.people.rules import treats


@dataclass(frozen=True, slots=True)
class BannerAlert:
    """A warning and what it is about."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Banner:
    """Codes and values, put into words by the macro ``patient_banner``.

    ``allergy_state`` is empty for somebody whose business allergies are not; ``consents`` are pairs of purpose and
    state (given, refused, withdrawn, not_asked), over all channels of the purpose. ``also_numbered`` are the numbers
    of absorbed records.
    """

    id: int
    family_name: str
    given_name: str
    record_number: str
    native_name: str = ""
    preferred_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    sex: str = ""
    also_numbered: tuple[str, ...] = ()
    language: str = ""
    interpreter: bool = False
    alerts: tuple[BannerAlert, ...] = ()
    allergy_state: str = ""
    allergies: tuple[str, ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    status: str = "active"
    deceased_on: date | None = None


def banner(session: Session, patient: Patient, roles: Iterable[str]) -> Banner:
    """Who this is, for somebody with these ``roles`` (``me().roles``): alerts and allergies they may see."""
    mine = tuple(roles)
    may_know = treats(mine)
    listed = surroundings.allergies(session, patient.id) if may_know else ()
    return Banner(
        id=patient.id,
        family_name=patient.family_name,
        given_name=patient.given_name,
        record_number=patient.record_number,
        native_name=patient.native_name or "",
        preferred_name=patient.preferred_name or "",
        birth_date=patient.birth_date,
        birth_year=patient.birth_year,
        sex=patient.sex or "",
        also_numbered=_absorbed_numbers(session, patient.id),
        language=patient.language or "",
        interpreter=patient.interpreter,
        alerts=tuple(BannerAlert(one.kind, one.text) for one in surroundings.alerts(session, patient.id, mine)),
        allergy_state=patient.allergy_state if may_know else "",
        allergies=tuple(f"{one.substance} ({one.reaction})" if one.reaction else one.substance for one in listed),
        consents=_marks(session, patient.id),
        status=patient.status,
        deceased_on=patient.deceased_on,
    )


def _absorbed_numbers(session: Session, patient_id: int) -> tuple[str, ...]:
    query = select(Patient.record_number).where(Patient.merged_into == patient_id).order_by(Patient.id)
    return tuple(session.scalars(query))


def _marks(session: Session, patient_id: int) -> tuple[tuple[str, str], ...]:
    """Each purpose somebody was asked about: given if any channel was, else the newest answer."""
    found = dict[str, str]()
    for (purpose, _), one in answers.standing(answers.consents(session, patient_id)).items():
        found[purpose] = "given" if "given" in (found.get(purpose), one.state) else one.state
    return tuple(sorted(found.items()))

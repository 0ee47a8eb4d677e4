"""Visits as pages leaf through them: which come before and after, how many, what stands newest of each element."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cloud.clinic import queries
from cloud.clinic.choices import Act
from cloud.clinic.models import Discard, Draft, Encounter, Observation, Version
from cloud.clinic.sheet import Sheet, of_observations


@dataclass(frozen=True, slots=True)
class Newest:
    """The last visit that recorded an element, with what it says."""

    encounter: Encounter
    sheet: Sheet


def newest(session: Session, patient_ids: Collection[int], elements: Collection[str]) -> dict[str, Newest]:
    """What stands signed of each element in the last visit that has it; retracted records are left out."""
    order = (Encounter.began_at.desc(), Encounter.id.desc())
    ranked = (
        select(Observation.id, func.rank().over(partition_by=Observation.element, order_by=order).label("place"))
        .join(Version, Version.id == Observation.version_id)
        .join(Encounter, Encounter.id == Observation.encounter_id)
        .where(Observation.patient_id.in_(patient_ids), Observation.element.in_(elements), standing())
        .subquery()
    )
    query = (
        select(Encounter, Observation)
        .join(ranked, ranked.c.id == Observation.id)
        .join(Encounter, Encounter.id == Observation.encounter_id)
        .where(ranked.c.place == 1)
        .order_by(Observation.id)
    )
    return _by_element([(row[0], row[1]) for row in session.execute(query)])


def _by_element(found: Sequence[tuple[Encounter, Observation]]) -> dict[str, Newest]:
    rows: dict[str, list[Observation]] = {}
    for _visit, one in found:
        rows.setdefault(one.element, []).append(one)
    visits = {one.element: visit for visit, one in found}
    return {element: Newest(visits[element], of_observations(held)) for element, held in rows.items()}


def standing() -> ColumnElement[bool]:
    """Of a joined ``Version``: it is the newest of its record and was not retracted."""
    return queries.newest() & (Version.act != Act.RETRACTED.value)


def beside(session: Session, visit: Encounter, patient_ids: Collection[int]) -> tuple[int | None, int | None]:
    """The patient's visits before and after this one, by id; visits begun and given up are passed over."""
    here = func.row(Encounter.began_at, Encounter.id)
    mark = func.row(visit.began_at, visit.id)
    shown = select(Encounter.id).where(Encounter.patient_id.in_(patient_ids), ~_given_up())
    earlier = shown.where(here < mark).order_by(Encounter.began_at.desc(), Encounter.id.desc()).limit(1)
    later = shown.where(here > mark).order_by(Encounter.began_at, Encounter.id).limit(1)
    return session.scalars(earlier).first(), session.scalars(later).first()


def _given_up() -> ColumnElement[bool]:
    return select(Discard.id).where(Discard.encounter_id == Encounter.id).exists()


def count(session: Session, patient_ids: Collection[int]) -> int:
    """How many visits a patient has."""
    query = select(func.count()).select_from(Encounter).where(Encounter.patient_id.in_(patient_ids))
    return session.scalar(query) or 0


def unsigned_count(session: Session, author_id: int) -> int:
    """How many drafts wait for somebody's signature."""
    query = select(func.count()).select_from(Draft).where(Draft.author_id == author_id)
    return session.scalar(query) or 0


def discard_of(session: Session, encounter_id: int) -> Discard | None:
    """Who gave a visit up, and why."""
    return session.scalars(select(Discard).where(Discard.encounter_id == encounter_id)).first()


def writing(session: Session, patient_ids: Collection[int]) -> Mapping[int, int]:
    """Who has a draft open for this patient: author by encounter."""
    query = select(Draft.encounter_id, Draft.author_id).join(Encounter, Encounter.id == Draft.encounter_id)
    found = session.execute(query.where(Encounter.patient_id.in_(patient_ids)))
    return {row.encounter_id: row.author_id for row in found}

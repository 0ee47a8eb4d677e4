"""Who may be the same person: found by keys that an index answers, then weighed by ``likeness``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from cloud.people import likeness, phones
from cloud.people.choices import ContactKind
from cloud.people.likeness import Likeness, Traits
from cloud.people.models import Contact, Distinct, Patient
from cloud.people.queries.patients import record

MOST = 50  # of each key; whoever shares a birth date with more people than that shares a name with fewer
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may be the same person, and why."""

    patient: Patient
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, the older first."""

    one: Patient
    other: Patient
    likeness: Likeness


def traits(
    *,
    family_name: str,
    given_name: str = "",
    birth_date: date | None = None,
    birth_year: int | None = None,
    sex: str | None = None,
    id_number: str | None = None,
    telephones: Iterable[str] = (),
    emails: Iterable[str] = (),
) -> Traits:
    """What is known of somebody who is no record yet."""
    return Traits(
        name_key=likeness.name_key(family_name, given_name),
        sound_key=likeness.sound_key(family_name, given_name),
        birth_date=birth_date,
        birth_year=birth_year,
        sex=sex or None,
        id_number=id_number or None,
        tails=frozenset(filter(None, map(phones.tail, telephones))),
        emails=frozenset(phones.normalized(ContactKind.EMAIL, one) for one in emails if one),
    )


def likely(session: Session, known: Traits, *, besides: Iterable[int] = ()) -> list[Match]:
    """Open records that look like this person, the likeliest first, at most eight; ``besides`` are left out."""
    ids = {found for query in _keys(known) for found in session.scalars(query.limit(MOST))} - set(besides)
    rows = session.scalars(select(Patient).where(Patient.id.in_(ids), Patient.merged_into.is_(None))).all()
    told = traits_of(session, rows)
    matches = [Match(row, likeness.compare(known, told[row.id])) for row in rows]
    found = [match for match in matches if match.likeness.likely]
    return sorted(found, key=lambda match: (-match.likeness.points, match.patient.id))[:SHOWN]


def _keys(known: Traits) -> Iterable[Select[int]]:
    wheres: list[ColumnElement[bool]] = []
    if known.name_key:
        wheres.append(Patient.name_key == known.name_key)
    if known.sound_key and known.birth_date:
        near = Patient.birth_date.is_(None) | Patient.birth_date.between(*_year(known.birth_date))
        wheres.append((Patient.sound_key == known.sound_key) & near)
    if known.birth_date:
        wheres.append((Patient.birth_date == known.birth_date) & (Patient.sound_key == known.sound_key))
    if known.id_number:
        wheres.append(Patient.id_number == known.id_number)
    yield from (select(Patient.id).where(where) for where in wheres)
    if known.tails:
        yield select(Contact.patient_id).where(Contact.tail.in_(known.tails), Contact.tail != "")
    if known.emails:
        yield select(Contact.patient_id).where(Contact.normalized.in_(known.emails))


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def traits_of(session: Session, rows: Sequence[Patient]) -> dict[int, Traits]:
    """What is compared of these records, by id."""
    query = select(Contact).where(Contact.patient_id.in_({row.id for row in rows}), Contact.ended_at.is_(None))
    reached = dict[int, list[Contact]]()
    for contact in session.scalars(query) if rows else ():
        reached.setdefault(contact.patient_id, []).append(contact)
    return {row.id: _told(row, reached.get(row.id, ())) for row in rows}


def _told(row: Patient, reached: Iterable[Contact]) -> Traits:
    tails = {phones.tail(row.phone or ""), *(one.tail for one in reached)} - {""}
    emails = {one.normalized for one in reached if one.kind == ContactKind.EMAIL}
    who = (row.name_key or "", row.sound_key or "", row.birth_date, row.birth_year, row.sex, row.id_number)
    return Traits(*who, tails=frozenset(tails), emails=frozenset(emails))


def pair(session: Session, one_id: int, other_id: int) -> Pair:
    """Two records held against each other, the older first. Raises NoSuchPatient."""
    one, other = (record(session, which) for which in sorted((one_id, other_id)))
    told = traits_of(session, (one, other))
    return Pair(one, other, likeness.compare(told[one.id], told[other.id]))


def pairs(session: Session, limit: int = MOST) -> list[Pair]:
    """Likely duplicates in the chain that nobody has told apart yet, the likeliest first."""
    found = {(a, b) for query in _twins() for a, b in session.execute(query.limit(limit * 4))}
    apart = _told_apart(session, found)
    shown = sorted(found - apart)
    rows = _open(session, {which for twins in shown for which in twins})
    told = traits_of(session, list(rows.values()))
    weighed = [Pair(rows[a], rows[b], likeness.compare(told[a], told[b])) for a, b in shown if a in rows and b in rows]
    return sorted((one for one in weighed if one.likeness.likely), key=lambda one: -one.likeness.points)[:limit]


def _told_apart(session: Session, found: set[tuple[int, int]]) -> set[tuple[int, int]]:
    if not found:
        return set()
    query = select(Distinct.one_id, Distinct.other_id)
    return {(a, b) for a, b in session.execute(query.where(tuple_(Distinct.one_id, Distinct.other_id).in_(found)))}


def _open(session: Session, ids: set[int]) -> dict[int, Patient]:
    query = select(Patient).where(Patient.id.in_(ids), Patient.merged_into.is_(None))
    return {row.id: row for row in session.scalars(query)} if ids else {}


def _twins() -> Iterable[Select[int, int]]:
    one, other = aliased(Patient), aliased(Patient)
    twice = select(one.id, other.id).where(
        one.tenant_id == other.tenant_id, one.id < other.id, one.merged_into.is_(None), other.merged_into.is_(None)
    )
    yield twice.where(one.sound_key == other.sound_key, one.birth_date == other.birth_date)
    yield twice.where(one.id_number == other.id_number)
    unborn = or_(one.birth_date.is_(None), other.birth_date.is_(None))
    yield twice.where(one.name_key == other.name_key, one.name_key != "", unborn)
    ours, theirs = aliased(Contact), aliased(Contact)
    mine = (ours.tenant_id == one.tenant_id) & (ours.patient_id == one.id)
    others = (theirs.tenant_id == other.tenant_id) & (theirs.patient_id == other.id)
    same = (ours.tenant_id == theirs.tenant_id, ours.tail == theirs.tail, ours.tail != "")
    alike = or_(one.birth_date == other.birth_date, one.sound_key == other.sound_key)
    yield twice.where(mine, others, *same, alike).distinct()

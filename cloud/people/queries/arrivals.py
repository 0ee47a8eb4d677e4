"""Who of many is there already: by record number, and by likeness, a few questions for a thousand rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from cloud.people import likeness
from cloud.people.likeness import Traits
from cloud.people.models import Contact, Patient
from cloud.people.queries.duplicates import traits_of

SOME = 500
MOST = 5000  # candidates of one question; namesakes beyond that are found one by one on the duplicates page


def by_number(session: Session, numbers: Collection[str]) -> dict[str, int]:
    """The open record behind each record number that somebody has."""
    asked = select(Patient.record_number, Patient.id, Patient.merged_into).where(Patient.record_number.in_(numbers))
    return {row.record_number: row.merged_into or row.id for row in session.execute(asked)} if numbers else {}


def resembling(session: Session, people: Sequence[Traits]) -> list[int | None]:
    """For each of these people the record most like them, None where none is likely."""
    candidates = _candidates(session, people)
    told = traits_of(session, candidates)
    by_key = defaultdict[str, list[int]](list)
    for one in candidates:
        for key in _keys(told[one.id]):
            by_key[key].append(one.id)
    return [_most_like(known, told, by_key) for known in people]


def _keys(known: Traits) -> Iterable[str]:
    yield from (f"name {known.name_key}", f"sound {known.sound_key}", f"id {known.id_number}")
    yield from (f"tail {tail}" for tail in known.tails)


def _most_like(known: Traits, told: dict[int, Traits], by_key: dict[str, list[int]]) -> int | None:
    ids = {one for key in _keys(known) for one in by_key.get(key, ())}
    weighed = [(likeness.compare(known, told[one]), one) for one in sorted(ids)]
    best = max(weighed, key=lambda found: found[0].points, default=None)
    return best[1] if best and best[0].likely else None


def _candidates(session: Session, people: Sequence[Traits]) -> list[Patient]:
    """Open records that share a name, a sound with a birth date, a national number or the end of a telephone."""
    ids = set[int]()
    for question in _questions(people):
        ids |= set(session.scalars(question.limit(MOST)))
    found, some = list[Patient](), sorted(ids)
    for at in range(0, len(some), SOME):
        open_ones = Patient.id.in_(some[at : at + SOME]), Patient.merged_into.is_(None)
        found += session.scalars(select(Patient).where(*open_ones))
    return found


def _questions(people: Sequence[Traits]) -> Iterable[Select[int]]:
    named = {(one.name_key, one.birth_date) for one in people if one.name_key and one.birth_date}
    unborn = {one.name_key for one in people if one.name_key and not one.birth_date}
    anyone = {name for name, _day in named} | unborn
    born = {(one.sound_key, one.birth_date) for one in people if one.sound_key and one.birth_date}
    known = {one.id_number for one in people if one.id_number}
    tails = {tail for one in people for tail in one.tails}
    wheres: list[tuple[Collection[object], ColumnElement[bool]]] = [
        (named, tuple_(Patient.name_key, Patient.birth_date).in_(named)),
        (anyone, Patient.name_key.in_(anyone) & Patient.birth_date.is_(None)),
        (unborn, Patient.name_key.in_(unborn)),
        (born, tuple_(Patient.sound_key, Patient.birth_date).in_(born)),
        (known, Patient.id_number.in_(known)),
    ]
    yield from (select(Patient.id).where(where) for asked, where in wheres if asked)
    if tails:
        yield select(Contact.patient_id).where(Contact.tail.in_(tails), Contact.tail != "")

"""Which readings wait for an examination."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from cloud.clinic import queries
from cloud.clinic.checks import Context
from cloud.clinic.models import Draft, Encounter
from cloud.clinic.proposals import whose
from cloud.clinic.proposals.gathering import Chair, gathered
from cloud.clinic.proposals.lane import Lane
from cloud.clinic.proposals.shape import Proposal
from cloud.clinic.proposals.whose import Person
from cloud.people import queries as people
from cloud.readings import queries as stored
from cloud.web import times

LATE = timedelta(hours=24)  # so long after the visit began an amendment still takes a result that came late


def waiting(session: Session, visit: Encounter, context: Context | None = None) -> list[Proposal]:
    """Readings of this patient since the visit began (and of the same day before), not rejected and not yet taken.

    Every record of the person counts. Oldest first; each ``n`` is given as if all were accepted in that order. A
    reading with nowhere to go is listed too, without values. Nothing when no draft is open.
    """
    draft = queries.draft(session, visit.id)
    if draft is None:
        return []
    ids, since = people.ids_of(session, visit.patient_id), _midnight(visit.began_at)
    shown = stored.captured(session, ids, since, _until(visit, draft))
    if not shown:
        return []
    history = (context or Context.of(session, visit)).history
    chair = Chair(history, _person(session, ids), visit.began_at, Lane(session, ids, since))
    return gathered(shown, queries.drafted(session, draft.id), chair)


def _midnight(moment: datetime) -> datetime:
    local = times.in_store(moment)
    return datetime.combine(local.date(), time(), local.tzinfo)


def _until(visit: Encounter, draft: Draft) -> datetime | None:
    return None if draft.amends is None else visit.began_at + LATE


def _person(session: Session, ids: Sequence[int]) -> Person:
    """Every number and name that means this person; the open record says who they are."""
    records = people.named(session, set(ids))
    names = {name for record in records.values() for name in whose.names_of(record)}
    numbers = frozenset(record.record_number for record in records.values())
    return Person(whose.called(records[ids[0]]), tuple(sorted(names)), numbers, records[ids[0]].birth_date)

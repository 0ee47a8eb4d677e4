"""The recall work list: who is due, who was asked, who came; and whoever has no plan at all. Nobody vanishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from cloud.clinic import recalls
from cloud.clinic.choices import RECALL_ENDED, RecallState, Side
from cloud.clinic.errors import NoSuchRecall
from cloud.clinic.models import Encounter, Observation, Recall, RecallEvent, Version
from cloud.clinic.recalls import Due
from cloud.clinic.visits import standing
from cloud.people import queries as people

PAGE = 50
SOON = timedelta(days=30)
ENDED = [one.value for one in RECALL_ENDED]


class Shelf(StrEnum):
    """Which part of the list is looked at."""

    WAITING = "waiting"  # neither booked nor ended
    BOOKED = "booked"
    ENDED = "ended"
    UNPLANNED = "unplanned"  # examined, and neither a recall nor a reason for none


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; ``after`` is due day and id of the last line of the page before."""

    stores: Sequence[int]
    shelf: Shelf = Shelf.WAITING
    reason: str = ""
    until: date | None = None
    after: tuple[date, int] | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people wait: due before today, due by the end of the window, booked, and without a plan."""

    overdue: int
    soon: int
    booked: int
    unplanned: int


@dataclass(frozen=True, slots=True)
class Line:
    """One person to think of. ``on`` is the due day; without a plan that of the last visit, and there is no recall."""

    patient_id: int
    on: date
    id: int  # with ``on`` its place in the list
    store_id: int
    encounter_id: int
    state: str
    reason: str = ""
    recall_id: int | None = None
    event: RecallEvent | None = None


def page(session: Session, asked: Asked) -> list[Line]:
    """The list, the longest overdue first; without a plan, the longest unseen first."""
    if asked.shelf is Shelf.UNPLANNED:
        return _page_unplanned(session, asked)
    where = and_(*_narrowed(asked))
    if asked.after is not None:
        where = and_(where, func.row(Recall.due_on, Recall.id) > func.row(*asked.after))
    found = recalls.where(session, where, limit=asked.limit, order=Recall.due_on.asc())
    return [_planned(one) for one in found]


def _planned(due: Due) -> Line:
    one = due.recall
    return Line(
        one.patient_id,
        one.due_on,
        one.id,
        one.store_id,
        one.encounter_id,
        due.state.value,
        one.reason,
        one.id,
        due.event,
    )


def one(session: Session, recall_id: int, stores: Sequence[int]) -> Due:
    """A recall of one of these stores. Raises NoSuchRecall."""
    found = recalls.where(session, and_(Recall.id == recall_id, Recall.store_id.in_(stores)))
    if not found:
        raise NoSuchRecall(recall_id)
    return found[0]


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    found = [Recall.store_id.in_(asked.stores), _on(asked.shelf)]
    if asked.reason:
        found.append(Recall.reason == asked.reason)
    if asked.until is not None:
        found.append(Recall.due_on <= asked.until)
    return found


def _on(shelf: Shelf) -> ColumnElement[bool]:
    """By the newest event of a recall; none, and a note that nobody answered, leave it waiting."""
    if shelf is Shelf.BOOKED:
        return RecallEvent.state == RecallState.BOOKED.value
    if shelf is Shelf.ENDED:
        return and_(RecallEvent.state.in_(ENDED), func.coalesce(RecallEvent.why, "") != recalls.SUPERSEDED)
    return or_(RecallEvent.id.is_(None), RecallEvent.state == RecallState.OPEN.value)


def counts(session: Session, stores: Sequence[int], today: date) -> Counts:
    """How the list stands, in two questions."""
    state = func.coalesce(_state(), RecallState.OPEN.value)
    waits = state == RecallState.OPEN.value
    query = select(
        _sum(waits & (Recall.due_on < today)),
        _sum(waits & Recall.due_on.between(today, today + SOON)),
        _sum(state == RecallState.BOOKED.value),
    ).where(Recall.store_id.in_(stores))
    overdue, soon, booked = session.execute(query).one()
    without = session.scalar(select(func.count()).select_from(_unplanned(stores).subquery())) or 0
    return Counts(overdue, soon, booked, without)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _state() -> ColumnElement[str]:
    query = select(RecallEvent.state).where(RecallEvent.recall_id == Recall.id)
    return query.order_by(RecallEvent.id.desc()).limit(1).correlate(Recall).scalar_subquery()


def _page_unplanned(session: Session, asked: Asked) -> list[Line]:
    day = func.date(Encounter.began_at)
    query = _unplanned(asked.stores).add_columns(day).order_by(day, Encounter.id)
    if asked.after is not None:
        query = query.where(func.row(day, Encounter.id) > func.row(*asked.after))
    return [
        Line(person, on, visit.id, visit.store_id, visit.id, Shelf.UNPLANNED.value)
        for visit, person, on in session.execute(query.limit(asked.limit))
    ]


def _unplanned(stores: Sequence[int]) -> Select[Encounter, int]:
    """The last signed visit of everybody alive that gives no reason against a recall, and no recall runs or lapsed."""
    records, last = people.persons().subquery(), _last_visits()
    return (
        select(Encounter, records.c.person)
        .join(last, last.c.id == Encounter.id)
        .join(records, records.c.id == Encounter.patient_id)
        .where(last.c.place == 1, Encounter.store_id.in_(stores), records.c.status != "deceased")
        .where(~_excused(), ~_called(records.c.person))
    )


def _last_visits() -> Subquery:
    records = people.persons().subquery()
    order = (Encounter.began_at.desc(), Encounter.id.desc())
    ranked = func.row_number().over(partition_by=records.c.person, order_by=order).label("place")
    signed = select(Version.id).where(Version.encounter_id == Encounter.id, standing()).correlate(Encounter)
    found = select(Encounter.id, ranked).join(records, records.c.id == Encounter.patient_id)
    return found.where(signed.exists()).subquery()


def _excused() -> ColumnElement[bool]:
    """Whether the signed plan says why there is no recall."""
    says = (Observation.element == recalls.ELEMENT) & (Observation.field == "none_reason")
    query = select(Observation.id).join(Version, Version.id == Observation.version_id)
    of_visit = Observation.encounter_id == Encounter.id
    return query.where(of_visit, says, Observation.side == Side.NONE.value, standing()).correlate(Encounter).exists()


def _called(person: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a recall of this person still runs, or one of this visit was let lapse for a reason."""
    records, one = people.persons().subquery(), aliased(Recall)
    newest = select(RecallEvent.state).where(RecallEvent.recall_id == one.id).order_by(RecallEvent.id.desc()).limit(1)
    state = func.coalesce(newest.correlate(one).scalar_subquery(), RecallState.OPEN.value)
    lapsed = (one.encounter_id == Encounter.id) & (state == RecallState.LAPSED.value)
    query = select(one.id).join(records, records.c.id == one.patient_id)
    return (
        query.where(records.c.person == person, or_(state.not_in(ENDED), lapsed))
        .correlate(Encounter, person.table)
        .exists()
    )

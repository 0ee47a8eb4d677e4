"""Recalls: made by signing a plan, ended only by an event that says why. None is ever forgotten."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from cloud.clinic.choices import RECALL_ENDED, RecallState, Side
from cloud.clinic.models import Encounter, Recall, RecallEvent, Version
from cloud.clinic.sheet import Sheet
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.people import queries as people

ELEMENT = "recall"
SUPERSEDED = "superseded"  # why a recall ended whose plan was amended or retracted


@dataclass(frozen=True, slots=True)
class Due:
    """A recall with how it stands."""

    recall: Recall
    event: RecallEvent | None

    @property
    def state(self) -> RecallState:
        """Open until an event says otherwise."""
        return RecallState(self.event.state) if self.event else RecallState.OPEN

    @property
    def ended(self) -> bool:
        """Whether nobody needs to be called any more."""
        return self.state in RECALL_ENDED


def plan(session: Session, visit: Encounter, version: Version, sheet: Sheet, by: int) -> Recall | None:
    """Make the recall that the signed plan names; an amendment's takes the place of the one before.

    Earlier recalls for the same reason are answered by this visit; those for other reasons stay until somebody says so.
    """
    withdraw(session, visit.id, by)
    interval = sheet.number(ELEMENT, 1, "interval", Side.NONE)
    if interval is None:
        return None
    unit = sheet.code(ELEMENT, 1, "unit") or "months"
    recall = Recall(
        patient_id=visit.patient_id,
        encounter_id=visit.id,
        version_id=version.id,
        store_id=visit.store_id,
        due_on=due(visit.began_at.date(), int(interval), unit),
        reason=sheet.code(ELEMENT, 1, "reason") or "review",
    )
    _answer(session, visit, recall.reason, by)
    session.add(recall)
    session.flush()
    if _came_since(session, visit, recall.reason):
        note(session, recall_id=recall.id, state=RecallState.ATTENDED, by=by, why=None)
    return recall


def _answer(session: Session, visit: Encounter, reason: str, by: int) -> None:
    """Whoever is examined for what they were recalled for has come."""
    for one in where(session, _for_the_same(session, visit, reason, Encounter.began_at < visit.began_at)):
        if not one.ended:
            note(session, recall_id=one.recall.id, state=RecallState.ATTENDED, by=by, why=None)


def _came_since(session: Session, visit: Encounter, reason: str) -> bool:
    """Whether a later visit has planned for this reason already: the plan of an old record that is amended is past."""
    later = where(session, _for_the_same(session, visit, reason, Encounter.began_at > visit.began_at))
    return any(one.state is not RecallState.CANCELLED for one in later)


def _for_the_same(session: Session, visit: Encounter, reason: str, when: ColumnElement[bool]) -> ColumnElement[bool]:
    others = select(Encounter.id).where(when).scalar_subquery()
    ids = people.ids_of(session, visit.patient_id)
    return Recall.patient_id.in_(ids) & (Recall.reason == reason) & Recall.encounter_id.in_(others)


def due(since: date, interval: int, unit: str) -> date:
    """The day ``interval`` weeks or months later; a month's last day where the month is too short."""
    if unit == "weeks":
        return since + timedelta(weeks=interval)
    years, month = divmod(since.month - 1 + interval, 12)
    year, month = since.year + years, month + 1
    return date(year, month, min(since.day, monthrange(year, month)[1]))


def withdraw(session: Session, encounter_id: int, by: int) -> None:
    """Cancel what an earlier version of this record planned."""
    for one in where(session, Recall.encounter_id == encounter_id):
        if not one.ended:
            note(session, recall_id=one.recall.id, state=RecallState.CANCELLED, by=by, why=SUPERSEDED)


def note(session: Session, *, recall_id: int, state: RecallState, by: int, why: str | None) -> None:
    """Tell what became of a recall."""
    session.add(RecallEvent(recall_id=recall_id, state=state.value, by=by, why=why))
    audit.note(session, by=by, verb=f"recall {state.value}", kind="recall", subject=recall_id)
    session.flush()


def standing(session: Session, of: Sequence[Recall]) -> list[Due]:
    """These recalls, in their order, each with how it stands."""
    found = {one.recall.id: one for one in where(session, Recall.id.in_([one.id for one in of]), limit=len(of))}
    return [found[one.id] for one in of]


def of_patient(session: Session, patient_ids: Sequence[int], *, limit: int = 200) -> list[Due]:
    """A patient's recalls, the latest due first."""
    return where(session, Recall.patient_id.in_(patient_ids), limit=limit)


def waiting(session: Session, *, store_id: int | None, until: date | None = None, limit: int = 100) -> list[Due]:
    """Recalls that have not ended and are due by a day, the longest overdue first."""
    asked = Recall.due_on <= (until or now().date())
    if store_id is not None:
        asked = asked & (Recall.store_id == store_id)
    still = or_(RecallEvent.id.is_(None), RecallEvent.state.not_in([one.value for one in RECALL_ENDED]))
    return where(session, asked & still, limit=limit, order=Recall.due_on.asc())


def where(
    session: Session, asked: ColumnElement[bool], *, limit: int = 200, order: ColumnElement[date] | None = None
) -> list[Due]:
    """Recalls by a condition on ``Recall`` and its newest ``RecallEvent``, the latest due first."""
    later = aliased(RecallEvent)
    newest = select(func.max(later.id)).where(later.recall_id == Recall.id).correlate(Recall).scalar_subquery()
    query = (
        select(Recall, RecallEvent)
        .select_from(Recall)
        .outerjoin(RecallEvent, (RecallEvent.recall_id == Recall.id) & (RecallEvent.id == newest))
        .where(asked)
        .order_by(Recall.due_on.desc() if order is None else order, Recall.id)
        .limit(limit)
    )
    return [Due(recall, event) for recall, event in session.execute(query)]

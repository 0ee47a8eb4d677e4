"""Every change to visits. Each needs a transaction of its own; nothing outside the database happens here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cloud.booking import asking, deposits, freeing, holding, links, taking
from cloud.booking.asking import Ask, others_of
from cloud.booking.choices import LIVE, MOVES, By, State, Taken
from cloud.booking.errors import NoSuchMove, Overlaps, WantsReason
from cloud.booking.models import Change, Hold, Part, Telling, Visit
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.schedule import queries as schedule


def book_held(session: Session, kept: Hold, patient_id: int, *, twice: bool = False, **told: Any) -> Visit:
    """A held time (``holding.held``) becomes a visit. Raises Overlaps.

    ``twice``: somebody was warned that the patient has another visit then, and wants both where the store allows it.
    """
    visit = new_visit(kept.store_id, kept.type_id, patient_id, kept.shown_at, kept.ends_at, who=kept.who, **told)
    holding.lock(session, [kept.id])
    refuse_overlap(session, visit, twice and schedule.policy(session, kept.store_id).overlap == "warn")
    session.add(visit)
    session.flush()
    mine = update(Part).where(Part.hold_id == kept.id)
    session.execute(mine.values(hold_id=None, visit_id=visit.id, taken=Taken.BOOKED))
    session.delete(kept)
    booked(session, visit)
    return visit


def book(session: Session, ask: Ask, at: datetime, patient_id: int, **told: Any) -> Visit:
    """Book without a hold, as the desk does. Raises Gone, NotOffered, Overlaps."""
    seat = taking.seat(session, ask, at, asking.last_served(session, patient_id, ask.store_id))
    visit = new_visit(ask.store_id, ask.type_id, patient_id, seat.shown_at, seat.ends_at, who=ask.who, **told)
    refuse_overlap(session, visit)
    enter(session, visit, seat.parts(Taken.BOOKED))
    return visit


def enter(session: Session, visit: Visit, parts: list[Part], before: Visit | None = None) -> None:
    """Write a visit down with all it takes; everybody who should know is told once this is kept.

    ``before`` is the visit it takes the place of.
    """
    session.add(visit)
    session.flush()
    holding.place(session, parts, visit_id=visit.id)
    booked(session, visit, before)


def turn(session: Session, visit: Visit, wanted: State, *, by: int | None, through: By, why: str | None = None) -> None:
    """A visit becomes something else, by compare and swap. Raises NoSuchMove, WantsReason."""
    was = State(visit.state)
    if wanted not in MOVES[was]:
        raise NoSuchMove(was, wanted)
    if wanted == State.CANCELLED and by is not None and not why:
        raise WantsReason
    if wanted not in LIVE:  # resources first, as everybody does who changes their days
        taking.lock(session, session.scalars(select(Part.resource_id).where(Part.visit_id == visit.id)).all())
    same = update(Visit).where(Visit.id == visit.id, Visit.state == was).values(state=wanted)
    if session.execute(same.returning(Visit.id)).first() is None:
        raise NoSuchMove(was, wanted)
    session.refresh(visit)
    late = wanted in (State.CANCELLED, State.NO_SHOW) and is_late(session, visit)
    if wanted not in LIVE:
        _give_up(session, visit, late)
    if wanted == State.CANCELLED:
        tell(session, visit, "cancelled")
    elif wanted != State.CONFIRMED:
        tell(session, visit, "over")
    note(session, visit, str(wanted), {"state": str(was)}, by=by, through=through, why=why, late=late)


def move(session: Session, visit: Visit, ask: Ask, at: datetime, *, by: int | None, through: By) -> Visit:
    """Another time for a visit, as a swap: the new one is taken before the old one is given up, in one transaction.

    The new visit keeps the identity of the calendar file, with the next sequence. Raises Gone, NoSuchMove, Overlaps.
    """
    if State.MOVED not in MOVES[State(visit.state)]:
        raise NoSuchMove(visit.state, State.MOVED)
    ids = session.scalars(select(Part.resource_id).where(Part.visit_id == visit.id)).all()
    taking.lock(session, {*ids, *schedule.able(session, ask.store_id, ask.type_id)})
    taking.release(session, visit.id)
    seat = taking.seat(session, ask, at, ids)
    new = instead(visit, ask, seat.shown_at, seat.ends_at, by)
    swap(session, visit, new, seat.parts(Taken.BOOKED), by=by, through=through)
    return new


def instead(visit: Visit, ask: Ask, shown_at: datetime, ends_at: datetime, by: int | None) -> Visit:
    """The same visit at another time; it is nowhere yet."""
    kept = {name: getattr(visit, name) for name in ("who", "channel", "reason", "note", "party", "series")}
    return new_visit(ask.store_id, ask.type_id, visit.patient_id, shown_at, ends_at, booked_by=by, **kept)


def swap(session: Session, visit: Visit, new: Visit, parts: list[Part], *, by: int | None, through: By) -> None:
    """Write the new visit down in the place of one whose time was given up just now. Raises Overlaps."""
    new.uid, visit.uid, new.sequence = visit.uid, uuid4(), visit.sequence + 1
    visit.state = State.MOVED
    session.flush()
    refuse_overlap(session, new)
    note(session, visit, "moved", {"shown_at": visit.shown_at.isoformat()}, by=by, through=through)
    enter(session, new, parts, before=visit)
    visit.moved_to = new.id
    session.flush()
    freeing.note(session, visit.store_id, visit.shown_at, visit.ends_at)
    deposits.follow(session, visit, new)


def is_late(session: Session, visit: Visit) -> bool:
    """Whether it is too late for the patient to move or cancel it by themself."""
    of = schedule.kind(session, visit.type_id)
    return of is not None and now() > visit.shown_at - timedelta(minutes=of.cut_off)


def note(
    session: Session,
    visit: Visit,
    deed: str,
    before: Mapping[str, Any],
    *,
    by: int | None,
    through: By,
    why: str | None = None,
    late: bool = False,
) -> None:
    """Leave a row of what was done, and tell the pages."""
    session.add(Change(visit_id=visit.id, deed=deed, before=dict(before), by=by, through=through, why=why, late=late))
    if by is not None:
        audit.note(session, by=by, verb=deed, kind="visit", subject=visit.id, patient=visit.patient_id)
    announce(
        session, Fact(topic="booking.visit", tenant_id=current_tenant(), store_id=visit.store_id, subject=str(visit.id))
    )


def tell(session: Session, visit: Visit, what: str, before: Visit | None = None) -> None:
    """The patient is told, by the worker: nobody waits for letters to be written while others wait for a time."""
    session.add(Telling(visit_id=visit.id, what=what, before_id=before.id if before else None))


def new_visit(
    store_id: int, type_id: int, patient_id: int, shown_at: datetime, ends_at: datetime, **told: Any
) -> Visit:
    """A visit that is nowhere yet."""
    return Visit(
        store_id=store_id,
        type_id=type_id,
        patient_id=patient_id,
        shown_at=shown_at,
        ends_at=ends_at,
        uid=uuid4(),
        state=State.BOOKED,
        **told,
    )


def refuse_overlap(session: Session, visit: Visit, wanted: bool = False) -> None:
    """Nobody is in two places, unless that is ``wanted``. Raises Overlaps.

    Whoever books for the same person meanwhile waits, after the resources: always in this order.
    """
    person = func.hashtext(f"booking person {visit.patient_id}")
    session.execute(select(func.pg_advisory_xact_lock(current_tenant(), person)))
    others = others_of(session, visit.patient_id, visit.shown_at, visit.ends_at)
    if others and not wanted:
        raise Overlaps(others[0].id)


def booked(session: Session, visit: Visit, before: Visit | None = None) -> None:
    """What follows from every new visit; ``before`` is the one it takes the place of."""
    deposits.ask(session, visit)
    if before is None:
        tell(session, visit, "confirmed")
    else:
        tell(session, visit, "moved", before)
    note(session, visit, "booked", {}, by=visit.booked_by, through=By.STAFF if visit.booked_by else By.PATIENT)


def _give_up(session: Session, visit: Visit, late: bool) -> None:
    """Nobody comes: the time is free again, and who waits for such a time is looked for."""
    taking.release(session, visit.id)
    if visit.state in (State.CANCELLED, State.NO_SHOW):
        freeing.note(session, visit.store_id, visit.shown_at, visit.ends_at)
        deposits.ended(session, visit, late)
        links.end(session, visit_id=visit.id)

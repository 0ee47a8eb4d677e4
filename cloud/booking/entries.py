"""The desk's queue: what was booked, asked or said by patients, until somebody has looked after it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from cloud.booking.choices import Kind, Look
from cloud.booking.errors import Taken
from cloud.booking.models import Entry
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant

WAITS = (Look.OPEN, Look.TAKEN)


def note(
    session: Session,
    kind: Kind,
    *,
    store_id: int,
    visit_id: int | None = None,
    request_id: int | None = None,
    patient_id: int | None = None,
    new: bool = False,
    answers: Iterable[tuple[str, str]] = (),
    due_at: datetime | None = None,
) -> Entry:
    """Something new for the desk of a store; its open pages show it at once."""
    about = {"visit_id": visit_id, "request_id": request_id, "patient_id": patient_id}
    entry = Entry(store_id=store_id, kind=kind, new=new, answers=[list(one) for one in answers], due_at=due_at, **about)
    session.add(entry)
    session.flush()
    _tell(session, entry)
    return entry


def of_store(session: Session, store_id: int, first: int, count: int) -> list[Entry]:
    """What waits, newest first; urgent answers above everything else, then requests whose time is over."""
    urgent = case((Entry.kind == Kind.URGENT, 0), (Entry.due_at <= now(), 1), else_=2)
    query = select(Entry).where(Entry.store_id == store_id, Entry.state.in_(WAITS))
    return list(session.scalars(query.order_by(urgent, Entry.at.desc(), Entry.id.desc()).offset(first).limit(count)))


def waiting(session: Session, store_id: int) -> int:
    """How many wait for somebody."""
    query = select(func.count()).select_from(Entry).where(Entry.store_id == store_id, Entry.state == Look.OPEN)
    return session.scalar(query) or 0


def take(session: Session, entry: Entry, by: int) -> None:
    """Somebody looks after it, alone. Raises Taken."""
    free = update(Entry).where(Entry.id == entry.id, Entry.state == Look.OPEN).values(state=Look.TAKEN, by=by)
    _swapped(session, entry, session.execute(free.returning(Entry.id)).first() is not None)


def give_back(session: Session, entry: Entry, by: int) -> None:
    """Whoever took it leaves it to others. Raises Taken."""
    mine = update(Entry).where(Entry.id == entry.id, Entry.state == Look.TAKEN, Entry.by == by)
    _swapped(
        session, entry, session.execute(mine.values(state=Look.OPEN, by=None).returning(Entry.id)).first() is not None
    )


def done(session: Session, entry: Entry, by: int) -> None:
    """It needs nobody any more. Raises Taken when it is over already."""
    open_ = update(Entry).where(Entry.id == entry.id, Entry.state.in_(WAITS))
    ended = open_.values(state=Look.DONE, by=by, done_at=now()).returning(Entry.id)
    _swapped(session, entry, session.execute(ended).first() is not None)


def answered(session: Session, *, by: int | None, visit_id: int | None = None, request_id: int | None = None) -> None:
    """What waited because of this visit or request has been dealt with."""
    mine = (Entry.visit_id == visit_id) if visit_id else (Entry.request_id == request_id)
    for entry in session.scalars(select(Entry).where(mine, Entry.state.in_(WAITS))):
        entry.state, entry.by, entry.done_at = Look.DONE, by, now()
        session.flush()
        _tell(session, entry)


def _swapped(session: Session, entry: Entry, did: bool) -> None:
    if not did:
        raise Taken
    session.refresh(entry)
    _tell(session, entry)


def _tell(session: Session, entry: Entry) -> None:
    fact = Fact(topic="booking.entry", tenant_id=current_tenant(), store_id=entry.store_id, subject=str(entry.id))
    announce(session, fact)

"""What stands in a store's days and what became of it, read for those who look after them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.booking.choices import State, Taken
from cloud.booking.errors import NoSuchVisit
from cloud.booking.models import Change, Hold, Offer, Part, Request, Visit
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant

GONE = (State.CANCELLED, State.MOVED)
FOUND = 50  # visits a search shows


@dataclass(frozen=True)
class Held:
    """A resource's part in a time that is kept for somebody who is still typing."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime
    until: datetime


@dataclass(frozen=True)
class Taker:
    """What a part of somebody's day is taken by; no visit while it is only held."""

    visit: Visit | None
    resource_id: int
    starts_at: datetime
    ends_at: datetime


def one(session: Session, visit_id: int) -> Visit:
    """A visit of this chain. Raises NoSuchVisit."""
    found = session.get(Visit, (current_tenant(), visit_id))
    if found is None:
        raise NoSuchVisit(visit_id)
    return found


def offer(session: Session, offer_id: int) -> Offer:
    """A time that was offered to somebody."""
    return session.get_one(Offer, (current_tenant(), offer_id))


def request(session: Session, request_id: int) -> Request:
    """What somebody asked for."""
    return session.get_one(Request, (current_tenant(), request_id))


def between(session: Session, store_id: int, begins: datetime, ends: datetime) -> Sequence[Visit]:
    """Visits of a store that meet this time, the earliest first; none that were cancelled or moved elsewhere."""
    query = select(Visit).where(Visit.store_id == store_id, Visit.shown_at < ends, Visit.ends_at > begins)
    return session.scalars(query.where(Visit.state.not_in(GONE)).order_by(Visit.shown_at, Visit.id)).all()


def parts(session: Session, visit_ids: Iterable[int]) -> dict[int, list[Part]]:
    """Who serves these visits and when, in order of time."""
    query = select(Part).where(Part.visit_id.in_(list(visit_ids)))
    found: dict[int, list[Part]] = defaultdict(list)
    for part in session.scalars(query.order_by(Part.starts_at, Part.segment, Part.resource_id)):
        if part.visit_id is not None:
            found[part.visit_id].append(part)
    return found


def held(session: Session, resource_ids: Iterable[int], begins: datetime, ends: datetime) -> list[Held]:
    """Times of these resources that are held now."""
    query = select(Part.resource_id, Part.starts_at, Part.ends_at, Hold.until).join(
        Hold, (Hold.tenant_id == Part.tenant_id) & (Hold.id == Part.hold_id)
    )
    query = query.where(Part.resource_id.in_(list(resource_ids)), Part.taken == Taken.HOLD, Hold.until > now())
    rows = session.execute(query.where(Part.starts_at < ends, Part.ends_at > begins).order_by(Part.starts_at))
    return [Held(*row) for row in rows]


def held_by(session: Session, hold_id: int) -> list[int]:
    """Who is kept for a hold, in order of time."""
    query = select(Part.resource_id).where(Part.hold_id == hold_id)
    return list(session.scalars(query.order_by(Part.starts_at, Part.resource_id)))


def takers(session: Session, part_ids: Iterable[int]) -> dict[int, Taker]:
    """By part, whose it is."""
    query = select(Part, Visit).outerjoin(Visit, (Visit.tenant_id == Part.tenant_id) & (Visit.id == Part.visit_id))
    rows = session.execute(query.where(Part.id.in_(list(part_ids))))
    return {part.id: Taker(visit, part.resource_id, part.starts_at, part.ends_at) for part, visit in rows}


def history(session: Session, visit_id: int) -> Sequence[Change]:
    """What was done to a visit and to those it was moved from, the first deed first."""
    came = select(Visit.id).where(Visit.id == visit_id).cte("came", recursive=True)
    came = came.union(select(Visit.id).join(came, Visit.moved_to == came.c.id))
    return session.scalars(select(Change).where(Change.visit_id.in_(select(came.c.id))).order_by(Change.id)).all()


def moved_from(session: Session, visit_id: int) -> Visit | None:
    """The visit this one was moved from."""
    return session.scalars(select(Visit).where(Visit.moved_to == visit_id)).first()


def together(session: Session, visit: Visit) -> Sequence[Visit]:
    """Visits of the same party or series, the earliest first; none for one that stands alone."""
    same = [column == value for column, value in ((Visit.party, visit.party), (Visit.series, visit.series)) if value]
    if not same:
        return ()
    query = select(Visit).where(or_(*same), Visit.id != visit.id, Visit.state != State.MOVED)
    return session.scalars(query.order_by(Visit.shown_at, Visit.id)).all()


def of_patients(
    session: Session, store_id: int, patient_ids: Iterable[int], around: tuple[datetime, datetime] | None = None
) -> Sequence[Visit]:
    """Visits of these people in a store, the latest first, whatever became of them."""
    query = select(Visit).where(Visit.store_id == store_id, Visit.patient_id.in_(list(patient_ids)))
    if around:
        query = query.where(Visit.shown_at >= around[0], Visit.shown_at < around[1])
    return session.scalars(query.order_by(Visit.shown_at.desc(), Visit.id.desc()).limit(FOUND)).all()

"""The one transaction that takes a time. Decision 0007, 6: the order of its steps keeps it free of deadlocks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cloud.booking import asking, glance
from cloud.booking.asking import Ask, Sight
from cloud.booking.choices import Taken
from cloud.booking.errors import Gone, NotOffered
from cloud.booking.glance import Sketch
from cloud.booking.models import Hold, Part
from cloud.kernel.clock import local, now
from cloud.schedule import queries as schedule
from cloud.schedule import versions
from cloud.schedule.models import Resource
from cloud.schedule.versions import Now
from cloud.slots import assigning, choosing, search
from cloud.slots.day import QUANTUM, Day
from cloud.slots.visit import Place

NEAR = 3  # other times that are offered to whoever came too late


@dataclass(frozen=True)
class Seat:
    """A time with everybody who is needed for it, chosen and locked."""

    shown_at: datetime
    ends_at: datetime
    day: Day
    places: tuple[Place, ...]

    def parts(self, taken: Taken) -> list[Part]:
        """Rows of it, of no visit and no hold yet."""
        return [
            Part(
                resource_id=one.resource,
                segment=one.segment,
                starts_at=self.day.instant(one.start),
                ends_at=self.day.instant(one.end),
                taken=taken,
            )
            for one in self.places
        ]


def lock(session: Session, resources: Iterable[int]) -> None:
    """Everybody who may be needed, in the order of their numbers: whoever comes second waits and cannot deadlock."""
    wanted = select(Resource.id).where(Resource.id.in_(list(resources))).order_by(Resource.id)
    session.execute(wanted.with_for_update(key_share=True, of=Resource)).all()


def seat(session: Session, ask: Ask, at: datetime, known: Collection[int] = ()) -> Seat:
    """Choose who serves a visit to which the patient comes at ``at``, one of ``known`` first. Raises Gone, NotOffered.

    What is seen is seen under the lock, so it stays true until this transaction ends.
    """
    [seen], on = locked(session, [ask], at)
    return _seat(seen, at, on, known)


def locked(session: Session, asks: Sequence[Ask], at: datetime) -> tuple[list[Sight], date]:
    """Lock everybody whom these wishes in one store may need, and look at the day of ``at``; its date by the store.

    What was worked out of the schedule before is good as long as that stands; only visits are read. Where windows for
    some types or quotas decide as well, it is the long way. Raises NotOffered.
    """
    store_id = asks[0].store_id
    stands = versions.now(session, store_id)
    written = [glance.sketches(session, [one], {store_id: stands})[store_id] for one in asks]
    offered = [one for one in written if one is not None]
    if not offered:
        raise NotOffered(asks[0].type_id)
    ids = {one for sketch in offered for one in sketch.able}
    if stands.special:
        ids |= {one for ask in asks for one in schedule.able(session, store_id, ask.type_id)}
    lock(session, ids)
    sweep(session, ids)
    on = local(at, offered[0].zone).date()
    return [_seen(session, *pair, stands, on) for pair in zip(asks, written, strict=True)], on


def _seen(session: Session, ask: Ask, written: Sketch | None, stands: Now, on: date) -> Sight:
    if written is not None and not stands.special:
        return glance.under_lock(session, ask, written, stands, on)
    seen = asking.view(session, ask, on, on) if written is not None else None
    if seen is None:
        raise NotOffered(ask.type_id)
    return seen


def sweep(session: Session, resources: Iterable[int]) -> None:
    """Holds of these resources that have ended make room, so that the constraint does not see them either."""
    gone = select(Part.hold_id).join(Hold, (Hold.tenant_id == Part.tenant_id) & (Hold.id == Part.hold_id))
    gone = gone.where(Part.resource_id.in_(list(resources)), Part.taken == Taken.HOLD, Hold.until <= now())
    ids = list(session.scalars(gone.distinct()))
    if ids:
        session.execute(delete(Part).where(Part.hold_id.in_(ids)))
        session.execute(delete(Hold).where(Hold.id.in_(ids)))


def release(session: Session, visit_id: int) -> None:
    """A visit's parts are over: they stay on record and take nobody's time."""
    session.execute(update(Part).where(Part.visit_id == visit_id).values(taken=Taken.OVER))


def _seat(seen: Sight, at: datetime, on: date, known: Collection[int]) -> Seat:
    day = seen.day(on)
    start = (at - day.begins) // QUANTUM
    for question in seen.questions(on) if at == day.instant(start) else ():
        if search.starts(question) >> start & 1:
            rank = choosing.fair(question.grounds, seen.weights, known, start)
            places = assigning.assign(question.visit, question.grounds, start, rank)
            if places is not None:
                return Seat(at, at + timedelta(minutes=seen.shown), day, places)
    raise Gone(_near(seen, at, on))


def _near(seen: Sight, at: datetime, on: date) -> tuple[datetime, ...]:
    nearest = sorted(asking.times(seen, on), key=lambda one: abs(one - at))
    return tuple(sorted(nearest[:NEAR]))

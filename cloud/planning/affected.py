"""Whom a change would touch: it is made within a savepoint, looked at with the eyes of booking, and taken back."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import standing, taking
from cloud.booking.standing import Booked
from cloud.kernel.clock import now
from cloud.schedule.models import Resource

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Intended:
    """A change that is not made yet, in a store or, without one, in the whole chain.

    ``deed`` may be done more than once: it takes nothing but a session and finds its rows by their numbers. It changes
    nothing before ``since`` and nothing after ``until``.
    """

    store_id: int | None
    deed: Callable[[Session], object]
    since: date = date.min
    until: date = date.max

    def around(self, moment: datetime) -> tuple[datetime, datetime]:
        """Instants between which visits may be touched, wherever the store is."""
        first = max(moment, _begins(self.since) - DAY) if self.since > date.min else moment
        return first, _begins(self.until) + 2 * DAY if self.until < date.max else standing.EVER


def affected(session: Session, change: Intended) -> list[Booked]:
    """Visits still to come that would not be offered any more as they are booked, by when they are.

    Everybody of the store is locked until this transaction ends, so that nothing is booked between looking and doing.
    Raises whatever the deed raises.
    """
    around = change.around(now())
    places = _places(session, change, around)
    taking.lock(session, _everybody(session, change.store_id))
    before = {one: standing.gaps(session, one, *around) for one in places}
    trial = session.begin_nested()
    try:
        change.deed(session)
        session.flush()
        after = {one: standing.gaps(session, one, *around) for one in places}
    finally:
        trial.rollback()
    return standing.visits(session, [visit for one in places for visit in standing.worse(before[one], after[one])])


def fingerprint(visits: Iterable[Booked]) -> str:
    """What somebody has seen: when it is another list by the time they say so, it is shown again."""
    told = ",".join(str(one) for one in sorted(visit.id for visit in visits))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _begins(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _places(session: Session, change: Intended, around: tuple[datetime, datetime]) -> list[int]:
    booked = standing.stores(session, *around)
    return booked if change.store_id is None else [one for one in booked if one == change.store_id]


def _everybody(session: Session, store_id: int | None) -> list[int]:
    query = select(Resource.id)
    return list(session.scalars(query if store_id is None else query.where(Resource.store_id == store_id)))

"""Whose a store's queue is just now: the cloud's, or its gateway's, which may be without the internet.

Who changes a queue marks its book as due at the very end of the transaction, when every other lock is held already, so
that nobody waits for each other crosswise.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from cloud.fleet import queries as fleet
from cloud.fleet.choices import OFFLINE
from cloud.kernel.clock import now
from cloud.queue.errors import HeldAway
from cloud.queue.models import Holding

STIRRED = "queue_stirred"  # where a session keeps the stores whose books are due


@dataclass(frozen=True, slots=True)
class Away:
    """The gateway that calls people by itself, since when; ``certain``: it has said so, and is not merely away."""

    gateway: str
    since: datetime
    certain: bool


def of(session: Session, store_id: int, *, hold: bool = False) -> Holding | None:
    """Which gateway goes on with a store's queue, where one does; ``hold`` the row until the transaction ends."""
    query = select(Holding).where(Holding.store_id == store_id)
    query = query.with_for_update().execution_options(populate_existing=True) if hold else query
    return session.scalars(query).first()


def away(session: Session, store_id: int) -> Away | None:
    """Who has the queue, where the cloud has not. Nobody has it who never said that it keeps the book."""
    row = of(session, store_id)
    gateway = fleet.gateway(session, row.gateway_id) if row and row.gateway_id else None
    if row is None or gateway is None or gateway.status != "enrolled":
        return None
    if not row.ended and row.held_at:
        return Away(gateway.slug, row.held_at, certain=True)
    if row.kept and gateway.state == OFFLINE and gateway.since and _is_after(gateway.since, row.regained_at):
        return Away(gateway.slug, gateway.since, certain=False)
    return None


def _is_after(at: datetime, regained_at: datetime | None) -> bool:
    return regained_at is None or at > regained_at


def mine(session: Session, store_id: int) -> None:
    """Go on where the queue is the cloud's. Raises HeldAway."""
    if (found := away(session, store_id)) is not None:
        raise HeldAway(found.gateway, found.since)


def regain(session: Session, store_id: int, *, by: int) -> None:
    """The cloud calls again, whatever the gateway does; what it did meanwhile is taken over as far as it fits."""
    row = of(session, store_id, hold=True)
    if row is not None:
        row.ended, row.regained_at, row.regained_by = True, now(), by
        session.flush()
        stir(session, store_id)


def stir(session: Session, store_id: int) -> None:
    """The store's book may have to be told anew, once this is kept."""
    session.info.setdefault(STIRRED, set()).add(store_id)


@event.listens_for(Session, "before_commit")
def _mark(session: Session) -> None:
    if session.in_nested_transaction() or not (stirred := session.info.pop(STIRRED, None)):
        return
    known = (Holding.store_id.in_(sorted(stirred)), Holding.due.is_(False))
    session.execute(update(Holding).where(*known).values(due=True).execution_options(synchronize_session=False))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(STIRRED, None)

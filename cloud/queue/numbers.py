"""Numbers on tickets: a letter and three digits, each given once in a store's day, by whoever has leased it."""

from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cloud.queue.errors import NoNumbers
from cloud.queue.models import Lease

LAST = 999
OF_CLOUD, OF_GATEWAY = 50, 40  # numbers of a lease


def draw(session: Session, store_id: int, day: date, letter: str) -> str:
    """The next number the cloud gives, as ``A012``. Raises NoNumbers."""
    alone(session, store_id, day, letter)
    lease = _running(session, store_id, day, letter) or lend(session, store_id, day, letter)
    lease.given += 1
    session.flush()
    return f"{letter}{lease.given:03}"


def lend(session: Session, store_id: int, day: date, letter: str, gateway_id: int | None = None) -> Lease:
    """Numbers for one giver alone: the cloud's grow from 1, a gateway's from the end, so that lines look whole.

    Raises NoNumbers where both have met.
    """
    alone(session, store_id, day, letter)
    of_day = (Lease.store_id == store_id, Lease.day == day, Lease.letter == letter)
    low = session.scalar(select(func.max(Lease.last)).where(*of_day, Lease.gateway_id.is_(None))) or 0
    high = session.scalar(select(func.min(Lease.first)).where(*of_day, Lease.gateway_id.is_not(None))) or LAST + 1
    if low + 1 > high - 1:
        raise NoNumbers(letter)
    ours = (low + 1, min(low + OF_CLOUD, high - 1))
    theirs = (max(high - OF_GATEWAY, low + 1), high - 1)
    first, last = ours if gateway_id is None else theirs
    told = {"store_id": store_id, "day": day, "letter": letter, "gateway_id": gateway_id}
    lease = Lease(first=first, last=last, given=first - 1, **told)
    session.add(lease)
    session.flush()
    return lease


def holder(session: Session, store_id: int, day: date, ticket: str) -> int | None:
    """The gateway that may give this number; None where it is the cloud's or nobody's."""
    number = int(ticket[1:])
    query = select(Lease.gateway_id).where(Lease.store_id == store_id, Lease.day == day, Lease.letter == ticket[0])
    return session.scalar(query.where(Lease.first <= number, Lease.last >= number))


def _running(session: Session, store_id: int, day: date, letter: str) -> Lease | None:
    query = select(Lease).where(Lease.store_id == store_id, Lease.day == day, Lease.letter == letter)
    return session.scalars(query.where(Lease.gateway_id.is_(None), Lease.given < Lease.last)).first()


def alone(session: Session, store_id: int, day: date, letter: str) -> None:
    """One giver at a time, also where there is no lease yet that could be locked."""
    said = {"name": f"queue {store_id} {day} {letter}"}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), said)

"""Numbers on tickets: a letter and three digits, each given once in a store's day, by whoever has leased it."""

import contextlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cloud.queue.errors import NoNumbers
from cloud.queue.models import Lease

LAST = 999
OF_CLOUD, OF_GATEWAY = 50, 320  # numbers of a lease; a store without the internet needs them for a whole day


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


def leased(session: Session, store_id: int, day: date, letter: str, gateway_id: int) -> list[Lease]:
    """What a gateway may give of a letter on a day; more is lent where less than half of the last lease is left."""
    query = select(Lease).where(Lease.store_id == store_id, Lease.day == day, Lease.letter == letter)
    found = list(session.scalars(query.where(Lease.gateway_id == gateway_id).order_by(Lease.id)))
    if not found or found[-1].last - found[-1].given < OF_GATEWAY // 2:
        with contextlib.suppress(NoNumbers):
            found.append(lend(session, store_id, day, letter, gateway_id))
    return found


def of_gateway(session: Session, store_id: int, days: Sequence[date], gateway_id: int) -> list[Lease]:
    """Everything a gateway may give on these days."""
    query = select(Lease).where(Lease.store_id == store_id, Lease.day.in_(days), Lease.gateway_id == gateway_id)
    return list(session.scalars(query.order_by(Lease.day, Lease.letter, Lease.id)))


def given(session: Session, store_id: int, day: date, ticket: str, gateway_id: int) -> None:
    """A gateway gave this number. Raises NoNumbers where it is none of its own, or was given before."""
    number = int(ticket[1:])
    of_day = (Lease.store_id == store_id, Lease.day == day, Lease.letter == ticket[0])
    query = select(Lease).where(*of_day, Lease.first <= number, Lease.last >= number)
    lease = session.scalars(query.with_for_update()).first()
    if lease is None or lease.gateway_id != gateway_id or number <= lease.given:
        raise NoNumbers(ticket)
    lease.given = number
    session.flush()


def _running(session: Session, store_id: int, day: date, letter: str) -> Lease | None:
    query = select(Lease).where(Lease.store_id == store_id, Lease.day == day, Lease.letter == letter)
    return session.scalars(query.where(Lease.gateway_id.is_(None), Lease.given < Lease.last)).first()


def alone(session: Session, store_id: int, day: date, letter: str) -> None:
    """One giver at a time, also where there is no lease yet that could be locked."""
    said = {"name": f"queue {store_id} {day} {letter}"}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), said)

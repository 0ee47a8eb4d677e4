"""Times that are kept for somebody for a while. Nothing outside the database happens here."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from cloud.booking import taking
from cloud.booking.asking import Ask
from cloud.booking.choices import Taken
from cloud.booking.errors import RanOut, TooManyHolds
from cloud.booking.models import Hold, Part
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.schedule import queries as schedule

MOST_HOLDS = 3


def hold(session: Session, ask: Ask, at: datetime, holder: str, known: Collection[int] = ()) -> tuple[Hold, str]:
    """Keep a time for somebody who is still typing; the hold, and the token that is known to nobody else.

    ``known`` are those they would rather have again; ``holder`` says who asks (a digest of session or address): a new
    hold of the same type ends the one before.

    Raises:
        Gone, NotOffered: as taking.seat.
        TooManyHolds: three of other types are held already.
    """
    taking.lock(session, schedule.able(session, ask.store_id, ask.type_id))
    _only(session, ask, holder)
    minutes = schedule.policy(session, ask.store_id).hold_minutes
    return keep(session, ask, at, holder, now() + timedelta(minutes=minutes), known)


def keep(
    session: Session, ask: Ask, at: datetime, holder: str, until: datetime, known: Collection[int] = ()
) -> tuple[Hold, str]:
    """Keep a time until then, whatever else is kept for the same holder. Raises Gone, NotOffered."""
    return write(session, ask, taking.seat(session, ask, at, known), holder, until)


def write(session: Session, ask: Ask, seat: taking.Seat, holder: str, until: datetime) -> tuple[Hold, str]:
    """Keep a time that has been chosen under the lock."""
    token = secrets.token_urlsafe(24)
    where = {"store_id": ask.store_id, "type_id": ask.type_id, "who": ask.who}
    when = {"shown_at": seat.shown_at, "ends_at": seat.ends_at, "until": until}
    kept = Hold(**where, **when, digest=digest(token), holder=holder)
    session.add(kept)
    session.flush()
    place(session, seat.parts(Taken.HOLD), hold_id=kept.id)
    return kept, token


def renew(session: Session, token: str) -> Hold:
    """Once more the same time, while a deposit is being paid; only once. Raises RanOut."""
    kept = held(session, token)
    if kept.renewed:
        raise RanOut
    minutes = schedule.policy(session, kept.store_id).hold_minutes
    kept.renewed, kept.until = True, now() + timedelta(minutes=minutes)
    session.flush()
    return kept


def held(session: Session, token: str) -> Hold:
    """A hold that still holds, locked. Raises RanOut."""
    return _still(session, Hold.digest == digest(token))


def held_as(session: Session, hold_id: int) -> Hold:
    """The same, by its number. Raises RanOut."""
    return _still(session, Hold.id == hold_id)


def let_go(session: Session, token: str) -> None:
    """End a hold; one that is gone stays gone."""
    drop(session, session.scalars(select(Hold.id).where(Hold.digest == digest(token))).all())


def drop(session: Session, holds: Sequence[int]) -> None:
    """These times are nobody's any more."""
    if not holds:
        return
    lock(session, holds)
    session.execute(delete(Part).where(Part.hold_id.in_(holds)))
    session.execute(delete(Hold).where(Hold.id.in_(holds)))


def lock(session: Session, holds: Sequence[int]) -> None:
    """Everybody who is kept, in the order everybody locks them: the triggers of their parts would do it in any."""
    if ids := set(session.scalars(select(Part.resource_id).where(Part.hold_id.in_(holds)))):
        taking.lock(session, ids)


def drop_of(session: Session, holder: str) -> None:
    """Everything that is kept for a holder."""
    drop(session, session.scalars(select(Hold.id).where(Hold.holder == holder)).all())


def place(session: Session, parts: list[Part], **whose: int) -> None:
    """Parts of a visit or of a hold."""
    names = ("resource_id", "segment", "starts_at", "ends_at", "taken")
    rows = [{**{name: getattr(part, name) for name in names}, **whose} for part in parts]
    session.execute(insert(Part), [{"tenant_id": current_tenant(), **row} for row in rows])


def _still(session: Session, which: ColumnElement[bool]) -> Hold:
    query = select(Hold).where(which, Hold.until > func.clock_timestamp())
    kept = session.scalars(query.with_for_update()).first()
    if kept is None:
        raise RanOut
    return kept


def _only(session: Session, ask: Ask, holder: str) -> None:
    """End the holder's other hold of this type; refuse a fourth of all."""
    mine = session.scalars(select(Hold).where(Hold.holder == holder, Hold.until > now())).all()
    same = [one.id for one in mine if one.type_id == ask.type_id and one.store_id == ask.store_id]
    drop(session, same)
    if len(mine) - len(same) >= MOST_HOLDS:
        raise TooManyHolds

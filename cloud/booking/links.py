"""What a patient holds: a random token that is good for one thing. The database keeps its digest."""

import secrets
from datetime import datetime

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from cloud.booking.choices import Purpose
from cloud.booking.errors import LinkOver
from cloud.booking.models import Link
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.hashing import digest


def make(
    session: Session,
    purpose: Purpose,
    *,
    until: datetime,
    visit_id: int | None = None,
    request_id: int | None = None,
    offer_id: int | None = None,
) -> str:
    """A new token, known to nobody else afterwards."""
    token = secrets.token_urlsafe(24)
    about = {"visit_id": visit_id, "request_id": request_id, "offer_id": offer_id}
    session.add(Link(digest=digest(token), purpose=purpose, until=until, **about))
    session.flush()
    return token


def place(engine: Engine, token: str) -> int | None:
    """The chain a token belongs to, if there is such a token."""
    with outside(engine) as session:
        found: int | None = session.scalar(text("SELECT booking_link_place(:asked)"), {"asked": digest(token)})
        return found


def find(session: Session, token: str) -> Link:
    """The link of a token, of whatever purpose. Raises LinkOver."""
    mine = select(Link).where(Link.digest == digest(token), Link.used_at.is_(None), Link.until > now())
    found = session.scalars(mine).first()
    if found is None:
        raise LinkOver
    return found


def use(session: Session, link: Link) -> None:
    """Its last use, by compare and swap. Raises LinkOver."""
    unused = update(Link).where(Link.id == link.id, Link.used_at.is_(None), Link.until > now())
    if session.execute(unused.values(used_at=now()).returning(Link.id)).first() is None:
        raise LinkOver


def end(session: Session, *, visit_id: int) -> None:
    """No link to this visit is good any more."""
    session.execute(update(Link).where(Link.visit_id == visit_id, Link.used_at.is_(None)).values(used_at=now()))

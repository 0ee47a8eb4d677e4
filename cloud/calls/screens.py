"""Screens that anybody may read: each has an address of its own, and ends when somebody says so."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.hashing import digest
from cloud.queue.errors import NoSuch
from cloud.queue.models import Screen


def open_(
    session: Session, store_id: int, sort: str, name: str, stations: Sequence[int] = (), *, by: int
) -> tuple[Screen, str]:
    """A screen and its token, which nobody can read again. ``stations``: those it shows, none for all."""
    token = secrets.token_urlsafe(24)
    told = {"store_id": store_id, "sort": sort, "name": name, "stations": list(stations), "by": by}
    screen = Screen(**told, digest=digest(token))
    session.add(screen)
    session.flush()
    audit.note(session, by=by, verb="opened", kind="queue_screen", subject=screen.id)
    return screen, token


def of_store(session: Session, store_id: int, sort: str = "screen") -> list[Screen]:
    """Those that have not ended."""
    query = select(Screen).where(Screen.store_id == store_id, Screen.sort == sort, Screen.ended.is_(False))
    return list(session.scalars(query.order_by(Screen.id)))


def screen(session: Session, screen_id: int) -> Screen:
    """One of them. Raises NoSuch."""
    found = session.scalars(select(Screen).where(Screen.id == screen_id, Screen.ended.is_(False))).first()
    if found is None:
        raise NoSuch
    return found


def end(session: Session, store_id: int, screen_id: int, *, by: int) -> None:
    """Its address leads nowhere any more. Raises NoSuch."""
    found = screen(session, screen_id)
    if found.store_id != store_id:
        raise NoSuch
    found.ended = True
    session.flush()
    audit.note(session, by=by, verb="ended", kind="queue_screen", subject=screen_id)

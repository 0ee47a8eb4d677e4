"""Kiosks of a store: each a page without signing in, found by its token, until somebody ends it."""

import secrets

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.database import outside
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.queue import queries
from cloud.queue.errors import NoSuch
from cloud.queue.models import Screen

SORT = "kiosk"
LONGEST = 60


def open_(session: Session, store_id: int, name: str, by: int) -> tuple[Screen, str]:
    """A new kiosk, and the token of its page: known to nobody else afterwards."""
    token = secrets.token_urlsafe(24)
    screen = Screen(store_id=store_id, sort=SORT, name=name[:LONGEST], digest=digest(token), stations=[], by=by)
    session.add(screen)
    session.flush()
    audit.note(session, by=by, verb="opened", kind="kiosk", subject=screen.id)
    return screen, token


def of_store(session: Session, store_id: int) -> list[Screen]:
    """Those that are open, the newest first."""
    query = select(Screen).where(Screen.store_id == store_id, Screen.sort == SORT, Screen.ended.is_(False))
    return list(session.scalars(query.order_by(Screen.id.desc())))


def end(session: Session, store_id: int, screen_id: int, by: int) -> None:
    """Its address leads nowhere from now on. Raises NoSuch."""
    one = kiosk(session, screen_id)
    if one.store_id != store_id:
        raise NoSuch
    one.ended = True
    session.flush()
    audit.note(session, by=by, verb="ended", kind="kiosk", subject=screen_id)


def find(engine: Engine, token: str) -> tuple[int, int]:
    """Chain and number of the kiosk whose token this is. Raises NoSuch."""
    with outside(engine) as session:
        found = queries.screen_holder(session, digest(token))
    if found is None:
        raise NoSuch
    return found


def kiosk(session: Session, screen_id: int) -> Screen:
    """A kiosk of this chain that is open. Raises NoSuch."""
    found = session.get(Screen, (current_tenant(), screen_id))
    if found is None or found.sort != SORT or found.ended:
        raise NoSuch
    return found

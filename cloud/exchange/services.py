"""Which systems are told, which programs are let in, which calendars are read from outside."""

import secrets

from sqlalchemy.orm import Session

from cloud.exchange import queries, sealing
from cloud.exchange.choices import OVER, Kind, State
from cloud.exchange.errors import NoSuchDelivery, NoSuchKey
from cloud.exchange.models import Feed, Key, Target
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant

KEY, FEED = "ek_", "ef_"


def add_target(
    session: Session, kind: Kind, *, name: str, url: str, by: int, account: str = "", credential: str = ""
) -> tuple[Target, str]:
    """Another system, told of everything from now on; with the secret its webhook is signed with, shown once."""
    secret = credential or (secrets.token_urlsafe(32) if kind == Kind.WEBHOOK else "")
    sealed = sealing.of(session).seal(secret)
    made = Target(kind=kind, name=name, url=url, account=account, credential=sealed, made_by=by)
    session.add(made)
    session.flush()
    audit.note(session, by=by, verb="added", kind="exchange target", subject=made.id, of=kind)
    return made, secret


def switch(session: Session, target_id: int, *, on: bool, by: int) -> None:
    """Tell a system, or not any more. Raises NoSuchTarget."""
    queries.target(session, target_id).on = on
    session.flush()
    audit.note(session, by=by, verb="switched", kind="exchange target", subject=target_id, on=on)


def again(session: Session, delivery_id: int, *, by: int) -> None:
    """Another round of tries. Raises NoSuchDelivery."""
    one = queries.delivery(session, delivery_id)
    if one.state not in OVER:
        raise NoSuchDelivery(delivery_id)
    one.state, one.why, one.said, one.tries, one.due_at, one.ended_at = State.PENDING, None, None, 0, now(), None
    session.flush()
    audit.note(session, by=by, verb="sent again", kind="exchange delivery", subject=delivery_id)


def make_key(session: Session, name: str, *, by: int) -> str:
    """A key for another program, known to nobody else afterwards."""
    secret = KEY + secrets.token_urlsafe(32)
    made = Key(name=name, digest=digest(secret), begins=secret[:9], made_by=by)
    session.add(made)
    session.flush()
    audit.note(session, by=by, verb="made", kind="exchange key", subject=made.id)
    return secret


def end_key(session: Session, key_id: int, *, by: int) -> None:
    """It opens nothing any more. Raises NoSuchKey."""
    _end(session, session.get(Key, (current_tenant(), key_id)), by, "exchange key")


def make_feed(session: Session, resource_id: int, *, by: int) -> str:
    """A secret address for a calendar; the one before opens nothing any more."""
    for old in queries.feeds(session, [resource_id]).values():
        _end(session, old, by, "exchange feed")
    secret = FEED + secrets.token_urlsafe(32)
    session.add(Feed(resource_id=resource_id, digest=digest(secret), made_by=by))
    session.flush()
    audit.note(session, by=by, verb="made", kind="exchange feed", subject=resource_id)
    return secret


def end_feed(session: Session, resource_id: int, *, by: int) -> None:
    """Its address opens nothing any more. Raises NoSuchKey."""
    _end(session, queries.feeds(session, [resource_id]).get(resource_id), by, "exchange feed")


def _end(session: Session, row: Key | Feed | None, by: int, kind: str) -> None:
    if row is None or row.ended_at is not None:
        raise NoSuchKey
    row.ended_at = now()
    session.flush()
    audit.note(session, by=by, verb="ended", kind=kind, subject=row.id)

"""What a store's gateway is told of its queue: the whole book, retained; who serves the store no more has none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from msgspec.structs import replace
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.offline import books
from cloud.queue import holding, queries
from cloud.queue.models import Holding
from protocols.envelope import Address
from protocols.envelope.queue import Book, pack

LEASE = timedelta(seconds=30)  # longer than a broker is waited for
APART_S = 3.0  # between two books of a store: a line that is paid by the byte carries one for several calls
EXPIRY_SECONDS = 2 * 86400  # a book of the day before yesterday is of no use
CHANNEL = "queue"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves, retained until it expires."""

    topic: str
    payload: bytes = field(repr=False)
    expiry: int = EXPIRY_SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """What to publish, and what stands once the broker has all of it."""

    letters: Sequence[Letter]
    address: str | None
    version: int
    digest: str | None
    until: datetime | None


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and store of every book that may have changed, over all chains."""
    with outside(engine) as session:
        rows = session.execute(text("SELECT * FROM queue_books_due(:apart)"), {"apart": APART_S})
        return [(row.tenant_id, row.store_id) for row in rows]


def plan(session: Session, store_id: int) -> Plan | None:
    """What to say now; None where another process sees to it. Nobody else does for LEASE, as with worklists."""
    if (known := holding.of(session, store_id)) is not None:
        books.lend(session, known)
    row = holding.of(session, store_id, hold=True)
    if row is None or (row.busy_until is not None and row.busy_until > now()):
        return None
    row.again = row.again or row.busy_until is not None
    made = _plan(session, row)
    row.version, row.due, row.again, row.busy_until = made.version, False, False, now() + LEASE
    session.flush()
    return made


def _plan(session: Session, row: Holding) -> Plan:
    address = _address(session, row)
    made = books.book(session, row) if address else None
    digest = books.digest(made) if made else None
    letters = [Letter(_topic(row.address), b"")] if row.address and row.address != address else []
    version, fresh = row.version, (digest, address) != (row.digest, row.address)
    if made is not None and address is not None and (fresh or row.again):
        version += fresh
        letters.append(_letter(made, address, version))
    return Plan(letters, address if made else None, version, digest, _midnight(session, row.store_id))


def _address(session: Session, row: Holding) -> str | None:
    """The gateway's, while it serves this store."""
    gateway = fleet.gateway(session, row.gateway_id) if row.gateway_id else None
    if gateway is None or (gateway.status, gateway.store_id) != ("enrolled", row.store_id):
        return None
    return str(Address(*accounts.slugs(session, gateway.store_id), gateway.slug))


def _topic(address: str) -> str:
    return Address.of(address).down(CHANNEL)


def _letter(made: Book, address: str, version: int) -> Letter:
    return Letter(_topic(address), pack(replace(made, version=version)))


def _midnight(session: Session, store_id: int) -> datetime:
    tomorrow = queries.today(session, store_id) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, queries.zone(session, store_id))


def told(session: Session, store_id: int, done: Plan) -> None:
    """The broker has it."""
    row = holding.of(session, store_id, hold=True)
    assert row is not None  # noqa: S101 - there since the plan was made
    row.address, row.digest, row.until, row.busy_until = done.address, done.digest, done.until, None
    row.told_at = now()
    session.flush()


def failed(session: Session, store_id: int) -> None:
    """The broker has not all of it: to be told again, by whoever comes first."""
    row = holding.of(session, store_id, hold=True)
    assert row is not None  # noqa: S101 - there since the plan was made
    row.due, row.again, row.busy_until = True, True, None
    session.flush()

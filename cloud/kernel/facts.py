"""Things that have happened. They are told after the commit, so what was rolled back tells nobody.

A fact carries ids, never names or values. Within a transaction it becomes a PostgreSQL notification, which the
server delivers on commit to every process that listens.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import event, text
from sqlalchemy.orm import Session

CHANNEL = "emmetra_facts"
WAITING = "facts"  # where a session keeps those of its transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``topic`` says what kind of thing changed, ``store_id`` where, ``subject`` which row."""

    topic: str
    tenant_id: int
    store_id: int | None = None
    subject: str | None = None


# What announces; also the end of a longer statement where each round trip to the server counts.
TELL = f"SELECT pg_notify('{CHANNEL}', fact) FROM jsonb_array_elements_text(CAST(:facts AS jsonb)) AS fact"  # noqa: S608


def told(facts: Iterable[Fact]) -> str:
    """Facts as the parameter ``:facts`` of TELL."""
    return msgspec.json.encode([msgspec.json.encode(fact).decode() for fact in facts]).decode()


def announce(session: Session, fact: Fact) -> None:
    """Tell everyone who listens, once this transaction is kept; all of its facts in one statement."""
    session.info.setdefault(WAITING, []).append(fact)
    if session.in_nested_transaction():
        _tell(session)


@event.listens_for(Session, "before_commit")
def _tell(session: Session) -> None:
    if facts := session.info.pop(WAITING, ()):
        session.execute(text(TELL), {"facts": told(facts)})


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(WAITING, None)


def read(payload: str) -> Fact:
    """A fact as it came over the channel."""
    return msgspec.json.decode(payload, type=Fact)

"""Things that have happened. They are told after the commit, so what was rolled back tells nobody.

A fact carries ids, never names or values. Within a transaction it becomes a PostgreSQL notification, which the
server delivers on commit to every process that listens.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

CHANNEL = "emmetra_facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``topic`` says what kind of thing changed, ``store_id`` where, ``subject`` which row."""

    topic: str
    tenant_id: int
    store_id: int | None = None
    subject: str | None = None


def announce(session: Session, fact: Fact) -> None:
    """Tell everyone who listens, once this transaction is kept."""
    payload = msgspec.json.encode(fact).decode()
    session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


def read(payload: str) -> Fact:
    """A fact as it came over the channel."""
    return msgspec.json.decode(payload, type=Fact)

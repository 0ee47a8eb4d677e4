"""What one commit of the broker's journal holds, and how it becomes rows."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from deploy.broker.journal import SessionRow
from deploy.broker.messages import Delivery, Message, encode

SHIFT = 40  # a waiting row's key is its session's number and its own, in one integer

_SAVE_SESSION = """
INSERT INTO session (number, user, client, expiry, gone_at, subscriptions, will, will_delay)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET expiry = excluded.expiry, gone_at = excluded.gone_at,
    subscriptions = excluded.subscriptions, will = excluded.will, will_delay = excluded.will_delay
"""

Then = Callable[[bool], None]


@dataclass(slots=True)
class Batch:
    """What one commit will write. A later word about the same thing replaces the earlier one."""

    sessions: dict[int, SessionRow] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    kept: dict[int, Delivery] = field(default_factory=dict)
    forgotten: set[int] = field(default_factory=set)
    sent: dict[int, int] = field(default_factory=dict)
    retained: dict[str, Message | None] = field(default_factory=dict)
    waiters: list[Then] = field(default_factory=list)

    @property
    def dirty(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.sessions or self.ended or self.kept or self.forgotten or self.sent or self.retained)

    def end(self, number: int) -> None:
        """A session is over, and whatever was noted for it."""
        self.sessions.pop(number, None)
        self.sent.pop(number, None)
        self.kept = {key: one for key, one in self.kept.items() if key >> SHIFT != number}
        self.ended.add(number)

    def absorb(self, later: "Batch") -> None:
        """Add what happened after a batch that could not be written."""
        for number in later.ended:
            self.end(number)
        for key in later.forgotten:
            self.kept.pop(key, None)
        self.sessions |= later.sessions
        self.kept |= later.kept
        self.forgotten |= later.forgotten
        self.sent |= later.sent
        self.retained |= later.retained
        self.waiters += later.waiters


def write(database: sqlite3.Connection, batch: Batch, now: float) -> None:
    """Insert and delete inside a transaction that is not committed yet. Raises sqlite3.Error."""
    wall = time.time() - now
    run = database.executemany
    database.execute("BEGIN IMMEDIATE")
    spans = [(number << SHIFT, (number + 1) << SHIFT) for number in batch.ended]
    run("DELETE FROM session WHERE number = ?", [(number,) for number in batch.ended])
    run("DELETE FROM waiting WHERE id >= ? AND id < ?", spans)
    run(_SAVE_SESSION, [_session(row) for row in batch.sessions.values()])
    run("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?)", _waiting(batch, wall))
    run("DELETE FROM waiting WHERE id = ?", [(key,) for key in batch.forgotten])
    run("UPDATE session SET sent = ? WHERE number = ?", [(seq, number) for number, seq in batch.sent.items()])
    run("DELETE FROM retained WHERE topic = ?", [(topic,) for topic in batch.retained])
    run("INSERT INTO retained VALUES (?, ?, ?)", _retained(batch, wall))


def _session(row: SessionRow) -> tuple[object, ...]:
    gone_at = None if row.online else time.time()
    subscriptions = json.dumps(row.subscriptions)
    return row.number, row.user, row.client, row.expiry, gone_at, subscriptions, row.will, row.will_delay


def _waiting(batch: Batch, wall: float) -> Iterator[tuple[object, ...]]:
    for key, one in batch.kept.items():
        yield key, encode(one, remaining=None, topic=one.message.topic), _until(one.message, wall), one.group


def _retained(batch: Batch, wall: float) -> Iterator[tuple[object, ...]]:
    for topic, message in batch.retained.items():
        if message is not None:
            one = Delivery(message, message.qos, retain=True, identifiers=())
            yield topic, encode(one, remaining=None, topic=topic), _until(message, wall)


def _until(message: Message, wall: float) -> float | None:
    # The loop's clock means nothing after a restart, so the disk has the wall's.
    return None if message.until is None else message.until + wall


def tell(batch: Batch, *, safe: bool) -> None:
    """Answer everybody who waits for a batch."""
    waiters, batch.waiters = batch.waiters, []
    for then in waiters:
        then(safe)

"""The journal of a broker with a data directory: one SQLite file, and one commit for everybody who waits.

Rows are inserted on the event loop, where they only touch memory; the commit, which waits for the disk, runs
on a thread of its own. While it runs the next batch gathers, so that a slow disk makes larger batches and not
a longer queue of commits. What is acknowledged before it was ever written is never written.
"""

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from deploy.broker.journal import Journal, SessionRow
from deploy.broker.messages import Delivery, Message, encode

log = logging.getLogger(__name__)

_SCHEMA = 1
_SHIFT = 40  # a waiting row's key is its session's number and its own, in one integer
_RETRY = 1.0

_TABLES = """
CREATE TABLE session (
    number INTEGER PRIMARY KEY, user TEXT, client TEXT, expiry INTEGER, gone_at REAL,
    subscriptions TEXT, will BLOB, will_delay INTEGER, sent INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE waiting (id INTEGER PRIMARY KEY, packet BLOB, until REAL, share TEXT);
CREATE TABLE retained (topic TEXT PRIMARY KEY, packet BLOB, until REAL);
PRAGMA user_version = 1;
"""
_SAVE_SESSION = """
INSERT INTO session (number, user, client, expiry, gone_at, subscriptions, will, will_delay)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET expiry = excluded.expiry, gone_at = excluded.gone_at,
    subscriptions = excluded.subscriptions, will = excluded.will, will_delay = excluded.will_delay
"""

Then = Callable[[bool], None]


class Unreadable(Exception):
    """The data directory holds something this broker cannot use; says what."""


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
        self.kept = {key: one for key, one in self.kept.items() if key >> _SHIFT != number}
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


class Disk(Journal):
    """Writes everything down. Made by ``Disk.open``."""

    def __init__(self, database: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="broker-commit")
        self._batch = Batch()
        self._known: set[int] = set()
        self._writing: asyncio.Future[None] | None = None
        self._due: asyncio.Handle | None = None

    @classmethod
    def open(cls, directory: Path, loop: asyncio.AbstractEventLoop) -> "Disk":
        """Open or make the file. Raises Unreadable, OSError."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = directory / "broker.sqlite"
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.2)
        try:
            _prepare(database)
        except sqlite3.Error as broken:
            database.close()
            raise Unreadable(f"{path} cannot be used: {broken}") from broken
        return cls(database, loop)

    # -- what there was

    def saved_sessions(self) -> Iterator[tuple[SessionRow, int, float]]:
        """Every session, up to which number it was sent messages, and for how many seconds it has been gone."""
        now = time.time()
        for number, user, client, expiry, gone_at, subscriptions, will, delay, sent in self._database.execute(
            "SELECT * FROM session ORDER BY number"
        ):
            row = SessionRow(
                number=number,
                user=user,
                client=client,
                expiry=expiry,
                online=gone_at is None,
                subscriptions=tuple(tuple(one) for one in json.loads(subscriptions)),
                will=will,
                will_delay=delay,
            )
            self._known.add(number)
            yield row, sent, 0.0 if gone_at is None else max(0.0, now - gone_at)

    def saved_deliveries(self, number: int) -> Iterator[tuple[int, bytes, float | None, str]]:
        """What waits for a session, in order: number, packet, seconds left to live, shared subscription."""
        span = (number << _SHIFT, (number + 1) << _SHIFT)
        for key, packet, until, share in self._database.execute(
            "SELECT id, packet, until, share FROM waiting WHERE id >= ? AND id < ? ORDER BY id", span
        ):
            yield key - span[0], packet, _left(until), share

    def saved_retained(self) -> Iterator[tuple[bytes, float | None]]:
        """Every retained message and the seconds it has left to live."""
        for packet, until in self._database.execute("SELECT packet, until FROM retained"):
            yield packet, _left(until)

    # -- what is new

    def keep(self, session: int, delivery: Delivery) -> None:
        """A message waits for a session."""
        self._batch.kept[session << _SHIFT | delivery.seq] = delivery
        self._touch()

    def sent(self, session: int, seq: int) -> None:
        """A session was sent everything up to this number."""
        self._batch.sent[session] = seq
        self._touch()

    def forget(self, session: int, seq: int) -> None:
        """A message was acknowledged, or has expired."""
        key = session << _SHIFT | seq
        if self._batch.kept.pop(key, None) is None:
            self._batch.forgotten.add(key)
            self._touch()

    def session(self, row: SessionRow) -> None:
        """A session is new or has changed."""
        self._known.add(row.number)
        self._batch.sessions[row.number] = row
        self._touch()

    def end(self, session: int) -> None:
        """A session has ended, and everything kept for it."""
        if session in self._known:
            self._known.discard(session)
            self._batch.end(session)
            self._touch()

    def retain(self, topic: str, message: Message | None) -> None:
        """A topic has a new retained message; None means it has none."""
        self._batch.retained[topic] = message
        self._touch()

    def when_safe(self, then: Then) -> None:
        """Call back after the commit that holds everything said so far."""
        if self._writing is None and not self._batch.dirty and not self._batch.waiters:
            then(not self.failing)
        else:
            self._batch.waiters.append(then)
            self._touch()

    async def stop(self) -> None:
        """Write what is left and close the file."""
        self._flush()
        while self._writing is not None:
            await asyncio.wait([self._writing])
            await asyncio.sleep(0)  # its callback starts the next batch
        if self._due is not None:
            self._due.cancel()
        self._thread.shutdown()
        self._database.close()

    def _touch(self) -> None:
        if self._due is None and self._writing is None:
            self._due = self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._writing is not None:
            return
        batch, self._batch = self._batch, Batch()
        if not batch.dirty:
            _tell(batch, safe=True)
            return
        try:
            _write(self._database, batch, self._loop.time())
        except sqlite3.Error as broken:
            self._failed(batch, broken)
        else:
            self._writing = self._loop.run_in_executor(self._thread, commit, self._database)
            self._writing.add_done_callback(lambda done: self._written(batch, done))

    def _written(self, batch: Batch, done: asyncio.Future[None]) -> None:
        self._writing = None
        error = done.exception()
        if error is not None:
            self._failed(batch, error)
            return
        if self.failing:
            log.warning("the broker can write to its disk again")
        self.failing = False
        _tell(batch, safe=True)
        if self._batch.dirty or self._batch.waiters:
            self._flush()

    def _failed(self, batch: Batch, error: BaseException) -> None:
        if not self.failing:
            log.error("the broker cannot write to its disk and refuses what must be kept: %s", error)
        self.failing = True
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        batch.absorb(self._batch)
        self._batch = batch
        _tell(batch, safe=False)
        self._due = self._loop.call_later(_RETRY, self._flush)


def commit(database: sqlite3.Connection) -> None:
    """Wait until the disk has it."""
    database.execute("COMMIT")


def _prepare(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA locking_mode = EXCLUSIVE")  # two brokers on one file would each lose the other's
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -32768")
    database.execute("PRAGMA wal_autocheckpoint = 4000")
    database.execute("PRAGMA journal_size_limit = 67108864")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version not in (0, _SCHEMA):
        raise sqlite3.DatabaseError(f"it was written by another version (schema {version})")
    if version == 0:
        database.executescript(f"BEGIN EXCLUSIVE; {_TABLES} COMMIT;")


def _write(database: sqlite3.Connection, batch: Batch, now: float) -> None:
    wall = time.time() - now
    run = database.executemany
    database.execute("BEGIN IMMEDIATE")
    spans = [(number << _SHIFT, (number + 1) << _SHIFT) for number in batch.ended]
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


def _left(until: float | None) -> float | None:
    return None if until is None else until - time.time()


def _tell(batch: Batch, *, safe: bool) -> None:
    waiters, batch.waiters = batch.waiters, []
    for then in waiters:
        then(safe)

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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.broker.batch import SHIFT, Batch, Then, tell, write
from deploy.broker.journal import Journal, SessionRow
from deploy.broker.messages import Delivery, Message

log = logging.getLogger(__name__)

_SCHEMA = 1
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


class Unreadable(Exception):
    """The data directory holds something this broker cannot use; says what."""


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
        """Open or make the file. Raises Unreadable."""
        path = directory / "broker.sqlite"
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.2)
        except (OSError, sqlite3.Error) as broken:
            raise Unreadable(f"{directory} cannot be used: {broken}") from broken
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
        span = (number << SHIFT, (number + 1) << SHIFT)
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
        self._batch.kept[session << SHIFT | delivery.seq] = delivery
        self._touch()

    def sent(self, session: int, seq: int) -> None:
        """A session was sent everything up to this number."""
        self._batch.sent[session] = seq
        self._touch()

    def forget(self, session: int, seq: int) -> None:
        """A message was acknowledged, or has expired."""
        key = session << SHIFT | seq
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
            tell(batch, safe=True)
            return
        try:
            write(self._database, batch, self._loop.time())
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
        tell(batch, safe=True)
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
        tell(batch, safe=False)
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


def _left(until: float | None) -> float | None:
    return None if until is None else until - time.time()

"""What became of each blob: one small SQLite file, committed with every precaution."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TABLE = """CREATE TABLE IF NOT EXISTS blob (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, media_type TEXT NOT NULL,
    state TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0, why TEXT, at REAL NOT NULL, ended_at REAL,
    here INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID"""
# rows stay for ever, files do not: every question but that for one hash is about files that are here
INDEX = "CREATE INDEX IF NOT EXISTS blob_here ON blob (state) WHERE here"
PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA busy_timeout=5000;
PRAGMA cache_size=-256;
"""
# pending: nobody was asked; offered: the cloud was; sending: it gave a ticket; kept: it has it; refused: it never will.
PENDING, OFFERED, SENDING, KEPT, REFUSED = "pending", "offered", "sending", "kept", "refused"
LOOK = "SELECT sha256, bytes, media_type, state, sent, why, at, ended_at FROM blob "
BY_HASH = LOOK + "WHERE sha256 = ?"
# small ones first, so that a thumbnail never waits for a volume
WAITING = (
    LOOK + "WHERE here AND state IN ('pending', 'offered', 'sending') ORDER BY bytes > 1048576, at, sha256 LIMIT ?"
)
REMOVABLE = LOOK + "WHERE here AND state = 'kept' ORDER BY ended_at, sha256"
ADD = """INSERT INTO blob (sha256, bytes, media_type, state, why, at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sha256) DO UPDATE SET here = 1, why = excluded.why,
    state = CASE blob.state WHEN 'refused' THEN excluded.state ELSE blob.state END,
    sent = CASE blob.state WHEN 'refused' THEN 0 ELSE blob.sent END,
    ended_at = CASE blob.state WHEN 'refused' THEN excluded.ended_at ELSE blob.ended_at END"""
MOVE = """UPDATE blob SET state = ?, sent = coalesce(?, sent), why = ?, ended_at = ?
    WHERE sha256 = ? AND state IN ('pending', 'offered', 'sending')"""
COUNT = """SELECT count(*), coalesce(sum(bytes - sent), 0),
    (SELECT count(*) FROM blob WHERE here AND state = 'refused')
    FROM blob WHERE here AND state IN ('pending', 'offered', 'sending')"""


class Row(NamedTuple):
    """A blob; ``sent`` are the bytes the cloud said it has, ``at`` and ``ended_at`` seconds since 1970."""

    sha256: str
    bytes: int
    media_type: str
    state: str
    sent: int
    why: str | None
    at: float
    ended_at: float | None


class Waiting(NamedTuple):
    """How many blobs wait for the cloud, how many bytes of them are still to go, and how many it refused."""

    blobs: int
    bytes: int
    refused: int


class Journal:
    """Rows by hash. Blocks; safe from any thread, and beside another process. Raises OSError where the disk fails."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self.fresh = not path.exists()
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError as damage:
            if isinstance(damage, sqlite3.OperationalError):
                raise OSError(f"{path} cannot be opened ({damage})") from None
            path.replace(path.with_suffix(".damaged"))
            for side in ("-wal", "-shm"):
                path.with_name(path.name + side).unlink(missing_ok=True)
            self.fresh, self._db = True, _opened(path)

    def add(self, sha256: str, size: int, media_type: str, refused: str | None = None) -> None:
        """A blob is here and waits; one that is known keeps its state, but for one that was refused: it waits again."""
        state, ended = (REFUSED, time.time()) if refused else (PENDING, None)
        with self._change() as db:
            db.execute(ADD, (sha256, size, media_type, state, refused, time.time(), ended))

    def find(self, sha256: str) -> Row | None:
        """The row, if this blob was ever here."""
        return next(iter(self._rows(BY_HASH, sha256)), None)

    def open(self, limit: int = -1) -> list[Row]:
        """What the cloud does not have yet, in the order in which it is sent; so many at most."""
        return self._rows(WAITING, limit)

    def removable(self) -> list[Row]:
        """What is here and in the cloud, oldest first."""
        return self._rows(REMOVABLE)

    def move(self, sha256: str, state: str, *, sent: int | None = None, why: str | None = None) -> None:
        """How far a blob is now. What is kept or refused stays so."""
        ended = time.time() if state in (KEPT, REFUSED) else None
        with self._change() as db:
            db.execute(MOVE, (state, sent, why, ended, sha256))

    def removed(self, sha256: str) -> None:
        """The bytes are no longer here."""
        with self._change() as db:
            db.execute("UPDATE blob SET here = 0 WHERE sha256 = ?", (sha256,))

    def waiting(self) -> Waiting:
        """In figures."""
        with self._asking() as db:
            return Waiting(*db.execute(COUNT).fetchone())

    def close(self) -> None:
        """No more."""
        with self._lock:
            self._db.close()

    def _rows(self, query: str, *values: object) -> list[Row]:
        with self._asking() as db:
            return [Row(*found) for found in db.execute(query, values)]

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on disk when it ends. Raises OSError."""
        with self._asking() as db, db:
            yield db

    @contextlib.contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time. Raises OSError."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.DatabaseError as refusal:
                raise OSError(f"the journal of blobs cannot be used ({refusal})") from None


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        db.executescript(PRAGMAS)
        db.execute(TABLE)
        db.execute(INDEX)
        db.execute("SELECT count(*) FROM blob").fetchone()
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db

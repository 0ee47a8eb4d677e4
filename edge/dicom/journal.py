"""What the DICOM program has on disk: where it and the gateway meet. A row is fsynced before a device hears success."""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from edge import disk

FOLDER, NAME = "dicom", "journal.db"
TABLES = """
CREATE TABLE IF NOT EXISTS object (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, sha TEXT NOT NULL,
    bytes INTEGER NOT NULL, sop_class TEXT NOT NULL, syntax TEXT NOT NULL, study TEXT NOT NULL, device TEXT NOT NULL,
    at REAL NOT NULL, flag TEXT, taken INTEGER NOT NULL DEFAULT 0, UNIQUE (uid, sha));
CREATE INDEX IF NOT EXISTS object_waiting ON object (id) WHERE taken = 0;
CREATE TABLE IF NOT EXISTS commitment (id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, uid TEXT NOT NULL,
    refs TEXT NOT NULL, at REAL NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting', UNIQUE (device, uid));
CREATE INDEX IF NOT EXISTS commitment_waiting ON commitment (due) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS step (uid TEXT PRIMARY KEY, device TEXT NOT NULL, state TEXT NOT NULL, at REAL NOT NULL,
    study TEXT NOT NULL, accession TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS news (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, device TEXT NOT NULL,
    state TEXT NOT NULL, at REAL NOT NULL, about TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0, UNIQUE (uid, state));
"""
NEWS = "INSERT OR IGNORE INTO news (uid, device, state, at, about) VALUES (?,?,?,?,?)"
BEGUN = "IN PROGRESS"
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-512;"
OTHER_BYTES, QUARANTINE = "other_bytes", "quarantine"
NEVER_ENDED_S = 90 * 86_400.0  # a step that a device began and forgot


class Object(NamedTuple):
    """A stored object: its file is ``spool/<sha>.dcm`` until the gateway has taken it over.

    ``flag`` is OTHER_BYTES where another object came under the same UID, QUARANTINE where its class is unknown.
    """

    id: int
    uid: str
    sha: str
    bytes: int
    sop_class: str
    syntax: str
    study: str
    device: str
    at: float
    flag: str | None
    taken: int


class Request(NamedTuple):
    """A request for commitment; ``refs`` are pairs of SOP class and instance."""

    id: int
    device: str
    uid: str
    refs: list[tuple[str, str]]
    at: float
    tries: int


class News(NamedTuple):
    """A performed step began or ended; ``about`` says of which orders, as JSON."""

    id: int
    uid: str
    device: str
    state: str
    at: float
    about: str


class Journal:
    """One open journal; every method blocks and may be called from any thread. Raises sqlite3.Error, OSError."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER
        self.spool, self.landing = self.folder / "spool", self.folder / "landing"
        for folder in (self.spool, self.landing):
            folder.mkdir(parents=True, exist_ok=True)
        disk.settle(self.folder)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(self.folder / NAME, isolation_level=None, check_same_thread=False)
        self._db.executescript(PRAGMAS + TABLES)

    def close(self) -> None:
        """Put it down."""
        with self._lock:
            self._db.close()

    def file(self, sha: str) -> Path:
        """Where an object lies before it is taken over."""
        return self.spool / f"{sha}.dcm"

    def add(self, new: Object) -> None:
        """Write an object down; ``id``, ``flag`` for other bytes and ``taken`` are found here. Again: nothing."""
        with self._changing() as db:
            others = db.execute("SELECT 1 FROM object WHERE uid=? AND sha<>? LIMIT 1", (new.uid, new.sha)).fetchone()
            flag = new.flag or (OTHER_BYTES if others else None)
            db.execute("INSERT OR IGNORE INTO object VALUES (NULL, ?,?,?,?,?,?,?,?,?, 0)", (*new[1:9], flag))

    def has(self, uid: str, sha: str) -> bool:
        """Whether exactly this object was written down."""
        return bool(self._rows("SELECT 1 FROM object WHERE uid=? AND sha=?", uid, sha))

    def under(self, uid: str) -> list[Object]:
        """Every object that came under a UID, the newest first."""
        return [Object(*row) for row in self._rows("SELECT * FROM object WHERE uid=? ORDER BY id DESC", uid)]

    def waiting(self, after: int = 0, limit: int = 20) -> list[Object]:
        """Objects behind ``after`` that the gateway has not taken over, the oldest first."""
        query = "SELECT * FROM object WHERE taken=0 AND id>? ORDER BY id LIMIT ?"
        return [Object(*row) for row in self._rows(query, after, limit)]

    def queue(self) -> dict[str, int]:
        """How many objects and reports wait."""
        objects, reports = self._rows(
            """SELECT (SELECT count(*) FROM object WHERE taken=0),
                      (SELECT count(*) FROM commitment WHERE state='waiting')"""
        )[0]
        return {"objects": objects, "reports": reports}

    def taken(self, number: int) -> None:
        """The gateway has it."""
        with self._changing() as db:
            db.execute("UPDATE object SET taken=1 WHERE id=?", (number,))

    def sweep(self) -> None:
        """After a crash: what no device was told is stored goes; it will be sent again."""
        for file in self.landing.iterdir():
            file.unlink()
        known = {sha for (sha,) in self._rows("SELECT sha FROM object WHERE taken=0")}
        for file in self.spool.iterdir():
            if file.stem not in known and not self._rows("SELECT 1 FROM object WHERE sha=?", file.stem):
                file.unlink()

    def ask(self, device: str, uid: str, refs: Sequence[tuple[str, str]]) -> None:
        """Write a request for commitment down; the same again is answered again."""
        now = time.time()
        with self._changing() as db:
            db.execute(
                """INSERT INTO commitment (device, uid, refs, at, due) VALUES (?,?,?,?,?) ON CONFLICT (device, uid)
                DO UPDATE SET refs=excluded.refs, at=excluded.at, due=excluded.due, tries=0, state='waiting'""",
                (device, uid, json.dumps(refs), now, now),
            )

    def due(self, now: float) -> list[Request]:
        """Requests whose report is to be tried now."""
        found = self._rows(
            "SELECT id, device, uid, refs, at, tries FROM commitment WHERE state='waiting' AND due<=? ORDER BY due", now
        )
        return [
            Request(one, device, uid, [(sop, ref) for sop, ref in json.loads(refs)], at, tries)
            for one, device, uid, refs, at, tries in found
        ]

    def reported(self, number: int) -> None:
        """The device has the report."""
        self._change("UPDATE commitment SET state='told' WHERE id=?", number)

    def later(self, number: int, due: float) -> None:
        """The device did not answer; again at ``due``."""
        self._change("UPDATE commitment SET due=?, tries=tries+1 WHERE id=?", due, number)

    def given_up(self, number: int) -> None:
        """The device never answered."""
        self._change("UPDATE commitment SET state='given_up' WHERE id=?", number)

    def begin_step(self, uid: str, device: str, study: str, accession: str, about: str = "") -> bool:
        """Begin a performed step; False where it was begun before. What it is ``about``, if anything, is news."""
        now = time.time()
        with self._changing() as db:
            row = (uid, device, BEGUN, now, study, accession)
            is_new = db.execute("INSERT OR IGNORE INTO step VALUES (?,?,?,?,?,?)", row).rowcount == 1
            if is_new and about:
                db.execute(NEWS, (uid, device, BEGUN, now, about))
            return is_new

    def step(self, uid: str) -> str | None:
        """The state of a performed step."""
        found = self._rows("SELECT state FROM step WHERE uid=?", uid)
        return found[0][0] if found else None

    def end_step(self, uid: str, state: str, why: str = "") -> None:
        """Move a performed step on. Of a step that is about something that is news, with ``why`` where it is said."""
        now = time.time()
        with self._changing() as db:
            db.execute("UPDATE step SET state=?, at=? WHERE uid=?", (state, now, uid))
            begun = db.execute("SELECT device, about FROM news WHERE uid=? AND state=?", (uid, BEGUN)).fetchone()
            if begun is not None and state != BEGUN:
                about = json.dumps({**json.loads(begun[1]), **({"why": why} if why else {})})
                db.execute(NEWS, (uid, begun[0], state, now, about))

    def news(self, limit: int = 20) -> list[News]:
        """What the cloud was not told of performed steps, the oldest first."""
        query = "SELECT id, uid, device, state, at, about FROM news WHERE told=0 ORDER BY id LIMIT ?"
        return [News(*row) for row in self._rows(query, limit)]

    def news_told(self, one: News) -> None:
        """The outbox has it. Of a step that ended nothing is kept but how it ended."""
        with self._changing() as db:
            db.execute("UPDATE news SET told=1 WHERE id=?", (one.id,))
            if one.state != BEGUN:
                db.execute("DELETE FROM news WHERE uid=? AND told=1", (one.uid,))
            db.execute("DELETE FROM news WHERE told=1 AND at < ?", (time.time() - NEVER_ENDED_S,))

    def _change(self, query: str, *values: Any) -> None:
        with self._changing() as db:
            db.execute(query, values)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

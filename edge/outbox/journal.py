"""The verbs on an open outbox file, all within a transaction the caller owns."""

import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any

from edge.outbox.rows import Draft, Row, checksum, row

OVERHEAD = 300  # bytes a row needs around its body in a batch
FORGET_AT_ONCE = 5000  # rows; more would keep a new result waiting
STRIDES = (256, 64, 16, 4, 1)
INSERTS = {size: "INSERT INTO results VALUES " + ",".join(["(?,?,?,?,?,?,?,?,?,?,?)"] * size) for size in STRIDES}  # noqa: S608 - marks only
BURY = """INSERT INTO dead SELECT NULL, ?, seq, ?, ?, kind, dev, drv, drv_v, ts_gw, body
    FROM results WHERE seq=?"""


def draw_epoch() -> int:
    """A number no other outbox will have."""
    return secrets.randbelow(2**63 - 1) + 1


class Journal:
    """Results in an unbroken sequence: ``hwm`` and below are safe in the cloud, ``last`` is the newest."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: list[Row] = []
        self._raws: list[tuple[str, float, bytes]] = []
        self.notes: list[dict[str, Any]] = []  # what a start had to mend, for the event that tells of it
        self.reload()

    @property
    def db(self) -> sqlite3.Connection:
        """The open file, with everything put into it."""
        self.flush()
        return self._db

    def reload(self) -> None:
        """Read the numbers from the file, after opening or after a transaction came to nothing."""
        self.epoch: int = self._meta("epoch", 0)
        self.hwm: int = self._meta("hwm", 0)
        self.last: int = self._number("SELECT max(seq) FROM sqlite_sequence WHERE name='results'")

    def put(self, drafts: Iterable[Draft], raw: tuple[str, bytes] | None = None) -> list[Row]:
        """Number the drafts; they are written together with whatever else this transaction brings."""
        rows = [row(seq, draft) for seq, draft in enumerate(drafts, self.last + 1)]
        self._rows += rows
        if raw is not None:
            self._raws.append((raw[0], time.time(), raw[1]))
        self.last += len(rows)
        return rows

    def forget_put(self) -> None:
        """What was put and not yet written came to nothing."""
        self._rows, self._raws = [], []

    def flush(self) -> None:
        """Write what was put.

        Many rows a statement: sqlite3 lets go of the interpreter with every step and, under load, waits 5 ms to
        get it back.
        """
        rows, self._rows, raws, self._raws = self._rows, [], self._raws, []
        for size in STRIDES:
            while len(rows) >= size:
                self._db.execute(INSERTS[size], [value for each in rows[:size] for value in each])
                rows = rows[size:]
        if raws:
            self._db.executemany("INSERT OR IGNORE INTO raw VALUES (?, ?, ?)", raws)

    def page(self, after: int, limit: int, size: int, until: int | None = None) -> list[Row]:
        """The rows behind ``after`` that fit; at least one, if there is one."""
        found = self.db.execute(
            "SELECT * FROM results WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            (max(after, self.hwm), self.last if until is None else until, limit),
        )
        rows: list[Row] = []
        for values in found:
            rows.append(Row(*values))
            size -= len(rows[-1].body) + OVERHEAD
            if size < 0 and len(rows) > 1:
                return rows[:-1]
        return rows

    def forget(self, hwm: int) -> bool:
        """Drop rows that are safe, a portion at a time; True while there are more."""
        self.hwm = max(self.hwm, hwm)
        self.set_meta("hwm", self.hwm)
        first = self._number("SELECT min(seq) FROM results")
        portion = min(self.hwm, first + FORGET_AT_ONCE)
        self.db.execute("DELETE FROM results WHERE seq <= ?", (portion,))
        return portion < self.hwm

    def bury(self, seqs: Sequence[int], reason: str) -> None:
        """Move rows to the dead letters, with why."""
        for seq in seqs:
            self.db.execute(BURY, (self.epoch, reason, time.time(), seq))
            self.db.execute("DELETE FROM results WHERE seq=?", (seq,))

    def renumber(self) -> int:
        """Begin a new epoch: what waits is numbered from 1 again. Returns the epoch.

        New numbers never exceed old ones, so that going upwards nothing is overwritten.
        """
        self.db.execute("DELETE FROM results WHERE seq <= ?", (self.hwm,))
        old, new = 0, 0
        while chunk := self.db.execute("SELECT * FROM results WHERE seq > ? ORDER BY seq LIMIT 500", (old,)).fetchall():
            rows = [Row(*values) for values in chunk]
            moved = [(at, checksum(at, row.draft), row.seq) for at, row in enumerate(rows, new + 1)]
            self.db.executemany("UPDATE results SET seq=?, crc=? WHERE seq=?", moved)
            old, new = rows[-1].seq, new + len(rows)
        self._start_epoch(new)
        return self.epoch

    def _start_epoch(self, last: int) -> None:
        self.db.execute("DELETE FROM sqlite_sequence WHERE name='results'")
        self.db.execute("INSERT INTO sqlite_sequence VALUES ('results', ?)", (last,))
        self.epoch, self.hwm, self.last = draw_epoch(), 0, last
        self.set_meta("epoch", self.epoch)
        self.set_meta("hwm", 0)

    def damaged(self) -> list[int]:
        """Rows that wait and are no longer what was written."""
        found = self.db.execute("SELECT * FROM results WHERE seq > ?", (self.hwm,))
        return [r.seq for r in (Row(*values) for values in found) if not r.sound]

    def dead(self) -> int:
        """Rows among the dead letters."""
        return self._number("SELECT count(*) FROM dead")

    def set_meta(self, key: str, value: str | int) -> None:
        """Remember a fact about the file."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def meta(self, key: str) -> Any:
        """A remembered fact, or None."""
        return self._meta(key, None)

    def _meta(self, key: str, otherwise: Any) -> Any:
        found = self.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return otherwise if found is None else found[0]

    def _number(self, query: str, *values: Any) -> int:
        return int(self.db.execute(query, values).fetchone()[0] or 0)

"""Events, telemetry and logs: useful, but never at the expense of a result.

Each class has a ceiling in bytes and in age; the oldest go first and are counted.
"""

import time
from dataclasses import dataclass
from typing import Literal

from edge.outbox.journal import Journal
from edge.outbox.rows import Bulletin

Class = Literal["event", "telemetry", "log"]
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Cap:
    """How much of a class is kept."""

    bytes: int
    age_s: float


CAPS: dict[Class, Cap] = {
    "event": Cap(4 << 20, 90 * DAY),
    "telemetry": Cap(4 << 20, 1 * DAY),
    "log": Cap(2 << 20, 7 * DAY),
}


def post(journal: Journal, cls: Class, body: bytes, caps: dict[Class, Cap] = CAPS) -> int:
    """Add one and drop what exceeds the class's caps. Returns how many were dropped."""
    now = time.time()
    journal.db.execute("INSERT INTO bulletin VALUES (NULL, ?, ?, ?)", (cls, now, body))
    dropped = journal.db.execute("DELETE FROM bulletin WHERE cls=? AND at < ?", (cls, now - caps[cls].age_s)).rowcount
    return dropped + _trim(journal, cls, caps[cls].bytes)


def _trim(journal: Journal, cls: Class, ceiling: int) -> int:
    size = journal.db.execute("SELECT total(length(body)) FROM bulletin WHERE cls=?", (cls,)).fetchone()[0]
    dropped = 0
    while size > ceiling:
        oldest, length = journal.db.execute(
            "SELECT id, length(body) FROM bulletin WHERE cls=? ORDER BY id LIMIT 1", (cls,)
        ).fetchone()
        journal.db.execute("DELETE FROM bulletin WHERE id=?", (oldest,))
        size, dropped = size - length, dropped + 1
    return dropped


def waiting(journal: Journal, after: int, limit: int) -> list[Bulletin]:
    """The next bulletins in the order they were posted."""
    found = journal.db.execute("SELECT id, cls, body FROM bulletin WHERE id > ? ORDER BY id LIMIT ?", (after, limit))
    return [Bulletin(*values) for values in found]


def told(journal: Journal, ids: list[int]) -> None:
    """Forget bulletins the broker has taken."""
    journal.db.executemany("DELETE FROM bulletin WHERE id=?", [(i,) for i in ids])

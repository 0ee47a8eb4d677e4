"""The outbox as the rest of the gateway sees it."""

import asyncio
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from edge.outbox import bulletins
from edge.outbox.bulletins import CAPS, Cap, Class
from edge.outbox.journal import OVERHEAD, Journal
from edge.outbox.opening import notes_as_data, open_journal
from edge.outbox.rows import Bulletin, Draft, OutboxFull, Row
from edge.outbox.writer import Writer

PAGE_ROWS, PAGE_BYTES = 50, 64 * 1024
FORGET_EVERY_S = 1.0  # forgetting is only tidying: a crash before it repeats rows the cloud already knows
TAIL = 256  # newest rows kept in memory, so that the sender reads nothing back from disk while it keeps up
COMMANDS_KEPT = 500
ONCE, ONCE_DAYS = "once/", 400  # names of what must not be written twice, and how long they are remembered
MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What the outbox may take of the disk."""

    floor_bytes: int = 64 * MIB
    raw_days: float = 7.0
    raw_bytes: int = 64 * MIB
    caps: dict[Class, Cap] = field(default_factory=lambda: dict(CAPS))


@dataclass(frozen=True, slots=True)
class Depth:
    """How the outbox stands."""

    epoch: int
    hwm: int
    last: int
    depth: int
    oldest_at: str | None
    dead: int
    full: bool
    dropped: dict[str, int]


def free_bytes(folder: Path) -> int:
    """Room left for us on the disk."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


class Outbox:
    """Results in order, forgotten when the cloud has them; bulletins beside them, forgotten when told."""

    def __init__(self, path: Path, limits: Limits, writer: Writer) -> None:
        self.path, self.limits, self._writer = path, limits, writer
        self.epoch = self.hwm = self.last = 0
        self.full = False
        self.dropped: Counter[str] = Counter()
        self.tally: Counter[str] = Counter()  # rows captured, sent and acknowledged since this process began
        self.notes: list[dict[str, Any]] = []
        self.on_growth: Callable[[], None] = lambda: None
        self.free: Callable[[], int] = lambda: free_bytes(path.parent)
        self._tail: deque[Row] = deque(maxlen=TAIL)
        self._forgetting: asyncio.Task[None] | None = None
        self._names_due = 0.0  # when old names are looked for again, monotonic

    @classmethod
    async def open(
        cls, path: Path, *, boot: str, limits: Limits | None = None, before_commit: Callable[[], None] | None = None
    ) -> "Outbox":
        """Open the file, mending it if need be. ``before_commit`` lets a benchmark play a slow disk."""
        self = cls(path, limits or Limits(), Writer(lambda: open_journal(path, boot), before_commit))
        self._begin(await self._writer.start())
        return self

    def _begin(self, journal: Journal) -> None:
        """Take over the numbers of an epoch."""
        self._tail.clear()
        self.epoch, self.hwm, self.last = journal.epoch, journal.hwm, journal.last
        self.notes += notes_as_data(journal)

    async def aclose(self) -> None:
        """Put everything down and close the file in good order."""
        if self._forgetting is not None:
            self._forgetting.cancel()
        try:
            await self._writer.do(self._part)
        except OutboxFull:
            pass  # then the next start takes it for a power cut, which is safe
        finally:
            await self._writer.stop()

    def _part(self, journal: Journal) -> None:
        if journal.epoch == self.epoch:
            journal.forget(self.hwm)
        journal.set_meta("clean_shutdown", 1)

    async def put(
        self, drafts: Sequence[Draft], raw: tuple[str, bytes] | None = None, *, once: str | None = None
    ) -> list[Row]:
        """Write one transmission down, all or nothing; returns when it is fsynced. Raises OutboxFull.

        What was written under the name ``once`` before is not written again.
        """
        self._mind_the_floor()
        try:
            epoch, rows = await self._writer.do(lambda journal: self._put(journal, drafts, raw, once))
        except OutboxFull:
            self.full = True
            raise
        self.full = False
        self.tally["captured"] += len(rows)
        self._grown(epoch, rows)
        return rows

    def _mind_the_floor(self) -> None:
        if self.free() < self.limits.floor_bytes:
            self.full = True
            raise OutboxFull("The disk is almost full; results wait until there is room.")

    def _put(
        self, journal: Journal, drafts: Sequence[Draft], raw: tuple[str, bytes] | None, once: str | None
    ) -> tuple[int, list[Row]]:
        if once is not None:
            if journal.meta(ONCE + once) is not None:
                return journal.epoch, []
            self._forget_names(journal)
            journal.set_meta(ONCE + once, int(time.time()))
        return journal.epoch, journal.put(drafts, raw)

    def _forget_names(self, journal: Journal) -> None:
        """Once a day: there may be a hundred thousand, and whoever waits for the disk waits meanwhile."""
        if time.monotonic() < self._names_due:
            return
        self._names_due = time.monotonic() + bulletins.DAY
        oldest = time.time() - ONCE_DAYS * bulletins.DAY
        journal.db.execute("DELETE FROM meta WHERE key GLOB ? AND value < ?", (f"{ONCE}*", oldest))

    def _grown(self, epoch: int, rows: list[Row]) -> None:
        if epoch != self.epoch:  # the file went bad and was salvaged under way
            self._begin(self._writer.journal)
        elif rows and rows[0].seq == self.last + 1:
            self._tail.extend(rows)
        self.last = max(self.last, rows[-1].seq) if rows else self.last
        self.on_growth()

    async def page(
        self, after: int, *, rows: int = PAGE_ROWS, size: int = PAGE_BYTES, until: int | None = None
    ) -> list[Row]:
        """The next rows behind ``after`` that fit into one batch."""
        if until is None and after >= self.last:
            return []
        if until is None and self._tail and self._tail[0].seq <= after + 1:
            return _fitting([row for row in self._tail if row.seq > after][:rows], size)
        return await self._writer.do(lambda journal: journal.page(after, rows, size, until))

    def forget(self, hwm: int) -> None:
        """The cloud has everything up to ``hwm``; the file is tidied soon."""
        if hwm <= self.hwm:
            return
        self.tally["acknowledged"] += hwm - self.hwm
        self.hwm = hwm
        if self._forgetting is None or self._forgetting.done():
            self._forgetting = asyncio.get_running_loop().create_task(self._forget_soon())

    async def _forget_soon(self) -> None:
        await asyncio.sleep(FORGET_EVERY_S)
        try:
            while await self._writer.do(partial(_forget, epoch=self.epoch, hwm=self.hwm)):
                pass
            await self._writer.do(self._tidy)
        except OutboxFull:
            return  # another time

    def _tidy(self, journal: Journal) -> None:
        old = time.time() - self.limits.raw_days * bulletins.DAY
        journal.db.execute("DELETE FROM raw WHERE at < ?", (old,))
        journal.db.execute("PRAGMA incremental_vacuum(64)").fetchall()

    async def bury(self, seqs: Sequence[int], reason: str) -> None:
        """Move rows nobody will ever take to the dead letters."""
        await self._writer.do(lambda journal: journal.bury(seqs, reason))
        self._tail.clear()

    async def renumber(self) -> int:
        """Begin a new epoch with the rows that wait. Returns it."""
        self._begin(await self._writer.do(partial(_renumber, hwm=self.hwm)))
        self.on_growth()
        return self.epoch

    async def post(self, cls: Class, body: bytes) -> bool:
        """Add a bulletin; when the disk is full it is dropped and counted. Whether it is on disk."""
        try:
            if self.free() < self.limits.floor_bytes:
                raise OutboxFull
            dropped = await self._writer.do(lambda journal: bulletins.post(journal, cls, body, self.limits.caps))
            kept = True
        except OutboxFull:
            dropped, kept = 1, False
        self.dropped[cls] += dropped
        self.on_growth()
        return kept

    async def bulletins(self, after: int = 0, limit: int = 20) -> list[Bulletin]:
        """The next bulletins to tell."""
        return await self._writer.do(lambda journal: bulletins.waiting(journal, after, limit))

    async def told(self, ids: list[int]) -> None:
        """The broker has taken these bulletins."""
        await self._writer.do(lambda journal: bulletins.told(journal, ids))

    async def command(self, name: str) -> bytes | None:
        """The last state a command was left in."""
        found = await self._writer.do(
            lambda journal: journal.db.execute("SELECT body FROM command WHERE id=?", (name,)).fetchone()
        )
        return None if found is None else bytes(found[0])

    async def remember_command(self, name: str, body: bytes) -> None:
        """Keep the state of a command, so that an order given twice is carried out once."""

        def keep(journal: Journal) -> None:
            journal.db.execute("INSERT OR REPLACE INTO command VALUES (?, ?, ?)", (name, time.time(), body))
            journal.db.execute(
                "DELETE FROM command WHERE id NOT IN (SELECT id FROM command ORDER BY at DESC LIMIT ?)",
                (COMMANDS_KEPT,),
            )

        await self._writer.do(keep)

    async def told_once(self, once: str) -> bool:
        """Whether something was put under this name."""
        return await self.fact(ONCE + once) is not None

    async def fact(self, key: str) -> Any:
        """A remembered fact about this gateway, or None."""
        return await self._writer.do(lambda journal: journal.meta(key))

    async def set_fact(self, key: str, value: str | int) -> None:
        """Remember a fact about this gateway."""
        await self._writer.do(lambda journal: journal.set_meta(key, value))

    async def raw(self, sha: str) -> bytes | None:
        """The raw bytes kept on this gateway."""
        found = await self._writer.do(
            lambda journal: journal.db.execute("SELECT body FROM raw WHERE sha=?", (sha,)).fetchone()
        )
        return None if found is None else bytes(found[0])

    def commits(self) -> list[float]:
        """How long the newest commits that changed something took, in seconds, in no order."""
        return list(self._writer.commits)

    def size(self) -> int:
        """Bytes of the file and its log."""
        return sum(
            side.stat().st_size for side in (self.path, self.path.with_name(f"{self.path.name}-wal")) if side.exists()
        )

    async def depth(self) -> Depth:
        """How the outbox stands."""
        waiting, oldest, dead = await self._writer.do(partial(_look, hwm=self.hwm))
        return Depth(self.epoch, self.hwm, self.last, waiting, oldest, dead, self.full, dict(self.dropped))


def _forget(journal: Journal, epoch: int, hwm: int) -> bool:
    return journal.epoch == epoch and journal.forget(hwm)


def _renumber(journal: Journal, hwm: int) -> Journal:
    journal.hwm = max(journal.hwm, hwm)
    journal.renumber()
    return journal


def _look(journal: Journal, hwm: int) -> tuple[int, str | None, int]:
    waiting = "FROM results WHERE seq > ? ORDER BY seq LIMIT 1"
    depth = journal.db.execute("SELECT count(*) " + waiting, (hwm,)).fetchone()[0]
    oldest = journal.db.execute("SELECT ts_gw " + waiting, (hwm,)).fetchone()
    return depth, oldest and str(oldest[0]), journal.dead()


def _fitting(rows: list[Row], size: int) -> list[Row]:
    for at, row in enumerate(rows):
        size -= len(row.body) + OVERHEAD
        if size < 0 and at > 0:
            return rows[:at]
    return rows

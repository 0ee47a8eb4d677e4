"""The one thread that touches the file.

Whoever wants something hands in a job and awaits its future. Everything that queued up while the previous
commit ran is committed together, so a slow disk makes commits larger, not queues longer; on an idle disk a
job is committed the moment it arrives.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from edge.outbox.journal import Journal
from edge.outbox.rows import OutboxFull

T = TypeVar("T")
Job = Callable[[Journal], Any]
Order = tuple[Job, "asyncio.Future[Any]"]
TOGETHER = 512  # jobs in one commit
COMMITS_KEPT = 512  # durations, for telemetry
CHANGES_A_TIDYING = 1000  # rows written or dropped, some hundred pages
FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Writer:
    """Runs jobs in transactions. ``reopen`` gives the journal, also again after the file went bad."""

    journal: Journal

    def __init__(self, reopen: Callable[[], Journal], before_commit: Callable[[], None] | None = None) -> None:
        self._reopen = reopen
        self._before_commit = before_commit
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self.commits: deque[float] = deque(maxlen=COMMITS_KEPT)
        self._tidied = 0
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._ready: asyncio.Future[Journal] = self._loop.create_future()

    async def start(self) -> Journal:
        """Open the journal in the thread. Raises what opening raises."""
        self._thread.start()
        return await self._ready

    async def do(self, job: Callable[[Journal], T]) -> T:
        """Run a job and return when it is on disk."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._orders.put((job, future))
        return await future

    async def stop(self) -> None:
        """Finish what was ordered and close the file."""
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        try:
            self.journal = self._reopen()
        except BaseException as refusal:
            self._tell([(self._ready, None, refusal)])
            return
        self._tell([(self._ready, self.journal, None)])
        while orders := self._gather():
            self._tell(self._commit(orders))
            if self._orders.empty():
                self._tidy_log()
        self.journal.db.close()

    def _tidy_log(self) -> None:
        """Move the log into the file while nobody waits; SQLite itself does it inside a commit, and late."""
        changes = self.journal.db.total_changes
        if not 0 <= changes - self._tidied < CHANGES_A_TIDYING:
            self._tidied = changes
            with contextlib.suppress(sqlite3.Error):  # a commit will meet the same trouble and say so
                self.journal.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _gather(self) -> list[Order]:
        orders: list[Order] = []
        order = self._orders.get()
        while order is not None:
            orders.append(order)
            if len(orders) >= TOGETHER or self._orders.empty():
                return orders
            order = self._orders.get()
        if orders:
            self._orders.put(None)
        return orders

    def _commit(self, orders: list[Order]) -> list[tuple[asyncio.Future[Any], Any, BaseException | None]]:
        try:
            results = self._transaction([job for job, _ in orders])
        except Exception as refusal:
            if len(orders) > 1:  # one bad job must not sink the others
                return [outcome for order in orders for outcome in self._commit([order])]
            return [(orders[0][1], None, self._understood(refusal))]
        return [(future, result, None) for (_, future), result in zip(orders, results, strict=True)]

    def _transaction(self, jobs: list[Job]) -> list[Any]:
        try:
            return self._try(jobs)
        except sqlite3.DatabaseError as damage:
            if _code(damage) not in DAMAGED:
                raise
            self.journal.db.close()
            self.journal = self._reopen()
            return self._try(jobs)

    def _try(self, jobs: list[Job]) -> list[Any]:
        db, changes = self.journal.db, self.journal.db.total_changes
        db.execute("BEGIN IMMEDIATE")
        try:
            results = [job(self.journal) for job in jobs]
            self.journal.flush()
            self._put_down(db.total_changes != changes)
        except BaseException:
            self._undo()
            raise
        return results

    def _put_down(self, changed: bool) -> None:
        """Commit; where something changed that is one fsync, and how long it took is remembered."""
        began = time.perf_counter()
        if self._before_commit is not None and changed:
            self._before_commit()
        self.journal.db.execute("COMMIT")
        if changed:
            self.commits.append(time.perf_counter() - began)

    def _undo(self) -> None:
        self.journal.forget_put()
        if self.journal.db.in_transaction:  # a full disk may already have undone it
            self.journal.db.execute("ROLLBACK")
        self.journal.reload()

    def _understood(self, refusal: Exception) -> Exception:
        if isinstance(refusal, sqlite3.Error) and _code(refusal) in FULL:
            return OutboxFull("The disk is full; results wait until there is room.")
        return refusal

    def _tell(self, outcomes: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, refusal in outcomes:
        if future.done():  # its waiter was cancelled; the row is on disk all the same
            continue
        if refusal is None:
            future.set_result(result)
        else:
            future.set_exception(refusal)


def _code(failure: sqlite3.Error) -> int:
    return int(getattr(failure, "sqlite_errorcode", 0) or 0) & 0xFF

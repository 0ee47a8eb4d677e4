"""Holds the store's queue while the cloud is away: takes it, does what is asked, gives it back.

Its state is a book and the entries since. An entry is on disk before it is applied, and applied before anybody is
called; so a restart in the middle goes on where it was.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from edge.alarms import Alarms
from edge.queue import deeds
from edge.queue.buttons import pressed
from edge.queue.day import Day
from edge.queue.deeds import Deed
from edge.queue.keeping import Kept, Lying
from edge.queue.log import Held, Log
from edge.queue.refusals import Refused
from edge.queue.saying import Saying
from edge.queue.summons import Summons
from edge.tasks import stop
from protocols.envelope import Address, Malformed
from protocols.envelope.queue import Book, Came, Entry, Made, Safe, unpack

log = logging.getLogger("emmetra.queue")

HELD, CLOSED = "queue_held", "queue_closed"


class Holder:
    """One store's queue. ``summons`` and ``changed`` come from the rooms around it before anything is done."""

    def __init__(self, address: Address, folder: Path, now: Callable[[], str], alarms: Alarms) -> None:
        self._address, self._kept, self._log = str(address), Kept(folder), Log(folder)
        self.now, self._alarms = now, alarms
        self._newest: Lying | None = None
        self.day: Day | None = None  # of the newest book, or of the one that was taken, with everything since
        self.stays = False  # somebody took the queue by hand, and gives it back by hand
        self.unwanted = False  # while it is held: the cloud has given the queue to another gateway, or to none
        self.heard_at = 0.0  # monotonic
        self._waiting: list[bytes] = []
        self.asked, self._deeding = asyncio.Event(), asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.saying = Saying(address, self._log, lambda: self.safe.n)
        self.summons: Summons
        self.changed: Callable[[], None] = lambda: None

    @property
    def hold(self) -> str:
        """The holding; empty where the cloud calls."""
        return self.day.hold if self.day else ""

    @property
    def is_calling(self) -> bool:
        """Whether this gateway calls people just now."""
        return self.day is not None and self.day.is_calling

    @property
    def safe(self) -> Safe:
        """What the cloud last said of this holding."""
        safe = self._newest.told.safe if self._newest else None
        return safe if safe and safe.hold == self.hold else Safe(hold="-", n=0)

    def known(self) -> tuple[int, str]:
        """For the birth: the version of the newest book here (0: none), and the holding."""
        return (self._newest.told.version if self._newest else 0), self.hold

    def status(self) -> dict[str, Any]:
        """For the page on the box: numbers, nobody's name."""
        version, hold = self.known()
        day = self.day
        return {
            **{"version": version, "holding": hold, "gives": day is not None and day.gives},
            **{"since": day.since if day and hold else None, "entries": day.n if day else 0, "told": self.safe.n},
            "here": len(day.guests(self.now())) if day else 0,
        }

    def heard(self, payload: bytes) -> None:
        """A book came. An empty message is a topic that was cleared."""
        self.heard_at = time.monotonic()
        self._waiting.append(payload)
        self.asked.set()

    async def do(self, deed: Deed) -> Entry:
        """On disk and done when this returns. Raises Refused: nothing was changed."""
        return await asyncio.shield(self._run(self._do(deed)))  # whoever asked may hang up meanwhile

    async def take(self, *, by_hand: bool) -> None:
        """This gateway calls people from now on. Raises Refused."""
        await asyncio.shield(self._run(self._take(by_hand=by_hand)))

    async def press(self, key: str) -> bool:
        """A button was pressed; whether it is settled here, done or refused."""
        if not self.is_calling:
            return False
        try:
            done = await self.do(pressed(key))
        except Refused as refusal:
            log.info("the button %s did nothing: %s", key, refusal.why)
            return refusal.why not in ("cloud", "giving")  # the queue has just gone back: then it is the cloud's
        if done.came is not None:
            self._run(self.ticket(done.came))
        return True

    async def ticket(self, came: Came) -> str:
        """Print the ticket of somebody who came; why it is not printed, if it is not."""
        return await self.summons.ticket(self.day, came) if self.day else ""

    async def wake(self) -> None:
        """Read what lies on the disk, before anything is said of it."""
        self._newest = await asyncio.to_thread(self._own)
        found = await asyncio.to_thread(self._log.read)
        if found is not None and found[0].address != self._address:
            log.warning("what was done with the queue of another store is forgotten")
            await asyncio.to_thread(self._log.end)
            found = None
        self.day = self._restored(*found) if found else self._of_book()
        await self._end()
        self.ring()

    async def settle(self) -> None:
        """Take in the books that came; one that the disk does not take is tried again."""
        with suppress(Refused):
            async with self._deeding:
                while self._waiting:
                    await self._heard(self._waiting[0])
                    self._waiting.pop(0)

    async def aclose(self) -> None:
        """What is on its way to the disk arrives there; nobody is called any more."""
        async with self._deeding:
            await stop(*self._tasks)

    def ring(self) -> None:
        """For as long as this gateway calls people; handing back is no trouble."""
        if self.day is not None and self.day.is_calling:
            since = self.day.clock(self.day.since)
            self._alarms.ring(HELD, f"This gateway has called people by itself since {since}.")
        else:
            self._alarms.still(HELD)

    def _own(self) -> Lying | None:
        """The newest book, unless it is another store's: its people are none of ours."""
        found = self._kept.newest()
        if found is None or found.address == self._address:
            return found
        log.warning("the queue of another store is forgotten")
        self._kept.forget()
        return None

    def _restored(self, held: Held, entries: list[Entry]) -> Day:
        day = Day(held.told, held.given)
        for one in entries:
            day.apply(one)
        self.stays = held.by_hand and not day.gave
        return day

    def _of_book(self) -> Day | None:
        return Day(self._newest.told, self._newest.given) if self._newest else None

    async def _do(self, deed: Deed) -> Entry:
        async with self._deeding:
            if self.day is None:
                raise Refused("book")
            entry = deed(self.day, self.now())
            await self._written(self._log.append, entry)
            self.day.apply(entry)
        self._follow(entry)
        return entry

    async def _take(self, *, by_hand: bool) -> None:
        async with self._deeding:
            if self._newest is None:
                raise Refused("book")
            if self.hold:
                raise Refused("moved")
            hold, book = uuid.uuid4().hex, self._newest.told
            took = Entry(hold=hold, n=1, at=self.now(), what="took", version=book.version)
            held = Held(address=self._address, hold=hold, told=book, given=self._newest.given, by_hand=by_hand)
            await self._written(self._log.begin, held, took)
            self.day = self._restored(held, [took])
            self.saying.anew()
        self._follow(took)

    def _follow(self, entry: Entry) -> None:
        """What comes of it, once it is so."""
        self.saying.stir()
        if entry.made is not None:
            self._run(self._call(entry.made))
        if entry.what in ("took", "gave"):
            log.info("the queue: %s, entry %d", entry.what, entry.n)
            self.ring()
            self.changed()

    async def _call(self, made: Made) -> None:
        """Ask the callers; what they answered is an entry of its own."""
        assert self.day is not None  # noqa: S101 - it has just called somebody
        try:
            found = await self.summons.call(self.day, made)
            if found is not None:
                await self._do(lambda day, at: deeds.answered(day, at, found))
        finally:
            self.summons.over(made)

    async def _written(self, write: Callable[..., None], *what: Any) -> None:
        """Raises Refused where the disk takes nothing."""
        try:
            await asyncio.to_thread(write, *what)
        except OSError as refusal:
            self._alarms.ring(CLOSED, f"The disk takes nothing of the queue ({refusal.strerror or refusal}).")
            raise Refused("disk") from None
        self._alarms.still(CLOSED)

    async def _heard(self, payload: bytes) -> None:
        """Raises Refused."""
        try:
            told = unpack(payload) if payload else None
        except Malformed as refusal:
            log.error("the queue's book cannot be understood: %s", refusal)
            return
        await (self._forget() if told is None else self._keep(told))

    async def _forget(self) -> None:
        """There is no queue for this gateway any more; one that it holds goes on until everything of it is told."""
        self.unwanted = bool(self.hold)
        if self._newest is not None and not self.hold:
            await self._written(self._kept.forget)
            self._newest = self.day = None
            self.changed()

    async def let_go(self) -> None:
        """It is told and wanted no more: another gateway has the queue, or none. Raises Refused."""
        async with self._deeding:
            await self._written(self._log.end)
            self.day, self.stays = None, False
            log.warning("the store's queue is not this gateway's any more")
            await self._forget()
        self.ring()

    async def _keep(self, told: Book) -> None:
        self.unwanted = False
        if told.version > self.known()[0]:
            lying = Lying(address=self._address, told=told, given=_still(told, self.day.given if self.day else {}))
            await self._written(self._kept.keep, lying)
            self._newest = lying
            log.info("queue book %d is kept", told.version)
            if not self.hold:
                self.day = self._of_book()
        await self._end()
        self.changed()

    async def _end(self) -> None:
        """The holding is over when the cloud has everything and says so."""
        if self.day is None or not self.hold or not self.safe.ended or self.safe.n < self.day.n:
            return
        await self._written(self._log.end)
        self.day, self.stays = self._of_book(), False
        log.info("the cloud calls again")
        self.ring()

    def _run(self, job: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that nobody warns of it


def _still(told: Book, given: dict[str, int]) -> dict[str, int]:
    """Of the numbers given here, those whose leases there still are."""
    leases = {f"{one.day} {one.letter}{one.first:03}" for one in told.numbers}
    return {lease: n for lease, n in given.items() if lease in leases}

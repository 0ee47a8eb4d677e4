"""The gateway's copy of its store's worklist: takes what the cloud says, forgets what is past."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from edge.worklist.keeping import Kept, Lying, count_today, offered
from protocols.envelope import Address
from protocols.envelope.messages import Malformed, decode
from protocols.envelope.worklist import Worklist

log = logging.getLogger("emmetra.worklist")

TIDY_S = 1800.0


class Listing:
    """What is kept for one gateway; what was told another, before this one was moved, is not."""

    def __init__(self, address: Address, kept: Kept, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._address, self._kept, self._now = str(address), kept, now
        self._known: Worklist | None = None
        self._waiting: bytes | None = None
        self._asked = asyncio.Event()
        self.changed: Callable[[], None] = lambda: None

    def version(self) -> int:
        """The newest that lies on this disk; 0 where there is none."""
        return self._known.version if self._known else 0

    def heard(self, payload: bytes) -> None:
        """A document came; only the newest counts. An empty message is a topic that was cleared."""
        self._waiting = payload or None
        self._asked.set()

    def status(self) -> dict[str, Any]:
        """For the page on the box: numbers, nobody's name."""
        if self._known is None:
            return {"version": 0, "today": 0, "made_at": None}
        today = count_today(self._known, self._now())
        return {"version": self._known.version, "today": today, "made_at": self._known.made_at}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with asyncio.timeout(TIDY_S):
                    await self._asked.wait()
            except TimeoutError:
                await self._tidy()
            self._asked.clear()
            payload, self._waiting = self._waiting, None
            if payload is not None:
                await self._take(payload)

    async def wake(self) -> None:
        """Read what lies on the disk, before anything is said of it."""
        found = await asyncio.to_thread(self._kept.whole)
        if found is not None:
            self._known = found.told if found.address == self._address else await self._emptied(found)
            await self._tidy()

    async def _emptied(self, found: Lying) -> Worklist:
        """It is another store's: its patients are none of ours."""
        log.warning("the worklist of another store is forgotten")
        none = replace(found.told, items=[])
        await self._write(none)
        return none

    async def _take(self, payload: bytes) -> None:
        try:
            told = decode(Worklist, payload)
        except Malformed as refusal:
            log.error("the worklist cannot be understood: %s", refusal)
            return
        if told.version > self.version() and await self._write(told):
            self._known = told
            log.info("worklist %d is kept, %d items", told.version, len(told.items))
            self.changed()

    async def _tidy(self) -> None:
        """What is offered to nobody any more is not kept either."""
        if self._known is None:
            return
        rest = offered(self._known, self._now())
        if len(rest) < len(self._known.items):
            self._known = replace(self._known, items=rest)
            await self._write(self._known)

    async def _write(self, told: Worklist) -> bool:
        """Whether it is on disk; a full disk keeps the list that is there, and the cloud sees which."""
        try:
            await asyncio.to_thread(self._kept.keep, told, self._address)
        except OSError as refusal:
            log.error("the worklist cannot be written down: %s", refusal.strerror)
            return False
        return True

"""When this gateway takes the queue by itself, and when it gives it back."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from edge.queue import deeds
from edge.queue.day import Day
from edge.queue.holder import Holder
from edge.queue.refusals import Refused
from protocols.envelope.queue import Entry

LOOK_S = 1.0
GIVEN_S = 20.0  # for the cloud to say that it has the queue; after that this gateway goes on with it
SILENT_S = 30.0  # a book that is there comes within a moment
NEAR = 20  # entries that the cloud may still have to take over when the queue is given back; it does some 70 a second
AGAIN_S, AGAIN_CAP_S = 60.0, 900.0  # between two tries to give it back


class Clockwork:
    """``since`` says since when (monotonic) the broker is connected; ``after_s`` is the configuration's."""

    def __init__(self, holder: Holder, since: Callable[[], float | None], after_s: float) -> None:
        self.holder, self._since, self._after_s = holder, since, after_s
        self._away_since: float | None = time.monotonic()
        self._given: tuple[int, float] = 0, 0.0  # by which entry, and when it was seen
        self._not_before = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self.holder.asked.wait()
                self.holder.asked.clear()
                await self.look()
        finally:
            await self.holder.aclose()

    def connected(self) -> bool:
        """Whether there is a connection to the broker."""
        return self._since() is not None

    async def take(self) -> None:
        """By hand: while the cloud is there it stays until somebody gives it back. Raises Refused."""
        await self.holder.take(by_hand=self.connected())

    async def give(self) -> None:
        """By hand. Raises Refused."""
        if not self.connected():
            raise Refused("offline")
        await self.holder.do(deeds.gave)
        self.holder.stays = False

    async def look(self) -> None:
        """A book that came; whether it is time for anything."""
        if self._is_bookless():
            self.holder.heard(b"")
        await self.holder.settle()
        if self.connected():
            self._away_since = None
        elif self._away_since is None:
            self._away_since = time.monotonic()
        with suppress(Refused):  # the disk takes nothing, and an alarm says so: at the next look
            await self._turn()

    def _is_bookless(self) -> bool:
        """A book that is kept for us comes with the connection; where none does, it was cleared while we were away."""
        since, heard = self._since(), self.holder.heard_at
        return since is not None and time.monotonic() - since > SILENT_S and heard < since - SILENT_S

    async def _turn(self) -> None:
        day = self.holder.day
        if day is None:
            return
        if day.hold and self.holder.unwanted and self.holder.saying.is_done:
            await self.holder.let_go()
            return
        if not day.hold and self._away_s() >= self._after_s:
            await self.holder.take(by_hand=False)
        elif day.gives and (self._away_since is not None or self._given_s(day) > GIVEN_S):
            self._rest(day)
            await self.holder.do(_again)
        elif self._is_time_to_give(day):
            await self.holder.do(deeds.gave)

    def _rest(self, day: Day) -> None:
        """Where the cloud was there and said nothing it is not asked again at once: meanwhile nobody can be called."""
        if self._away_since is None:
            self._not_before = time.monotonic() + min(AGAIN_CAP_S, AGAIN_S * 2 ** (day.gave - 1))

    def _away_s(self) -> float:
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    def _given_s(self, day: Day) -> float:
        """How long ago it was given back, as far as this run has seen."""
        if self._given[0] != day.gave:
            self._given = day.gave, time.monotonic()
        return time.monotonic() - self._given[1]

    def _is_time_to_give(self, day: Day) -> bool:
        """By itself, once everybody is called and everything told, or where the cloud was taken back by name."""
        holder = self.holder
        if not day.is_calling or self._away_since is not None or holder.summons.live or not holder.saying.is_done:
            return False
        stays, left = holder.stays and not holder.safe.ended, day.n - holder.safe.n
        return not stays and left <= NEAR and time.monotonic() >= self._not_before


def _again(day: Day, at: str) -> Entry:
    """The same holding goes on. Raises Refused."""
    if not day.gives:
        raise Refused("moved")
    return deeds.took(day, at)

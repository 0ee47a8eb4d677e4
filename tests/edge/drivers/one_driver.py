"""A driver at work over a null modem, and what it emitted."""

import asyncio

from edge.links.base import LinkLost
from edge.links.memory import null_modem


class Desk:
    """One driver; whatever hangs on ``theirs`` is its instrument."""

    def __init__(self, driver):
        self.ours, self.theirs = null_modem()
        self.events = []
        self.driver = driver
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(driver.run(self.ours, self._emit))

    async def _emit(self, event):
        self.events.append(event)
        self._arrived.set()

    async def next(self):
        """The next event, however long it takes within reason."""
        await asyncio.wait_for(self._arrived.wait(), 8)
        self._arrived.clear()
        return self.events[-1]

    async def until(self, raw):
        """The event with these bytes."""
        while not (self.events and self.events[-1].raw == raw):
            await self.next()
        return self.events[-1]

    async def close(self):
        """Hang up."""
        await self.theirs.aclose()
        await asyncio.wait_for(self._task, 8)


class Broken:
    """A link that says some bytes and then fails."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.chunks:
            raise LinkLost("unplugged")
        return self.chunks.pop(0)


async def kept_of(driver, *chunks):
    """What a driver emitted of a link that broke after these bytes."""
    kept = []

    async def emit(event):
        kept.append(event)

    try:
        await driver.run(Broken(*chunks), emit)
    except LinkLost:
        return kept
    raise AssertionError("the driver did not tell that its link broke")

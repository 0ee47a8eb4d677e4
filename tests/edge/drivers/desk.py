"""A desk with a driver at work, for every family whose driver only listens; ``whole`` as a watched folder does."""

import asyncio
from contextlib import asynccontextmanager

from edge.links.memory import null_modem
from protocols.framing import Garbled, Transmission


class Desk:
    """The instrument's end of the wire, and what the driver emitted."""

    def __init__(self, driver, whole):
        self.ours, self.wire = null_modem()
        self.ours.whole = whole
        self.events = []
        self._arrived = asyncio.Event()
        self.task = asyncio.create_task(driver.run(self.ours, self._emit))

    async def _emit(self, event):
        self.events.append(event)
        self._arrived.set()

    async def until(self, found):
        """The event for which ``found`` is true."""
        async with asyncio.timeout(10):
            while not (wanted := [event for event in self.events if found(event)]):
                self._arrived.clear()
                await self._arrived.wait()
        return wanted[-1]


class Folder:
    """A wire that takes files, as a simulated instrument writes them."""

    def __init__(self, wire):
        self._wire, self.names = wire, []

    async def put(self, name, data):
        self.names.append(name)
        await self._wire.write(data)


@asynccontextmanager
async def desk(driver, whole=False):
    """Open for business until the block ends; everybody hangs up then."""
    at = Desk(driver, whole)
    try:
        yield at
    finally:
        await at.wire.aclose()
        await asyncio.wait_for(at.task, 10)


async def heard(driver, make, whole=False):
    """Press Measure and Print once; the print-out, and what the driver made of it."""
    async with desk(driver, whole) as at:
        instrument = make(Folder(at.wire) if whole else at.wire)
        await instrument.measure()
        printed = await instrument.print()
        return printed, await at.until(lambda event: event.raw.strip(b"\r\n\0 ") == printed.raw.strip(b"\r\n\0 "))


async def weathered(driver, make, weather):
    """Four print-outs in the storm, then one under a clear sky: that one, what came of it, and everything emitted."""
    async with desk(driver) as at:
        instrument = make(weather.over(at.wire))
        for _ in range(4):
            await instrument.measure()
            await instrument.print()
        weather.clear()
        await instrument.measure()
        fair = await instrument.print()
        event = await at.until(lambda one: one.raw.strip(b"\r\n\0 ") == fair.raw.strip(b"\r\n\0 "))
    assert all(isinstance(one, Transmission | Garbled) for one in at.events)
    return fair, event

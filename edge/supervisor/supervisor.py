"""All instruments of a gateway."""

import asyncio
from collections.abc import Callable, Sequence

from edge.links import open_link
from edge.presets import Handed
from edge.refusals import OrderRefused
from edge.supervisor.fitting import Fit, InstrumentSettings
from edge.supervisor.keeper import Keeper, Open
from edge.supervisor.notebook import Notebook
from edge.tasks import stop
from protocols.envelope import InstrumentState
from protocols.readings import Reading

Placed = Callable[[Sequence[InstrumentSettings]], Sequence[InstrumentSettings]]


class Supervisor:
    """One keeper an instrument; none can hold up another. Instruments may come, go and change while it runs."""

    def __init__(
        self,
        instruments: Sequence[InstrumentSettings],
        fit: Fit,
        notebook: Notebook,
        opener: Open = open_link,
        placed: Placed = tuple,
    ) -> None:
        """``placed`` tells where instruments are, when somebody put them elsewhere than the configuration says."""
        self._fit, self._notebook, self._opener, self._placed = fit, notebook, opener, placed
        self.keepers = [self._keeper(instrument) for instrument in placed(instruments)]
        self._tasks: dict[Keeper, asyncio.Task[None]] = {}
        self._running = False

    def _keeper(self, instrument: InstrumentSettings) -> Keeper:
        return Keeper(instrument, self._fit, self._opener, self._notebook)

    def states(self) -> list[InstrumentState]:
        """How each is doing."""
        return [keeper.report() for keeper in self.keepers]

    def keeper(self, dev: str) -> Keeper:
        """Who keeps the instrument of this name. Raises OrderRefused."""
        keeper = next((keeper for keeper in self.keepers if keeper.settings.name == dev), None)
        if keeper is None:
            raise OrderRefused(f"this gateway has no instrument called {dev!r}")
        return keeper

    def busy(self, chatter_counts: bool = True) -> str | None:
        """The name of an instrument that is at work now, if any; see Keeper.busy."""
        return next((keeper.settings.name for keeper in self.keepers if keeper.busy(chatter_counts)), None)

    async def send(self, dev: str, readings: Sequence[Reading], patient_id: str) -> Handed:
        """Hand readings to an instrument. Raises OrderRefused."""
        return await self.keeper(dev).send(readings, patient_id)

    async def become(self, instruments: Sequence[InstrumentSettings]) -> None:
        """Let go of instruments that are gone or changed, then take up the new; the others work on undisturbed."""
        instruments = self._placed(instruments)
        kept = {keeper.settings.name: keeper for keeper in self.keepers if keeper.settings in instruments}
        gone = [keeper for keeper in self.keepers if keeper not in kept.values()]
        await stop(*(self._tasks.pop(keeper, None) for keeper in gone))
        self.keepers = [kept.get(one.name) or self._keeper(one) for one in instruments]
        self._start()

    async def restart(self, dev: str) -> None:
        """End an instrument's driver and link, and begin anew. Raises OrderRefused."""
        old = self.keeper(dev)
        await stop(self._tasks.pop(old, None))
        fresh = self._keeper(old.settings)
        fresh.ears = old.ears
        self.keepers = [fresh if keeper is old else keeper for keeper in self.keepers]
        self._start()

    def _start(self) -> None:
        for keeper in self.keepers if self._running else ():
            if keeper not in self._tasks:
                self._tasks[keeper] = asyncio.ensure_future(keeper.run())

    async def run(self) -> None:
        """Until cancelled."""
        self._running = True
        self._start()
        try:
            await asyncio.Event().wait()
        finally:
            self._running = False
            await stop(*self._tasks.values())
            self._tasks.clear()

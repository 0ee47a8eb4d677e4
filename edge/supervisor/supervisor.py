"""All instruments of a gateway."""

import asyncio
from collections.abc import Sequence

from edge.links import open_link
from edge.presets import Handed
from edge.refusals import OrderRefused
from edge.supervisor.fitting import Fit, InstrumentSettings
from edge.supervisor.keeper import Keeper, Open
from edge.supervisor.notebook import Notebook
from edge.tasks import stop
from protocols.envelope import InstrumentState
from protocols.readings import Reading


class Supervisor:
    """One keeper an instrument; none can hold up another."""

    def __init__(
        self, instruments: Sequence[InstrumentSettings], fit: Fit, notebook: Notebook, opener: Open = open_link
    ) -> None:
        self.keepers = [Keeper(instrument, fit, opener, notebook) for instrument in instruments]

    def states(self) -> list[InstrumentState]:
        """How each is doing."""
        return [keeper.report() for keeper in self.keepers]

    async def send(self, dev: str, readings: Sequence[Reading], patient_id: str) -> Handed:
        """Hand readings to an instrument. Raises OrderRefused."""
        keeper = next((keeper for keeper in self.keepers if keeper.settings.name == dev), None)
        if keeper is None:
            raise OrderRefused(f"this gateway has no instrument called {dev!r}")
        return await keeper.send(readings, patient_id)

    async def run(self) -> None:
        """Until cancelled."""
        tasks = [asyncio.ensure_future(keeper.run()) for keeper in self.keepers]
        try:
            await asyncio.Event().wait()
        finally:
            await stop(*tasks)

"""Where keepers write: results into the outbox, changes as events."""

import asyncio
import logging
from collections.abc import Callable

from edge.alarms import Alarms
from edge.clock import Clock, Now
from edge.outbox import Outbox, OutboxFull
from edge.supervisor.fitting import Fitting, InstrumentSettings
from edge.supervisor.recording import drafts
from edge.uplink.happenings import happened
from protocols.framing import Garbled, Transmission

log = logging.getLogger("emmetra.instruments")

FULL_RETRY_S = 1.0
WORDS = {
    ("lost", "connected"): ("instrument_back", "is back"),
    ("misconfigured", "connected"): ("instrument_back", "is back"),
    ("starting", "connected"): ("instrument_connected", "is connected"),
}
BAD = {"lost": ("instrument_lost", "is lost"), "misconfigured": ("instrument_misconfigured", "is not set up right")}


class Notebook:
    """Shared by all keepers."""

    def __init__(self, outbox: Outbox, clock: Clock, alarms: Alarms, changed: Callable[[], None]) -> None:
        self._outbox, self._clock, self._alarms, self._changed = outbox, clock, alarms, changed

    def now(self) -> Now:
        """The gateway's time."""
        return self._clock.now()

    async def write(self, said: Transmission | Garbled, instrument: InstrumentSettings, fitting: Fitting) -> None:
        """One transmission to disk. While the disk is full it is held here and its instrument waits unanswered."""
        rows, raw = drafts(said, instrument, fitting, now=self.now(), boot=self._clock.boot)
        while True:
            try:
                await self._outbox.put(rows, raw)
            except OutboxFull as refusal:
                self._alarms.ring("outbox_full", f"{refusal} Make room on the gateway's disk.")
                await asyncio.sleep(FULL_RETRY_S)
                continue
            self._alarms.still("outbox_full")
            return

    async def tell(self, dev: str, before: str, state: str, why: str | None) -> None:
        """An instrument changed: a log line, an event, a new birth."""
        code, words = WORDS.get((before, state)) or BAD.get(state) or ("instrument_changed", state)
        text = f"{dev} {words}" + (f": {why}" if why else ".")
        log.log(logging.WARNING if why else logging.INFO, "%s", text)
        self._changed()
        await happened(self._outbox, code, text, dev=dev, at=self.now().ts_gw)

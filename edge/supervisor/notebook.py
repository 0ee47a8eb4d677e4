"""Where keepers write: results into the outbox, changes as events."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from edge.alarms import Alarms
from edge.clock import Clock, Now
from edge.drivers.buttons import Pressed
from edge.drivers.filed import Filed
from edge.outbox import Outbox, OutboxFull
from edge.supervisor.fitting import Fitting, InstrumentSettings, Misfit
from edge.supervisor.recording import drafts
from edge.uplink.happenings import happened
from protocols.framing import Garbled, Transmission
from protocols.readings import Blob

log = logging.getLogger("emmetra.instruments")

Filing = Callable[[Filed, InstrumentSettings, Fitting], Awaitable[None]]
Keeping = Callable[[bytes], Awaitable[Blob]]
Pressing = Callable[[str], Awaitable[bool]]
LONGEST = 128 * 1024  # bytes of a transmission in a message; brokers take 256 KiB, and base64 makes four of three
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
        self.filing: Filing | None = None  # what becomes of whole files; the gateway's room for pictures
        self.keeping: Keeping | None = None  # what becomes of long transmissions
        self.pressing: Pressing = _nobody  # who carries a press out here, where the cloud cannot

    def now(self) -> Now:
        """The gateway's time."""
        return self._clock.now()

    async def write(
        self,
        said: Transmission | Garbled,
        instrument: InstrumentSettings,
        fitting: Fitting,
        refused: Callable[[], None] = lambda: None,
        *,
        once: str | None = None,
    ) -> None:
        """One transmission to disk. While the disk is full it is held here and its instrument waits unanswered.

        ``refused`` is told once if that happens. What was written under the name ``once`` is not written again.
        """
        now, tell = self.now(), iter((refused,))
        name = once and f"{instrument.name}/{once}"
        while True:
            try:
                apart = await self._apart(said.raw)
                rows, raw = drafts(said, instrument, fitting, now=now, boot=self._clock.boot, apart=apart)
                await self._outbox.put(rows, raw, once=name)
            except (OutboxFull, OSError) as refusal:
                self._alarms.ring("outbox_full", f"{refusal} Make room on the gateway's disk.")
                next(tell, lambda: None)()
                await asyncio.sleep(FULL_RETRY_S)
                continue
            self._alarms.still("outbox_full")
            return

    async def _apart(self, raw: bytes) -> Blob | None:
        """The blob of a transmission that is too long for a message. Raises OSError."""
        if self.keeping is None or len(raw) <= LONGEST:
            return None
        return await self.keeping(raw)

    async def file(self, file: Filed, instrument: InstrumentSettings, fitting: Fitting) -> None:
        """One whole file, taken over when this returns. Raises Misfit where this gateway takes none."""
        if self.filing is None:
            raise Misfit("This gateway takes no pictures and volumes.")
        await self.filing(file, instrument, fitting)

    async def press(self, pressed: Pressed, dev: str) -> None:
        """Somebody pressed a button: done here, else on disk when this returns and the cloud's to say what it means."""
        if await self.pressing(pressed.key):
            return
        data = {"key": pressed.key, "press": pressed.press}
        await happened(self._outbox, "button_pressed", f"{dev}: {pressed.key}", dev=dev, data=data, at=self.now().ts_gw)

    async def tell(self, dev: str, before: str, state: str, why: str | None) -> None:
        """An instrument changed: a log line, an event, a new birth."""
        code, words = WORDS.get((before, state)) or BAD.get(state) or ("instrument_changed", state)
        text = f"{dev} {words}" + (f": {why}" if why else ".")
        log.log(logging.WARNING if why else logging.INFO, "%s", text)
        self._changed()
        await happened(self._outbox, code, text, dev=dev, at=self.now().ts_gw)


async def _nobody(_key: str) -> bool:
    """The cloud can."""
    return False

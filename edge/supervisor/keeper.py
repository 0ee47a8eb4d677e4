"""Keeps one instrument: opens its link, runs its driver, and begins again when either ends."""

import asyncio
import functools
import logging
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from edge.backoff import Backoff
from edge.drivers.buttons import Pressed
from edge.drivers.filed import Filed
from edge.links import Link, LinkLost, LinkRefused
from edge.links.base import once
from edge.links.opening import address
from edge.links.tap import Ear, Tap
from edge.presets import Handed
from edge.refusals import OrderRefused
from edge.supervisor.fitting import Camera, Driver, Fit, Fitting, InstrumentSettings, Misfit, Recipient
from edge.supervisor.notebook import Notebook
from protocols.envelope import InstrumentState
from protocols.framing import Event, Garbled, Transmission
from protocols.readings import Reading

log = logging.getLogger("emmetra.instruments")

State = Literal["starting", "connected", "lost", "misconfigured"]
Open = Callable[..., Awaitable[Link]]
PROVEN_S = 0.5  # a link that hangs up at once is not back yet
RETRY_CAP_S = 30.0
AT_WORK_S = 10.0  # between two eyes, two pages of a transmission, or a result and its reprint


class Keeper:
    """One instrument and how it is doing."""

    def __init__(self, settings: InstrumentSettings, fit: Fit, open_link: Open, notebook: Notebook) -> None:
        self.settings = settings
        self._fit, self._open, self._notebook = fit, open_link, notebook
        self._backoff = Backoff(0.5, RETRY_CAP_S)
        self.state: State = "starting"
        self.since = notebook.now().ts_gw
        self.why: str | None = None
        self.last_reading: float | None = None  # monotonic
        self.readings = self.garbled = 0
        self.tally: Counter[str] = Counter()  # frames ok, garbled and refused; losses
        self._fitting: Fitting | None = None
        self._driver: Driver | None = None  # while it has a link
        self._heard: float | None = None  # when a byte last passed either way, monotonic
        self.ears: set[Ear] = set()  # who listens in on the wire, across its openings

    def report(self) -> InstrumentState:
        """For the birth and the status."""
        fitting, given = self._fitting, self.settings
        return InstrumentState(
            dev=given.name,
            family=given.family,
            link=given.url,
            state=self.state,
            since=self.since,
            maker=fitting.maker if fitting else None,
            model=given.model or (fitting.model if fitting else None),
            lane=given.lane,
            why=self.why,
        )

    async def send(self, readings: Sequence[Reading], patient_id: str) -> Handed:
        """Hand readings to the instrument. Raises OrderRefused."""
        if self._driver is None:
            raise OrderRefused(f"{self.settings.name} is not connected")
        if not isinstance(self._driver, Recipient):
            raise OrderRefused(f"nothing can be sent to {self.settings.name}: it only prints")
        driver = self._driver
        return Handed(await driver.send(readings, patient_id), taken=driver.confirms)

    @property
    def camera(self) -> Camera | None:
        """What takes pictures here, while its driver is running."""
        return self._driver if isinstance(self._driver, Camera) else None

    def busy(self, chatter_counts: bool = True) -> bool:
        """Whether something passes on its wire, or did within ``AT_WORK_S``.

        Without ``chatter_counts`` only results count: some instruments are never silent.
        """
        lately = time.monotonic() - AT_WORK_S
        return any(
            last is not None and last > lately for last in (self._heard if chatter_counts else None, self.last_reading)
        )

    def _heed(self, *_: object) -> None:
        self._heard = time.monotonic()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._once()
            except Misfit as refusal:
                await self._become("misconfigured", str(refusal))
            except LinkRefused as refusal:
                await self._become("misconfigured" if refusal.lasting else "lost", str(refusal))
            except LinkLost as loss:
                await self._become("lost", f"The link broke: {loss}.")
            except Exception as failure:
                await self._become("lost", self._driver_failed(failure))
            await asyncio.sleep(self._backoff.next())

    async def _once(self) -> None:
        address(self.settings.url)
        self._fitting = fitting = self._fit(self.settings)
        link = Tap(Tap(await self._open(self.settings.url, fitting.line), (self._heed,)), self.ears)
        try:
            await self._run_driver(fitting, link)
        finally:
            await link.aclose()
        await self._become("lost", "The instrument or its adapter hung up.")

    async def _run_driver(self, fitting: Fitting, link: Link) -> None:
        if self.state == "starting":
            await self._become("connected")
        self._driver = fitting.make()
        running = asyncio.ensure_future(self._driver.run(link, functools.partial(self._emit, link)))
        try:
            done, _ = await asyncio.wait([running], timeout=PROVEN_S)
            if not done:
                self._backoff.reset()
                await self._become("connected")
            await running
        finally:
            self._driver = None
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _emit(self, link: Link, event: Event | Filed | Pressed) -> None:
        """Returns when it is on disk; only then may the driver answer the instrument."""
        if isinstance(event, Filed) and self._fitting is not None:
            await self._become("connected")
            await self._notebook.file(event, self.settings, self._fitting)
            self.tally["ok"] += 1
            self._count(1)
            return
        if isinstance(event, Pressed):
            await self._become("connected")
            await self._notebook.press(event, self.settings.name)
        if not isinstance(event, Transmission | Garbled) or self._fitting is None:
            return
        await self._become("connected")
        refused = lambda: self.tally.update(refused=1)  # noqa: E731
        await self._notebook.write(event, self.settings, self._fitting, refused, once=once(link) or once(self._driver))
        self.tally["garbled" if isinstance(event, Garbled) else "ok"] += 1
        if isinstance(event, Garbled):
            self.garbled += 1
            log.warning("%s: %s (%d bytes kept)", self.settings.name, event.why, len(event.raw))  # never the bytes
            return
        self._count(len(event.readings))

    def _count(self, readings: int) -> None:
        self.readings += readings
        self.last_reading = time.monotonic()

    async def _become(self, state: State, why: str | None = None) -> None:
        """Change, and say so once."""
        before, before_why = self.state, self.why
        if (state, why) == (before, before_why):
            return
        self.state, self.why = state, why
        if state != before:
            self.since = self._notebook.now().ts_gw
            self.tally["lost"] += state == "lost"
        if state != before or state == "misconfigured":
            await self._notebook.tell(self.settings.name, before, state, why)

    def _driver_failed(self, failure: Exception) -> str:
        """Where, but never the message: it may quote what the instrument said."""
        frame = traceback.extract_tb(failure.__traceback__)[-1]
        log.error("%s: %s at %s:%s", self.settings.name, type(failure).__name__, frame.filename, frame.lineno)
        return f"The driver stumbled ({type(failure).__name__}) and starts again. Send us the log."

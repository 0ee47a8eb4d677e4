"""Puts the rooms together: outbox, instruments, uplink, status; and takes them apart in good order."""

import asyncio
import contextlib
import fcntl
import functools
import logging
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from edge import status
from edge.alarms import Alarms
from edge.clock import Clock, known_floor
from edge.config import GatewayConfig
from edge.links import open_link
from edge.outbox import Limits, Outbox
from edge.outbox.outbox import MIB
from edge.presets import to_phoropter
from edge.supervisor import Fit, Notebook, Supervisor
from edge.supervisor.families import fit as fit_family
from edge.tasks import until_one_ends
from edge.uplink import Herald, Orders, Uplink, happened

log = logging.getLogger("emmetra.gateway")

REOPEN_S = 5.0
LOCK = "gateway.lock"
OUTBOX = "outbox.db"
NOTES = {
    "outbox_salvaged": "The outbox was damaged. {kept} results were read and are sent again; the old file is kept.",
    "outbox_mended": "The outbox was torn: {behind_tear} results recovered, {rotten} set aside as damaged.",
}


class GatewayRefused(Exception):
    """The gateway cannot start: one sentence what is wrong and what to do."""


class Gateway:
    """A running gateway."""

    def __init__(self, config: GatewayConfig, *, fit: Fit = fit_family) -> None:
        self.config = config
        self.alarms = Alarms()
        self.clock = Clock(known_floor(Path(__file__)))
        self.software = f"emmetra {_version()}"
        self._fit = fit
        self._stop = asyncio.Event()
        self._started = time.monotonic()
        self.outbox: Outbox | None = None

    def stop(self) -> None:
        """End in good order."""
        self._stop.set()

    async def run(self) -> None:
        """Until stopped. Raises GatewayRefused."""
        with self._alone():
            async with self._outbox() as outbox:
                if outbox is not None:
                    await self._live(outbox)

    async def _live(self, outbox: Outbox) -> None:
        self._assemble(outbox)
        await self._tell_notes(outbox)
        log.info("%s is ready with %d instruments", self.config.address, len(self.config.instruments))
        await until_one_ends(
            self._stop.wait(), self.supervisor.run(), self.uplink.run(), status.serve(self.config.data, self.status)
        )
        log.info("stopped")

    def _assemble(self, outbox: Outbox) -> None:
        address = self.config.address
        self.herald = Herald(address, self.software, outbox, self.clock, self.alarms, self._states)
        notebook = Notebook(outbox, self.clock, self.alarms, self.herald.change)
        opener = functools.partial(open_link, data=self.config.data)
        self.supervisor = Supervisor(self.config.instruments, self._fit, notebook, opener)
        verbs = {"ping": self._ping, "instruments": self._instruments, "to_phoropter": self._to_phoropter}
        orders = Orders(address, outbox, verbs)
        self.uplink = Uplink(self.config.broker, outbox, self.herald, orders, self.alarms)
        self.alarms.on_change = self.herald.change

    def _states(self) -> list[Any]:
        return self.supervisor.states()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """Two gateways on one outbox would number the same rows."""
        data = self.config.data
        try:
            data.mkdir(parents=True, exist_ok=True)
            with (data / LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield lock
        except BlockingIOError:
            raise GatewayRefused(
                f"Another gateway already works in {data}. Stop it first, or use another folder."
            ) from None
        except (PermissionError, NotADirectoryError, FileExistsError) as refusal:
            raise GatewayRefused(
                f"{data} cannot be used ({refusal.strerror}). Make it a folder this user may write."
            ) from None

    @contextlib.asynccontextmanager
    async def _outbox(self) -> AsyncIterator[Outbox | None]:
        self.outbox = outbox = await self._open_outbox()
        try:
            yield outbox
        finally:
            if outbox is not None:
                await outbox.aclose()

    async def _open_outbox(self) -> Outbox | None:
        """Open it, however long the disk is full; without it nothing may be accepted."""
        limits = Limits(floor_bytes=int(self.config.disk_floor_mb * MIB), raw_days=self.config.raw_days)
        while not self._stop.is_set():
            try:
                return await Outbox.open(self.config.data / OUTBOX, boot=self.clock.boot, limits=limits)
            except (sqlite3.Error, OSError) as refusal:
                self.alarms.ring(
                    "outbox_closed", f"The outbox cannot be opened ({refusal}). Check the disk of {self.config.data}."
                )
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), REOPEN_S)
        return None

    async def _tell_notes(self, outbox: Outbox) -> None:
        self.alarms.still("outbox_closed")
        for note in outbox.notes:
            text = NOTES[note["code"]].format(**note)
            log.warning("%s", text)
            await happened(outbox, note["code"], text, data=note, at=self.clock.now().ts_gw)

    async def status(self) -> dict[str, Any]:
        """Everything, as `emmetra gateway status --json` prints it."""
        assert self.outbox is not None  # noqa: S101 - served only while it is open
        depth, now, link = await self.outbox.depth(), self.clock.now(), self.uplink.state
        return {
            "address": str(self.config.address),
            "software": self.software,
            "at": now.ts_gw,
            "uptime_s": round(time.monotonic() - self._started, 1),
            "clock": {"state": now.clk.state, "err_ms": now.clk.err_ms},
            "broker": {"state": link.state, "for_s": round(time.monotonic() - link.since, 1), "why": link.why},
            "outbox": {name: getattr(depth, name) for name in depth.__slots__},
            "instruments": [self._instrument(keeper) for keeper in self.supervisor.keepers],
            "alarms": self.alarms.by_code(),
        }

    def _instrument(self, keeper: Any) -> dict[str, Any]:
        state, last = keeper.report(), keeper.last_reading
        return {
            "name": state.dev,
            "family": state.family,
            "model": state.model,
            "lane": state.lane,
            "link": state.link,
            "state": state.state,
            "since": state.since,
            "why": state.why,
            "readings": keeper.readings,
            "garbled": keeper.garbled,
            "last_reading_s": None if last is None else round(time.monotonic() - last, 1),
        }

    async def _ping(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"at": self.clock.now().ts_gw, "uptime_s": round(time.monotonic() - self._started, 1)}

    async def _instruments(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"instruments": [self._instrument(keeper) for keeper in self.supervisor.keepers]}

    async def _to_phoropter(self, args: dict[str, Any]) -> dict[str, Any]:
        return await to_phoropter(self.supervisor, args)


def run(config: GatewayConfig) -> None:
    """Run a gateway until SIGTERM or Ctrl-C. Raises GatewayRefused."""
    asyncio.run(_run(config))


async def _run(config: GatewayConfig) -> None:
    sys.setswitchinterval(0.001)  # the outbox thread must not wait 5 ms for the loop at every step
    gateway = Gateway(config)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, gateway.stop)
    await gateway.run()


def _version() -> str:
    try:
        return metadata.version("emmetra")
    except metadata.PackageNotFoundError:
        return "0"

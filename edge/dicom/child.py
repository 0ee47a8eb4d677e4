"""Starts the DICOM program beside the gateway, watches it, and hears how it is."""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.clock import Clock
from edge.dicom.settings import DeviceSettings, DicomSettings
from protocols.envelope import InstrumentState

log = logging.getLogger("emmetra.dicom")

DOWN = "dicom_down"
END_S = 10.0
LINE = 1 << 20  # bytes; the status of a hundred devices is 10 kB


class Child:
    """The program, started again whenever it ends. ``arrived`` is called when it has stored something."""

    def __init__(
        self,
        config: Path,
        settings: DicomSettings,
        alarms: Alarms,
        clock: Clock,
        *,
        changed: Callable[[], None] = lambda: None,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self._config, self._settings, self._alarms, self._clock = config, settings, alarms, clock
        self.changed, self.arrived = changed, arrived
        self.said: dict[str, Any] = {}
        self.why: str | None = None
        self.pid: int | None = None
        self._since = clock.now().ts_gw

    @property
    def listens(self) -> bool:
        """Whether devices can call."""
        return bool(self.said.get("listens"))

    async def run(self) -> None:
        """Until cancelled."""
        backoff = Backoff()
        while True:
            try:
                if await self._once():
                    backoff.reset()
            except OSError as refusal:  # no memory or no process left for it
                self._now({}, f"It cannot be started ({refusal.strerror}).")
            self._alarms.ring(DOWN, f"The DICOM program does not run. {self.why or ''}".strip())
            await asyncio.sleep(backoff.next())

    async def _once(self) -> bool:
        """One life of it; whether it came so far as to listen."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "edge", "dicom", "--child", "--config", str(self._config)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE,
        )
        self.pid = process.pid
        try:
            _, last = await asyncio.gather(self._hear(process), _last_words(process))
            code, lived = await process.wait(), self.listens
            self._now({}, last or f"It ended with code {code}.")
            log.error("the DICOM program ended with code %d", code)
            return lived
        finally:
            await _end(process)

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - a pipe
        async for line in _lines(process.stdout):
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                is_new = said.pop("arrived", None)
                self._now(said, None)
                if is_new:
                    self.arrived()

    def _now(self, said: dict[str, Any], why: str | None) -> None:
        before, self.said, self.why = self.listens, said, why
        if before != self.listens:
            self._since = self._clock.now().ts_gw
            self.changed()
        if self.listens:
            self._alarms.still(DOWN)

    def states(self) -> list[InstrumentState]:
        """Each device as the birth tells it: connected where it can call, as no device stays on the line."""
        return [self._state(device) for device in self._settings.devices]

    def _state(self, device: DeviceSettings) -> InstrumentState:
        state: Literal["connected", "lost", "starting"]
        state = "connected" if self.listens else "lost" if self.why else "starting"
        why = None if self.listens else self.why
        return InstrumentState(
            dev=device.name,
            family="dicom",
            link=f"dicom://{device.ae_title}",
            state=state,
            since=self._since,
            lane=device.lane,
            why=why,
        )

    def status(self) -> dict[str, Any]:
        """For `emmetra gateway status`."""
        told = self.said.get("devices", {})
        devices = [
            {"name": one.name, "ae_title": one.ae_title, **told.get(one.name, {})} for one in self._settings.devices
        ]
        return {
            "ae_title": self._settings.ae_title,
            "listens": self.listens,
            "where": self.said.get("where"),
            "why": self.why,
            "refused": self.said.get("refused"),
            "devices": devices,
        }


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Line by line until it ends; one that is too long is left out."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """What it logs goes into the gateway's log; the last line says why it ended."""
    assert process.stderr is not None  # noqa: S101 - a pipe
    last = ""
    async for line in _lines(process.stderr):
        last = line.decode("utf-8", "replace").strip()
        if last.startswith(("WARNING", "ERROR")):
            log.warning("%s", last)
        elif last.startswith("INFO"):
            log.info("%s", last)
    return last


async def _end(process: asyncio.subprocess.Process) -> None:
    """In good order where there is time: without stdin it ends by itself."""
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_S):
            await process.wait()
            return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()

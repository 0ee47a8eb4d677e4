"""The far sides of the gateway's callers, alive in a thread: printer, display, voice, television, call buttons."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from firmware_sim.callers import Display, Pad, Printer
from firmware_sim.wires import Wire, open_pty, open_tcp

T = TypeVar("T")
PATIENCE = 20.0
AGAIN = 0.3  # seconds until a television asks a gateway again that is away


@dataclass
class Noting(Printer):
    """A printer that notes when it printed."""

    times: list[float] = field(default_factory=list)

    async def _print(self, ticket: bytes) -> None:
        self.times.append(time.monotonic())
        await super()._print(ticket)


@dataclass
class Standing(Display):
    """A display that notes when it was written to."""

    times: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Until cancelled or put away."""
        async for said in self.wire:
            self.times.append(time.monotonic())
            self.heard += said


@dataclass(frozen=True)
class Drawn:
    """A call as somebody could read it on a screen."""

    at: float
    call: str
    turn: int
    ticket: str
    place: str


class Devices:
    """All of them, for as long as this is open."""

    def __init__(self, folder: Path, console: int) -> None:
        self.spoken, self.drawn = folder / "spoken", list[Drawn]()
        self.spoken.mkdir(exist_ok=True)
        self._console, self._loop = console, asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="devices", daemon=True)
        self._thread.start()
        self._folder, self._tcp = folder, self._do(open_tcp())
        self._ptys = [self._do(open_pty(folder / name)) for name in ("display", "pad")]
        self._tasks = self._do(self._begin(self._tcp, *self._ptys))

    @property
    def far(self) -> dict[str, object]:
        """Where the gateway finds them."""
        folder = self._folder
        there = {"display": folder / "display", "pad": folder / "pad", "spoken": self.spoken}
        return {"printer": self._tcp.port, **there}

    def press(self, key: int) -> None:
        """Press a key of the pad."""
        self._do(self.pad.press(key))

    def heard(self) -> list[list[str]]:
        """What each announcement was made of; only those that are there as sound too."""
        found = sorted(self.spoken.glob("*.wav"), key=lambda one: one.stat().st_mtime_ns)
        return [one.with_suffix(".txt").read_text().split() for one in found if one.with_suffix(".txt").exists()]

    def close(self) -> None:
        """Put them away."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _begin(self, printer: Wire, display: Wire, pad: Wire) -> list[asyncio.Task[None]]:
        self.printer, self.display, self.pad = Noting(printer), Standing(display), Pad(pad)
        return [asyncio.create_task(one) for one in (self.printer.run(), self.display.run(), self._watch())]

    async def _end(self) -> None:
        for one in self._tasks:
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._tcp.aclose()
        for wire in self._ptys:
            await wire.aclose()

    async def _watch(self) -> None:
        """A television: asks, draws, says what it has drawn."""
        version = "none"
        while True:
            try:
                told = json.loads(await self._asked(f"GET /screen/calls/tv/{version}"))
                version = told["version"]
                for one in reversed([one for one in told["calls"] if one["asks"]]):
                    await self._draw(one)
            except (OSError, ValueError):
                version = "none"
                await asyncio.sleep(AGAIN)

    async def _draw(self, one: dict[str, Any]) -> None:
        place = one["place"][0] if one["place"] else ""
        self.drawn.append(Drawn(time.monotonic(), one["call"], one["turn"], one["ticket"], place))
        await self._asked("POST /screen/shown", f"screen=tv&call={one['call']}&turn={one['turn']}")

    async def _asked(self, what: str, form: str = "") -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._console)
        with contextlib.closing(writer):
            head = f"{what} HTTP/1.1\r\nX-Emmetra-Screen: 1\r\nContent-Length: {len(form)}\r\n\r\n"
            writer.write((head + form).encode())
            answer = await reader.read()
        return answer.partition(b"\r\n\r\n")[2]

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

"""A store with callers: real sockets, ptys and processes on their far side."""

import asyncio
import contextlib
import sys
from pathlib import Path

from edge.callers import Callers
from edge.config import load
from edge.tasks import stop
from firmware_sim.callers import Display, Numbers, Printer
from firmware_sim.wires.pty import open_pty
from firmware_sim.wires.tcp import open_tcp
from protocols.envelope.calls import Called

HEAD = '[gateway]\naddress = "demo/main/gw-1"\ndata = "{data}"\n[broker]\nurl = "mqtt://localhost"\n'
# Copies the sound and the list of its phrases away, and lasts as long as it is told.
PLAYER = """
import shutil, sys, time
from pathlib import Path
home, lasts, file = Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
name = f"{time.time():.6f}"
shutil.copy(file.with_suffix(".txt"), home / f"{name}.txt")
shutil.copy(file, home / f"{name}.wav")
time.sleep(lasts)
(home / f"{name}.end").write_text(f"{time.time():.6f}")
"""


def called(ticket="A012", turn=1, call="", station="room-3", **more):
    given = {"place": {"en": "Room 3", "zh": "3号诊室"}, "room": 3} | more
    return Called(call=call or f"call-{ticket}", ticket=ticket, station=station, turn=turn, **given)


async def until(condition, seconds=8):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Store:
    """``write`` the callers' tables, then ``open`` them."""

    def __init__(self, folder: Path):
        self.folder, self.tables, self.jobs, self.wires = folder, [], [], []
        self.played = folder / "played"
        self.played.mkdir()
        self.changes = 0

    def caller(self, name, kind, **keys):
        lines = [f"[callers.{name}]", f'kind = "{kind}"', *(f"{key} = {_toml(value)}" for key, value in keys.items())]
        self.tables.append("\n".join(lines))

    async def printer(self, name="desk", **keys):
        printer = Printer(await self._wire(open_tcp()))
        self.jobs.append(asyncio.ensure_future(printer.run()))
        self.caller(name, "escpos", url=f"tcp://127.0.0.1:{printer.wire.port}", **keys)
        return printer

    async def display(self, name, kind, **keys):
        display = Display(await self._wire(open_pty()))
        self.jobs.append(asyncio.ensure_future(display.run()))
        self.caller(name, kind, url=f"serial://{display.wire.path}", **keys)
        return display

    async def numbers(self, name, **keys):
        display = Numbers(await self._wire(open_pty()))
        self.jobs.append(asyncio.ensure_future(display.run()))
        self.caller(name, "modbus", url=f"serial://{display.wire.path}", **{"base": 0, "digits": 3} | keys)
        return display

    async def dead(self, name, kind, **keys):
        """A host that takes everything and says nothing."""
        wire = await self._wire(open_tcp())
        self.caller(name, kind, url=f"tcp://127.0.0.1:{wire.port}", **keys)

    def voice(self, name="hall", lasts=0.0, **keys):
        script = self.folder / "player.py"
        script.write_text(PLAYER)
        self.caller(name, "voice", player=[sys.executable, str(script), str(self.played), str(lasts)], **keys)

    def heard(self):
        """What was played so far: (began, ended, phrases, sound)."""
        found = sorted(self.played.glob("*.end"))
        return [
            (float(one.stem), float(one.read_text()), _words(one), one.with_suffix(".wav").read_bytes())
            for one in found
        ]

    def configured(self):
        path = self.folder / "gateway.toml"
        path.write_text(HEAD.format(data=self.folder / "data") + "\n".join(self.tables))
        return load(path)

    @contextlib.asynccontextmanager
    async def open(self):
        config = self.configured()
        callers = Callers(config.callers, config.data, self._changed)
        job = asyncio.ensure_future(callers.run())
        try:
            yield callers
            assert not job.done(), job.exception()
        finally:
            await stop(job)
            await asyncio.sleep(0.05)  # a port that was being opened is closed by its thread

    async def aclose(self):
        await stop(*self.jobs)
        for one in self.wires:
            await one.aclose()

    def _changed(self):
        self.changes += 1

    async def _wire(self, opening):
        self.wires.append(wire := await opening)
        return wire


async def said(callers, call):
    """Every answer, in order; the last is the result."""
    return [{name: (one.state, one.why) for name, one in all_.callers.items()} async for all_ in callers.call(call)]


def _words(file):
    return file.with_suffix(".txt").read_text().split()


def _toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)

"""Bluetooth devices of a store and the gateway's BlueZ, alive in a thread of their own, on a bus of their own."""

import asyncio
import subprocess
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from firmware_sim.gatt import Cuff
from firmware_sim.gatt.bluez import bluez
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral
from firmware_sim.gatt.uart import RadioWire
from firmware_sim.instrument import PrintOut
from firmware_sim.keeler import TonoCare
from tests.edge.links.bluez import CONFIG

T = TypeVar("T")
CUFF, TONOMETER = "C0:00:00:00:00:02", "C0:00:00:00:00:03"
PATIENCE = 20.0


class Airwaves:
    """A cuff that forgets nothing, and a tonometer with a serial module; every verb returns when it is done."""

    def __init__(self, folder: Path) -> None:
        config = folder / "bus.conf"
        config.write_text(CONFIG.format(socket=folder / "bus"))
        words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
        self._daemon = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._daemon.stdout is not None
        self.bus = self._daemon.stdout.readline().strip()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="airwaves", daemon=True)
        self._thread.start()
        self._open = AsyncExitStack()
        self._do(self._begin())

    async def _begin(self) -> None:
        ether = Ether()
        self._host = ether.station("gateway", "C0:00:00:00:00:01")
        await self._host.power_on()
        self.adapter = await self._open.enter_async_context(bluez(self.bus, self._host))
        self._serial = RadioWire(ether.station("TonoCare", TONOMETER))
        await self._serial.switch_on()
        self._wire = Peripheral(ether.station("Cuff", CUFF), "blood_pressure", keeps=True, bonded=True)
        self._at = datetime(2026, 3, 4, 9, 30)
        self.cuff = Cuff(self._wire, seed="cuff", clock=lambda: self._at)
        await self._wire.switch_on(self.cuff.about())
        self.tonometer = TonoCare(self._serial, seed="tono")

    def pump(self, at: datetime) -> PrintOut[Any]:
        """Somebody's blood pressure, by the cuff's own clock."""
        self._at = at
        return self._do(self._press(self.cuff))

    def puff(self) -> PrintOut[Any]:
        """Somebody's eyes, as soon as the gateway listens."""
        self._do(self._serial.listened())
        return self._do(self._press(self.tonometer))

    def wake(self) -> int:
        """Press the cuff's button once more; how often it has told something so far."""
        before = self._wire.taken
        self._do(self._wire.wake())
        return before

    def told(self) -> int:
        """How often the cuff has told something."""
        return self._wire.taken

    def close(self) -> None:
        """Put everything away."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._daemon.terminate()
        self._daemon.communicate()

    async def _end(self) -> None:
        await self._wire.aclose()
        await self._serial.aclose()
        await self._open.aclose()
        await self._host.power_off()

    async def _press(self, instrument: Any) -> PrintOut[Any]:
        await instrument.measure()
        printed: PrintOut[Any] = await instrument.print()
        return printed

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

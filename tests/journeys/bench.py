"""Simulated instruments on ptys, alive in a thread of their own, so that a journey reads from top to bottom."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from firmware_sim.instrument import PrintOut
from firmware_sim.patients import Patient
from firmware_sim.shop import PLACES
from firmware_sim.wires import PtyWire, open_pty

T = TypeVar("T")
PATIENCE = 20.0


class Bench:
    """An ark, a tonoref, a lensmeter and a phoropter; every verb returns when it is done."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bench", daemon=True)
        self._thread.start()
        self.wires: dict[str, PtyWire] = {place: self._do(open_pty(folder / place)) for place in PLACES}
        self.instruments: dict[str, Any] = {p: made(self.wires[p], seed=p) for p, made in PLACES.items()}
        self._hearing = asyncio.run_coroutine_threadsafe(self.instruments["rt"].listen(), self._loop)

    def print(self, place: str, record: str = "", patient: Patient | None = None) -> PrintOut[Any]:
        """Scan, measure, press Print; the instrument must have been let speak."""
        printed = self._do(self._print(self.instruments[place], record, patient))
        assert printed.sent, self.instruments[place].display
        return printed

    def say(self, place: str, data: bytes) -> None:
        """Put bytes on the wire as they are."""
        self._do(self.wires[place].write(data))

    def unplug(self, place: str) -> None:
        """Pull the plug."""
        self._do(self.wires[place].unplug())

    def plug(self, place: str) -> None:
        """Put it back."""
        self._do(self.wires[place].replug())

    def close(self) -> None:
        """Put the instruments away."""
        self._hearing.cancel()
        for wire in self.wires.values():
            self._do(wire.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _print(self, instrument: Any, record: str, patient: Patient | None) -> PrintOut[Any]:
        instrument.scan(record)
        await instrument.measure(patient)
        return await instrument.print()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

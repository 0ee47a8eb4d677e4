"""A simulated store: four instruments on pseudo-terminals, a morning of patients, and a page with the buttons."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from firmware_sim.nidek_frame.autorefractor import ARK1a
from firmware_sim.nidek_frame.lensmeter import LM600P
from firmware_sim.nidek_frame.tonoref import TONOREF3
from firmware_sim.nidek_rt.phoropter import RT5100
from firmware_sim.patients import Patient
from firmware_sim.wires import PtyWire, open_pty

PLACES: dict[str, Any] = {"ark": ARK1a, "tonoref": TONOREF3, "lensmeter": LM600P, "rt": RT5100}
RECORDS = tuple(f"H-{number}" for number in range(1001, 1009))


class Shop:
    """Instruments by place; the same record number always has the same eyes."""

    def __init__(self, instruments: dict[str, Any]) -> None:
        self.instruments = instruments
        self._listening = [asyncio.create_task(one.listen()) for one in instruments.values() if hasattr(one, "listen")]
        self._one_at_a_time = {place: asyncio.Lock() for place in instruments}

    async def press(self, place: str, record: str = "") -> str:
        """Measure somebody and press Print; answers what the instrument shows afterwards."""
        instrument = self.instruments[place]
        async with self._one_at_a_time[place]:
            instrument.scan(record)
            await instrument.measure(eyes_of(record))
            printed = await instrument.print()
        return f"print-out {printed.print_number} sent" if printed.sent else str(instrument.display)

    async def morning(self, every: float) -> None:
        """Patients come in: mostly with a scanned record number, sometimes without."""
        luck = random.Random()  # noqa: S311 - who comes next is no secret
        while True:
            for record in luck.sample(RECORDS, len(RECORDS)):
                scanned = record if luck.random() < 0.8 else ""
                for place in luck.sample(sorted(self.instruments), luck.choice((1, 2, 3))):
                    await asyncio.sleep(luck.uniform(0.5, 1.5) * every)
                    await self.press(place, scanned)


def eyes_of(record: str) -> Patient:
    """The eyes of whoever has this record number; somebody off the street without one."""
    return Patient.by_chance(random.Random(record or None))  # noqa: S311 - eyes, not secrets


async def open_shop(folder: Path) -> tuple[Shop, Sequence[PtyWire]]:
    """Put every instrument on a pty named after its place."""
    wires = {place: await open_pty(folder / place) for place in PLACES}
    shop = Shop({place: made(wires[place], seed=place) for place, made in PLACES.items()})
    return shop, list(wires.values())

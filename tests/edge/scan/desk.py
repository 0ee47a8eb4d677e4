"""Simulated instruments on ptys, each at its own line, whose Print is pressed again and again."""

import asyncio
import contextlib

from firmware_sim.catalogue import instruments
from firmware_sim.wires import open_pty
from firmware_sim.wires.uart import Line


async def pressing(instrument, every):
    while True:
        await instrument.measure()
        await instrument.print()
        await asyncio.sleep(every)


@contextlib.asynccontextmanager
async def desk(folder, *places, every=0.3):
    """Each place is (instrument, line, what it was told); gives the ports by instrument."""
    wires, tasks, ports = [], [], {}
    for name, line, told in places:
        wire = await open_pty(folder / name, Line.parse(line) if line else None)
        wires.append(wire)
        ports[name] = str(wire.path)
        tasks.append(asyncio.create_task(pressing(instruments()[name](wire, seed=name, **told), every)))
    try:
        yield ports
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for wire in wires:
            await wire.aclose()

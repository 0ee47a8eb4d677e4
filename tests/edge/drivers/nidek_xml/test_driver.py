"""The driver over a folder, with the simulated instruments writing into it."""

import json

import pytest

from edge.drivers.nidek_xml.driver import Driver
from firmware_sim.nidek_xml import INSTRUMENTS, NT530P
from protocols.framing import Garbled, Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import desk, heard
from tests.witnesses import holds


@pytest.mark.parametrize("make", INSTRUMENTS.values())
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(make, seed):
    printed, event = await heard(Driver({}), lambda wire: make(wire, seed=seed), whole=True)

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(any(holds(one, shown) for one in told) for shown in printed.shown)


async def test_a_file_that_broke_off_costs_no_other():
    async with desk(Driver({}), whole=True) as at:
        first, second = [await _printed(seed) for seed in (1, 2)]
        await at.wire.write(first[: len(first) // 2])
        broken = await at.until(lambda event: isinstance(event, Garbled))
        await at.wire.write(second)
        good = await at.until(lambda event: isinstance(event, Transmission))

    assert broken.why == "The document broke off before the end of its root."
    assert good.raw == second.rstrip(b"\r\n\0") + b"\0"


async def _printed(seed):
    class Nowhere:
        async def put(self, name, data):
            pass

    tonometer = NT530P(Nowhere(), seed=seed)
    await tonometer.measure()
    return (await tonometer.print()).raw

"""The driver over a folder, with the simulated instrument writing into it."""

import json

import pytest

from edge.drivers.tomey_top_xml.driver import Driver
from firmware_sim.tomey_top_xml import Topascope
from firmware_sim.wires import null_modem
from protocols.framing import Garbled, Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import desk, heard
from tests.witnesses import holds


@pytest.mark.parametrize("options", [{}, {"pachymetry": False}, {"closed": False}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: Topascope(wire, seed=seed, **options), whole=True)

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(any(holds(one, shown) for one in told) for shown in printed.shown)


async def test_a_file_that_broke_off_costs_no_other():
    instrument = Topascope(null_modem()[0], seed=1)
    await instrument.measure()
    good = (await instrument.print()).raw

    async with desk(Driver({}), whole=True) as at:
        await at.wire.write(good[: len(good) // 2])
        broken = await at.until(lambda event: isinstance(event, Garbled))
        await at.wire.write(good)
        whole = await at.until(lambda event: isinstance(event, Transmission))

    assert broken.why
    assert whole.raw == good.rstrip()

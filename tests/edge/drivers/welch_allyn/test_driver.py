"""The driver over a null modem, with a simulated Spot VS100 at the far end, as over a watched folder."""

import json

import pytest

from edge.drivers.welch_allyn.driver import Driver
from firmware_sim.welch_allyn import SpotVS100
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard
from tests.witnesses import holds


@pytest.mark.parametrize("options", [{}, {"named": False}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: SpotVS100(wire, seed=seed, **options), whole=True)

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(map(holds, told, printed.shown))

"""The driver over a null modem, with a simulated 2WIN at the far end, as over a watched folder."""

import json

import pytest

from edge.drivers.twowin.driver import Driver
from firmware_sim.twowin import TwoWin
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard
from tests.witnesses import holds


@pytest.mark.parametrize("options", [{}, {"trouble": "Pupil too small"}, {"listed": ("Smith, Jr.", "John", "")}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: TwoWin(wire, seed=seed, **options), whole=True)

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(map(holds, told, printed.shown))

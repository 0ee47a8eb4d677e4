"""The driver over a watched folder, with a simulated MYAH writing into it."""

import pytest

from edge.drivers.topcon_polar.driver import Driver
from firmware_sim.topcon_polar import Polar
from protocols.framing import Transmission
from tests.edge.drivers.desk import heard
from tests.witnesses import disagreements


@pytest.mark.parametrize("seed", range(4))
async def test_what_the_screen_shows_is_heard(seed):
    printed, event = await heard(Driver({}), lambda wire: Polar(wire, seed=seed), whole=True)

    assert isinstance(event, Transmission)
    assert disagreements(printed, event.readings) == []

"""The driver over a watched folder, with simulated analysers writing into it."""

import pytest

from edge.drivers.corvis_csv.driver import Driver
from firmware_sim.corvis_csv import CorvisST, OcularResponse
from protocols.framing import Transmission
from tests.edge.drivers.desk import heard
from tests.witnesses import disagreements


@pytest.mark.edge("EDGE-360", "An air pulse's answer reaches the record value for value, and no index is computed.")
@pytest.mark.parametrize("kind", [CorvisST, OcularResponse])
@pytest.mark.parametrize("seed", range(4))
async def test_what_the_screen_shows_is_heard(kind, seed):
    printed, event = await heard(Driver({}), lambda wire: kind(wire, seed=seed), whole=True)

    assert isinstance(event, Transmission)
    assert disagreements(printed, event.readings) == []

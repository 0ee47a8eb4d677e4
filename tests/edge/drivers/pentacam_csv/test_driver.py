"""The driver over a watched folder, with a simulated Pentacam writing into it."""

import pytest

from edge.drivers.pentacam_csv.driver import Driver
from firmware_sim.pentacam_csv import Pentacam
from protocols.framing import Transmission
from tests.edge.drivers.desk import heard
from tests.witnesses import disagreements


@pytest.mark.edge("EDGE-361", "A tomograph's table reaches the record row by row, doubtful and repeated rows included.")
@pytest.mark.parametrize("options", [{}, {"twice": True}, {"status": "Blinking"}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: Pentacam(wire, seed=seed, **options), whole=True)

    assert isinstance(event, Transmission)
    assert disagreements(printed, event.readings) == []
    assert {getattr(one, "right", None) is None for one in event.readings} == {True, False}

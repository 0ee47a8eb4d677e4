"""The driver over a null modem, with the simulated instruments at the far end, in fair and in foul weather."""

import pytest

from edge.drivers.topcon_rm.driver import Driver
from firmware_sim.topcon_rm import INSTRUMENTS, KR8900
from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission
from tests.edge.drivers.tomey_tagged.desk import Desk, kept_of
from tests.protocols.topcon_rm.print_outs import WHOLE


@pytest.fixture
async def desk():
    at = Desk(Driver({}))
    yield at
    await at.close()


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_a_simulated_instrument_is_heard_byte_for_byte(desk, kind):
    instrument = kind(desk.theirs, seed=7)
    await instrument.measure()
    printed = await instrument.print()

    event = await desk.next()
    assert isinstance(event, Transmission)
    assert event.raw == printed.raw


async def test_what_was_pending_when_the_wire_failed_is_kept():
    kept = await kept_of(Driver({}), WHOLE[:40], WHOLE[40:] + b"A\rR\r- 1")

    assert [type(event) for event in kept] == [Transmission, Garbled]
    assert b"".join(event.raw for event in kept) == WHOLE + b"A\rR\r- 1"


@pytest.mark.parametrize("seed", range(2))
async def test_bad_weather_costs_no_good_print_out(desk, seed):
    weather = Weather(seed, drop=0.001, corrupt=0.001)
    instrument = KR8900(weather.over(desk.theirs), seed=seed)
    for _ in range(3):
        await instrument.measure()
        await instrument.print()
    weather.clear()
    await instrument.measure()
    fair = await instrument.print()

    event = await desk.until(fair.raw)
    assert isinstance(event, Transmission)
    assert all(isinstance(one, Transmission | Garbled) for one in desk.events)

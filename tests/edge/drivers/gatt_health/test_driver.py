"""The driver over a null modem, with a simulated device at the far end, in fair and in foul weather."""

import json

import pytest

from edge.drivers.gatt_health.driver import Driver
from firmware_sim.gatt import INSTRUMENTS, Cuff
from firmware_sim.weather import Weather
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard, weathered
from tests.witnesses import holds


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("options", [{}, {"dated": False}, {"user": 2}])
@pytest.mark.parametrize("kind", INSTRUMENTS.values(), ids=INSTRUMENTS)
async def test_what_the_screen_shows_is_heard(kind, options, whole):
    printed, event = await heard(Driver({}), lambda wire: kind(wire, seed=3, **options), whole)

    assert isinstance(event, Transmission)
    assert holds(json.loads(to_json(event.readings[0])), printed.shown[0])


@pytest.mark.parametrize("seed", range(3))
async def test_bad_weather_costs_no_good_measurement(seed):
    weather = Weather(seed, drop=0.005, corrupt=0.005, drip=0.3)

    fair, event = await weathered(Driver({}), lambda wire: Cuff(wire, seed=seed), weather)

    assert isinstance(event, Transmission)
    assert holds(json.loads(to_json(event.readings[0])), fair.shown[0])

"""The driver over a null modem, with a simulated VL1000 at the far end, in fair and in foul weather."""

import json

import pytest

from edge.drivers.visionix_vl.driver import Driver
from firmware_sim.visionix_vl import VL1000
from firmware_sim.weather import Weather
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard, weathered
from tests.witnesses import holds


@pytest.mark.parametrize("options", [{}, {"distance": True}, {"dollar": False}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: VL1000(wire, seed=seed, **options))

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(map(holds, told, printed.shown))


@pytest.mark.parametrize("seed", range(3))
async def test_bad_weather_costs_no_good_print_out(seed):
    weather = Weather(seed, drop=0.005, corrupt=0.005, drip=0.3)

    fair, event = await weathered(Driver({}), lambda wire: VL1000(wire, seed=seed), weather)

    assert isinstance(event, Transmission)
    assert all(map(holds, [json.loads(to_json(one)) for one in event.readings], fair.shown))

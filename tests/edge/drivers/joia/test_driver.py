"""The driver over a folder and over a wire, with the simulated instruments at the far end."""

import json

import pytest

from edge.drivers.joia.driver import Driver
from firmware_sim.joia import INSTRUMENTS, KR800S, LM7
from firmware_sim.weather import Weather
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard, weathered
from tests.witnesses import holds


def told(event):
    assert isinstance(event, Transmission), event.why
    return [json.loads(to_json(reading)) for reading in event.readings]


@pytest.mark.parametrize("make", INSTRUMENTS.values())
@pytest.mark.parametrize("whole", [True, False])
async def test_what_the_screen_shows_is_heard(make, whole):
    printed, event = await heard(Driver({}), lambda wire: make(wire, seed=5), whole=whole)

    readings = told(event)
    assert len(readings) == len(printed.shown)
    assert [shown for shown in printed.shown if not any(holds(one, shown) for one in readings)] == []


@pytest.mark.parametrize("make", [KR800S, LM7])
@pytest.mark.parametrize("seed", range(2))
async def test_bad_weather_costs_no_good_document(make, seed):
    weather = Weather(seed, drop=0.0005, corrupt=0.0005, drip=0.1)

    fair, event = await weathered(Driver({}), lambda wire: make(wire, seed=seed), weather)

    assert all(any(holds(one, shown) for one in told(event)) for shown in fair.shown)

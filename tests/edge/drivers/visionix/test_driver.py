"""The driver over a null modem, with a simulated VX120 at the far end, as over a watched folder."""

import json

import pytest

from edge.drivers.visionix.driver import Driver
from firmware_sim.visionix import L80, VX100, VX120
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard
from tests.witnesses import holds


@pytest.mark.parametrize("options", [{}])
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(options, seed):
    printed, event = await heard(Driver({}), lambda wire: VX120(wire, seed=seed, **options), whole=True)

    assert isinstance(event, Transmission)
    told = [json.loads(to_json(reading)) for reading in event.readings]
    assert len(told) == len(printed.shown)
    assert all(map(holds, told, printed.shown))


@pytest.mark.parametrize("kind", [L80, VX100])
@pytest.mark.parametrize("side", ["right", "left"])
async def test_the_eye_of_an_ini_file_is_what_the_settings_say(kind, side):
    def made(wire):
        return kind(wire, seed=3, side=side)

    printed, event = await heard(Driver({"eye": side}), made, whole=True)

    told = json.loads(to_json(event.readings[0]))
    assert holds(told[side]["readings"], made(None).zones_shown(printed.measured))
    assert len({"right", "left"} & set(told)) == 1


def test_an_eye_nobody_has_is_refused_before_a_folder_is_watched():
    with pytest.raises(ValueError, match="no eye"):
        Driver({"eye": "third"})

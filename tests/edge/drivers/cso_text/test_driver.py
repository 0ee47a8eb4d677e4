"""The driver over a watched folder, with a simulated topographer writing into it."""

import json

import pytest

from edge.drivers.cso_text.driver import Driver
from firmware_sim.cso_text import Topographer
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.edge.drivers.desk import heard
from tests.witnesses import disagreements


@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screen_shows_is_heard(seed):
    printed, event = await heard(Driver({}), lambda wire: Topographer(wire, seed=seed), whole=True)

    assert isinstance(event, Transmission)
    assert disagreements(printed, event.readings) == []


@pytest.mark.edge("EDGE-367", "A map whose eye the file only calls True belongs to no eye until somebody told which.")
@pytest.mark.parametrize(("true_is", "side"), [("right", "left"), ("left", "right"), (None, "unassigned")])
async def test_the_setting_says_which_eye_is_true(true_is, side):
    settings = {"true_is": true_is} if true_is else {}
    _, event = await heard(Driver(settings), lambda wire: Topographer(wire, left=True), whole=True)
    told = json.loads(to_json(event.readings[0]))

    assert set(told) & {"right", "left", "unassigned"} == {side}


def test_an_eye_there_is_not_is_refused():
    with pytest.raises(ValueError, match="right or left"):
        Driver({"true_is": "up"})

"""A small morning with everything real, two outages and a judge that knows nothing but the simulator's own log."""

import pytest

from deploy.morning.command import verdict
from deploy.morning.judge.verdict import NAMES
from deploy.morning.play import Wanted
from tests.journeys.hall import open_hall


@pytest.fixture(scope="module")
def findings():
    with open_hall(Wanted(people=24, minutes=0.6)) as morning:
        morning.play()
        return {one.name: one for one in verdict(morning)}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", NAMES)
def test_the_morning_holds(findings, name):
    assert findings[name].faults == ()
    assert findings[name].count > 0

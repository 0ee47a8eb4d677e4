"""A practice with somebody who can be reached, and a patient's browser."""

from datetime import date

import pytest

from tests.cloud.booking.practice_here import found
from tests.cloud.direct.steps_here import GRACE
from tests.cloud.direct.way_here import patient, reached


@pytest.fixture
def practice(engine, world):
    made = found(engine, world)
    reached(engine, made, world.grace, GRACE, date(1980, 5, 4))
    return made


@pytest.fixture
def one(app, engine, practice):
    return patient(app, engine, practice.world.one)

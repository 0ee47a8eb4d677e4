"""A practice, its owner on the schedule's pages, and the day the tests are about."""

import pytest

from tests.cloud.booking.practice_here import all_know_dr_ada, found


@pytest.fixture
def practice(engine, world, monkeypatch):
    return all_know_dr_ada(monkeypatch, found(engine, world, patients=4))


@pytest.fixture
def olivia(sign_in, world):
    return sign_in(world.olivia, store_id=world.pier.id)


@pytest.fixture
def day(practice):
    return practice.on.isoformat()

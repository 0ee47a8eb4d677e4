import pytest

from tests.cloud.booking.practice_here import all_know_dr_ada, found


@pytest.fixture
def practice(engine, world, monkeypatch):
    return all_know_dr_ada(monkeypatch, found(engine, world, patients=4))


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


@pytest.fixture
def rosa(sign_in, world):
    return sign_in(world.rosa)

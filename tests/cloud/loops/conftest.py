"""A store that is open, Grace in the doctor's room, and who works there."""

import pytest

from tests.cloud.loops import loops_here
from tests.cloud.queue import store_here


@pytest.fixture
def store(engine, world):
    return store_here.found(engine, world)


@pytest.fixture
def loop(store):
    return loops_here.loop(store)


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


@pytest.fixture
def rosa(sign_in, world):
    return sign_in(world.rosa)


@pytest.fixture
def olivia(sign_in, world):
    return sign_in(world.olivia, store_id=world.pier.id)


@pytest.fixture
def bob(sign_in, world):
    return sign_in(world.bob)


@pytest.fixture
def charlie(sign_in, world):
    return sign_in(world.charlie)

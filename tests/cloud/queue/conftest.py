"""A store that is open."""

import pytest

from tests.cloud.queue import store_here


@pytest.fixture
def store(engine, world):
    return store_here.found(engine, world)

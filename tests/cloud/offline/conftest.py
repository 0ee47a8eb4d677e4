"""A store whose gateway goes on with the queue."""

import pytest

from tests.cloud.offline.gateway_here import Gateway
from tests.cloud.queue import store_here


@pytest.fixture
def store(engine, world):
    return store_here.found(engine, world)


@pytest.fixture
def gateway(store):
    """The gateway at the pier; it keeps the book."""
    made = Gateway(store)
    made.is_born()
    return made

"""A store at work: stations, a practice that books, browsers of its people."""

import pytest

from cloud.arrival import printing
from tests.cloud.arrival.door_here import Doors, opened


@pytest.fixture
def doors(app, engine, world):
    return opened(app, engine, world)


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


@pytest.fixture
def rosa(sign_in, world):
    return sign_in(world.rosa)


@pytest.fixture
def printed(app):
    """Whatever a ticket printer was told."""
    told = []
    before = app.extensions[printing.KEY]
    printing.install(app, [lambda _session, *given: told.append((given[0].ticket, *given[1:])) or True])
    yield told
    app.extensions[printing.KEY] = before


__all__ = ["Doors"]

"""A store that is open, with a gateway that has something to call with."""

import pytest

from cloud.fleet.models import Gateway, Instrument
from tests.cloud.queue import store_here


@pytest.fixture
def store(engine, world):
    return store_here.found(engine, world)


@pytest.fixture
def callers(store, world):
    """The gateway at the pier is there, with a printer, a voice and a screen."""
    with store.work() as session:
        gateway = session.get(Gateway, (world.one, world.pier.sender.gateway_id))
        gateway.state = "online"
        where = {"gateway_id": gateway.id, "store_id": world.pier.id, "link": "tcp", "state": "connected"}
        session.add_all(Instrument(dev=dev, family=dev, **where) for dev in ("escpos", "voice", "screen"))
        session.flush()
        return gateway.id

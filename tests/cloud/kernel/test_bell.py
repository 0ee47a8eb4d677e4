"""A commit rings, what is rolled back does not."""

import pytest

from cloud.blobs import services as blobs
from cloud.imaging.choices import DUE
from cloud.kernel.bell import Bell
from cloud.kernel.database import unit_of_work

LONG = 60.0


@pytest.fixture
def bell(engine):
    found = Bell(engine, DUE)
    found.start()
    found.wait(LONG)  # it listens
    yield found
    found.close()
    found.join()


def test_bytes_that_a_gateway_brings_ring_with_their_commit(engine, world, bell):
    with unit_of_work(engine, world.one) as session:
        blobs.keep(session, "ab" * 32, 3, "image/jpeg", "nowhere", world.pier.sender.gateway_id)
        assert bell._rung.is_set() is False
    assert bell._rung.wait(LONG) is True
    bell.wait(LONG)
    assert bell._rung.is_set() is False


def test_it_listens_again_after_its_connection_was_cut(server, bell):
    assert bell._rung.is_set() is False
    server.admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN imaging_due'")
    assert bell._rung.wait(LONG) is True  # it rings once it listens again: something may have been said meanwhile


def test_whoever_waits_goes_on_when_it_is_closed(engine):
    bell = Bell(engine, DUE)
    bell.close()
    bell.wait(LONG)
    assert bell._closed.is_set() is True

"""The book of a store's queue: from a commit to its gateway, over a real broker, and what the gateway did, back."""

import asyncio

import msgspec

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.offline import telling
from cloud.queue import holding
from protocols import envelope
from protocols.envelope import Event
from protocols.envelope.queue import KEPT, Entry, unpack
from tests.cloud.ingest.quiet import nobody_elses
from tests.cloud.ingest.test_consumer import broker, consumer, consuming, gateway
from tests.cloud.ingest.test_writer import birth
from tests.cloud.queue import store_here
from tests.cloud.servers import wait_until

__all__ = ["broker", "consumer", "consuming", "gateway", "nobody_elses"]


async def book(gateway):
    """The next book that comes."""
    return unpack((await gateway.message(patience=30)).payload)


async def test_a_gateway_that_can_keep_a_book_is_told_it_and_whatever_follows(
    engine, world, consumer, gateway, monkeypatch
):
    monkeypatch.setattr(telling, "APART_S", 0.1)
    store, address = store_here.found(engine, world), world.pier.address
    await gateway.subscribe(address.down("queue"))
    await gateway.publish(address.up("state"), birth(queue=0), retain=True)
    first = await book(gateway)
    with store.work() as session:
        ticket = store.come(session)[0].ticket
    second = await book(gateway)
    assert (first.guests, [one.ticket for one in second.guests]) == ([], [ticket])
    assert second.version == first.version + 1


async def test_what_a_gateway_did_comes_home_as_events(engine, world, consumer, gateway):
    store, address = store_here.found(engine, world), world.pier.address
    await gateway.publish(address.up("state"), birth(queue=0), retain=True)
    await gateway.subscribe(address.down("queue"))
    await book(gateway)
    took = Entry(hold="h", n=1, at=now().isoformat(), what="took", version=1)
    event = Event(v=1, id=str(uuid7()), at=took.at, code=KEPT, text="", data=msgspec.to_builtins(took))
    await gateway.publish(address.up("e"), envelope.encode(event))

    def is_away():
        with store.work() as session:
            return holding.away(session, world.pier.id) is not None

    await asyncio.to_thread(wait_until, is_away)
    assert is_away()

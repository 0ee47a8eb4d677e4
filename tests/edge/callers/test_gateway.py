"""A whole gateway: an order from the cloud comes out of a printer, on a screen, as speech."""

import asyncio

import msgspec

from deploy.broker import Broker
from edge.config import load
from edge.gateway import Gateway
from edge.tasks import stop
from protocols.envelope import Address
from tests.edge.callers.store import called
from tests.edge.fakecloud import FakeCloud

GATEWAY = Address("demo", "main", "gw-1")


async def test_an_order_from_the_cloud_is_printed_shown_and_spoken_and_each_says_so(store):
    slips, till = await store.printer(calls=True), await store.display("till", "cd5220")
    store.voice(lasts=0.2)
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud:
        path = store.configured().path
        path.write_text(path.read_text().replace("mqtt://localhost", f"mqtt://127.0.0.1:{broker.port}"))
        gateway = Gateway(load(path))
        running = asyncio.ensure_future(gateway.run())
        try:
            await cloud.until(
                lambda: cloud.births and all(s.state == "connected" for s in cloud.births[-1].instruments)
            )
            await cloud.order_up(GATEWAY, "c1", "call_patient", args=msgspec.to_builtins(called()))
            await cloud.order_up(GATEWAY, "t1", "print_ticket", args={"ticket": "A013"})
            call, ticket = await cloud.ended("c1"), await cloud.ended("t1")
            await cloud.order_up(GATEWAY, "t1", "print_ticket", args={"ticket": "A013"})  # the broker brings it again
            await cloud.until(lambda: [one.state for one in cloud.commands if one.id == "t1"].count("done") == 2)
            gateway.stop()
            await asyncio.wait_for(running, 10)
        finally:
            await stop(running)

    born = {one.dev: one.family for one in cloud.births[-1].instruments}
    assert born == {"desk": "escpos", "till": "cd5220", "hall": "voice"}
    assert {name: one["state"] for name, one in call.result["callers"].items()} == {
        **{"desk": "printed", "till": "shown", "hall": "spoken"},
    }
    assert ticket.result["callers"]["desk"]["state"] == "printed"
    told = [one.result["callers"] for one in cloud.commands if one.id == "c1" and one.state == "running" and one.result]
    assert any(one["hall"]["state"] == "waiting" and one["till"]["state"] == "shown" for one in told)
    assert len(slips.tickets) == 2 and till.heard and len(store.heard()) == 1

"""From an order at the broker to the screen of a simulated phoropter, through a whole gateway."""

import asyncio
import contextlib
import json

import pytest

from deploy.broker import Broker
from edge.config import load
from edge.gateway import Gateway
from edge.tasks import stop
from firmware_sim.nidek_rt import RT5100
from firmware_sim.wires import open_tcp
from protocols.readings import to_json
from tests.edge.fakecloud import FakeCloud
from tests.edge.gateways import CONFIG
from tests.protocols.nidek_rt.test_preset import AUTO, LENSES, power, reading

INSTRUMENT = """
[[instrument]]
name = "{name}"
family = "{family}"
url = "{url}"
"""
READINGS = [json.loads(to_json(one)) for one in (LENSES, AUTO)]


class Store:
    """A gateway with a phoropter, one that is unplugged, and a lensmeter that only prints."""

    def __init__(self, cloud, phoropter, address):
        self.cloud, self.phoropter, self._address, self._orders = cloud, phoropter, address, 0

    async def order(self, dev="rt-1", readings=READINGS, patient_id="H-1001"):
        self._orders += 1
        args = {"dev": dev, "patient_id": patient_id, "readings": readings}
        await self.cloud.order_up(self._address, f"c{self._orders}", "to_phoropter", args=args)
        return await self.cloud.ended(f"c{self._orders}")

    def connected(self):
        last = self.cloud.births[-1].instruments if self.cloud.births else []
        return {one.dev for one in last if one.state == "connected"} == {"rt-1", "lens-1"}


@contextlib.asynccontextmanager
async def running(gateway):
    task = asyncio.ensure_future(gateway.run())
    try:
        yield
        gateway.stop()
        await asyncio.wait_for(task, 10)
    finally:
        await stop(task)


@pytest.fixture
async def store(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.drivers.nidek_rt.driver.ANSWER_S", 0.3)
    wire, idle = await open_tcp("127.0.0.1", 0), await open_tcp("127.0.0.1", 0)
    phoropter = RT5100(wire, seed=3)
    listening = asyncio.create_task(phoropter.listen())
    plugs = [("rt-1", "nidek_rt", wire.port), ("rt-2", "nidek_rt", 1), ("lens-1", "nidek_frame", idle.port)]
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud:
        text = CONFIG.format(data=tmp_path / "data", port=broker.port)
        for name, family, port in plugs:
            text += INSTRUMENT.format(name=name, family=family, url=f"socket://127.0.0.1:{port}")
        (tmp_path / "gateway.toml").write_text(text)
        gateway = Gateway(load(tmp_path / "gateway.toml"))
        async with running(gateway):
            store = Store(cloud, phoropter, gateway.config.address)
            await cloud.until(store.connected)
            yield store
    await stop(listening)
    await wire.aclose()
    await idle.aclose()


async def test_an_order_puts_the_readings_on_the_screen(store):
    ended = await store.order()

    assert (ended.state, ended.why) == ("done", None)
    assert ended.result == {"taken": True, "sent": ["lensmeter", "autorefraction"]}
    await store.cloud.until(lambda: store.phoropter.screen)
    assert store.phoropter.patient_id == "H-1001"
    assert store.phoropter.screen["IN+AR"]["right"] == {"sphere": "-2.75", "cylinder": "-1.75", "axis": 105}


async def test_a_phoropter_that_sleeps_fails_the_order_and_the_next_try_works(store):
    store.phoropter.asleep = True
    ended = await store.order()
    store.phoropter.asleep = False
    again = await store.order()

    assert (ended.state, ended.why) == ("failed", "no answer from the phoropter in 0.3 s")
    assert again.state == "done"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"dev": "rt-9"}, "this gateway has no instrument called 'rt-9'"),
        ({"dev": "rt-2"}, "rt-2 is not connected"),
        ({"dev": "lens-1"}, "nothing can be sent to lens-1: it only prints"),
        ({"dev": None}, "the order does not say to which instrument, for whom and what"),
        ({"readings": "all"}, "the order does not say to which instrument, for whom and what"),
        ({"readings": []}, "there is nothing in it that the phoropter takes: lensmeter or autorefraction values"),
        ({"patient_id": "1234567890123"}, "the patient's number has more than 12 characters"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(store, order, why):
    ended = await store.order(**order)

    assert (ended.state, ended.why) == ("failed", why)
    assert store.phoropter.memory == {}


async def test_a_reading_that_cannot_be_understood_is_named_without_its_value(store):
    ended = await store.order(readings=[READINGS[0] | {"right": {"sphere": "Boom"}}])

    assert ended.state == "failed"
    assert ended.why.startswith("a reading could not be understood: ")
    assert "Boom" not in ended.why


async def test_a_value_that_does_not_fit_is_said_and_nothing_is_sent(store):
    fine = json.loads(to_json(reading("lensmetry", right=power("-1.125", "0.00", 0))))

    ended = await store.order(readings=[fine])
    assert ended.why == "the value -1.125 of the right eye is finer than the 0.01 that the phoropter takes"
    assert store.phoropter.memory == {}


async def test_what_is_printed_meanwhile_reaches_the_cloud(store):
    await store.phoropter.measure()
    ended, printed = await asyncio.gather(store.order(), store.phoropter.print())
    await store.cloud.until(lambda: len(store.cloud.rows) == 1 + len(printed.shown))

    assert ended.state == "done"

import asyncio
import contextlib

import pytest

from deploy.broker import Broker
from edge.alarms import Alarms
from edge.clock import Clock
from edge.outbox import Limits, Outbox
from edge.tasks import stop
from edge.uplink import BrokerSettings, Herald, Orders, Uplink
from protocols.envelope import Address
from tests.edge.fakecloud import FakeCloud

GATEWAY = Address("demo", "main", "gw-1")
BOOT = "boot-1"


class Desk:
    """An uplink over an outbox, without instruments."""

    def __init__(self, outbox, port, verbs=None, retry_s=60.0):
        self.outbox, self.alarms = outbox, Alarms()
        self.instruments = []
        self.herald = Herald(GATEWAY, "emmetra test", outbox, Clock(), self.alarms, lambda: self.instruments)
        self.alarms.on_change = self.herald.change
        self.orders = Orders(GATEWAY, outbox, verbs or {})
        broker = BrokerSettings(f"mqtt://127.0.0.1:{port}", retry_s=retry_s)
        self.uplink = Uplink(broker, outbox, self.herald, self.orders, self.alarms)

    async def until(self, condition, seconds=5):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    @contextlib.asynccontextmanager
    async def running(self):
        task = asyncio.ensure_future(self.uplink.run())
        try:
            yield self
        finally:
            assert not task.done(), task.exception()
            await stop(task)


@pytest.fixture
async def broker():
    async with Broker() as broker:
        yield broker


@pytest.fixture
async def cloud(broker):
    async with FakeCloud(broker.port).running() as cloud:
        yield cloud


@pytest.fixture
async def outbox(tmp_path):
    outbox = await Outbox.open(tmp_path / "outbox.db", boot=BOOT, limits=Limits(floor_bytes=0))
    yield outbox
    await outbox.aclose()


@pytest.fixture
def desk(outbox, broker):
    return Desk(outbox, broker.port)

"""From a gateway's publish over a real broker into PostgreSQL, and back as an acknowledgement."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import mqtt5
import pytest
from sqlalchemy import Engine, func, select

from cloud.fleet.models import Gateway
from cloud.ingest.consumer import Consumer, broker_address
from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Misconfigured, Settings
from cloud.readings.models import Reading
from deploy.broker import Broker
from protocols import envelope
from protocols.envelope import Ack, Address
from tests.cloud.ingest.test_writer import birth, death
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import Line, Outbox
from tests.cloud.servers import wait_until
from tests.conformance.broker.client import Client


@pytest.fixture
async def broker() -> AsyncIterator[Broker]:
    async with Broker() as broker:
        yield broker


@asynccontextmanager
async def consuming(engine: Engine, broker: Broker, client_id: str = "svc-ingest-1") -> AsyncIterator[Consumer]:
    settings = Settings("", "", broker_url=f"mqtt://{broker.host}:{broker.port}")
    consumer, stop = Consumer(engine, settings, client_id), asyncio.Event()
    running = asyncio.create_task(consumer.run(stop))
    try:
        await asyncio.wait_for(consumer.connected.wait(), 10)
        yield consumer
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


@pytest.fixture
async def consumer(engine: Engine, broker: Broker) -> AsyncIterator[Consumer]:
    async with consuming(engine, broker) as consumer:
        yield consumer


@pytest.fixture
async def gateway(broker: Broker) -> AsyncIterator[Client]:
    client = await Client.connect(broker, "gw-1", session_expiry_interval=60)
    yield client
    client.cut()


async def send(gateway: Client, outbox: Outbox, *lines: Line, address: Address | None = None) -> int | None:
    topic = (address or outbox.place.address).up("r", "result")
    return await gateway.publish(topic, outbox.batch(*lines))


async def hears_acks(gateway: Client, address: Address) -> None:
    await gateway.subscribe(address.down("ack"))


async def ack(gateway: Client) -> Ack:
    return envelope.decode(Ack, (await gateway.message()).payload)


async def ack_until(gateway: Client, hwm: int) -> Ack:
    while (found := await ack(gateway)).hwm < hwm:
        pass
    return found


async def until(engine: Engine, tenant_id: int, question: object, answer: object, patience: float = 10) -> object:
    """What is answered once it is what was waited for."""
    await asyncio.to_thread(wait_until, lambda: asked(engine, tenant_id, question) == answer, patience)
    return asked(engine, tenant_id, question)


def asked(engine: Engine, tenant_id: int, question: object) -> object:
    with unit_of_work(engine, tenant_id) as session:
        return session.scalar(question)  # type: ignore[call-overload]


KEPT = select(func.count()).select_from(Reading)


def state_of(world: World) -> object:
    return select(Gateway.state).where(Gateway.id == world.pier.sender.gateway_id)


async def test_a_batch_becomes_rows_and_an_acknowledgement_that_is_retained(engine, world, consumer, broker, gateway):
    outbox = Outbox(world.pier)
    await hears_acks(gateway, world.pier.address)
    await send(gateway, outbox, outbox.capture(), outbox.reading("R-1"))

    assert await ack(gateway) == Ack(v=1, epoch=outbox.epoch, hwm=2)
    assert asked(engine, world.one, KEPT) == 1
    later = await Client.connect(broker, "gw-1-again")
    await hears_acks(later, world.pier.address)
    assert await ack(later) == Ack(v=1, epoch=outbox.epoch, hwm=2)
    later.cut()


async def test_many_batches_come_in_order_and_whole(engine, world, consumer, gateway):
    outbox = Outbox(world.pier)
    await hears_acks(gateway, world.pier.address)
    for _batch in range(40):
        await send(gateway, outbox, *(outbox.reading() for _ in range(5)))

    assert (await ack_until(gateway, 200)).missing == []
    assert asked(engine, world.one, KEPT) == 200


@pytest.mark.edge("EDGE-060", "What gateways send while the cloud's intake restarts is taken in afterwards.")
async def test_what_was_published_while_ingest_was_away_waits_at_the_broker(engine, world, broker, gateway):
    outbox = Outbox(world.pier)
    async with consuming(engine, broker):
        pass
    await send(gateway, outbox, outbox.reading(), outbox.reading())
    await hears_acks(gateway, world.pier.address)
    async with consuming(engine, broker):
        assert (await ack(gateway)).hwm == 2


@pytest.mark.edge("EDGE-059", "The broker keeps its copy until the database has committed.")
async def test_nothing_is_acknowledged_to_the_broker_before_the_commit(server, engine, world, broker, gateway):
    """With the database away the broker keeps its copy, and gives it to the next consumer of the session."""
    outbox = Outbox(world.pier)
    await hears_acks(gateway, world.pier.address)
    async with consuming(engine, broker):
        await asyncio.to_thread(server.stop)
        await send(gateway, outbox, outbox.reading())
        await gateway.nothing(patience=0.5)
    await asyncio.to_thread(server.start)
    assert asked(engine, world.one, KEPT) == 0
    async with consuming(engine, broker):
        assert (await ack(gateway)).hwm == 1


async def test_a_database_that_comes_back_takes_everything(server, engine, world, consumer, gateway):
    outbox = Outbox(world.pier)
    await hears_acks(gateway, world.pier.address)
    await send(gateway, outbox, outbox.reading())
    await ack_until(gateway, 1)
    await asyncio.to_thread(server.stop)
    for _row in range(5):
        await send(gateway, outbox, outbox.reading())
    await gateway.nothing(patience=0.3)
    await asyncio.to_thread(server.start)

    assert (await ack_until(gateway, 6)).missing == []
    assert asked(engine, world.one, KEPT) == 6


async def test_a_broker_that_comes_back_is_found_again(engine, world, tmp_path):
    first = Broker(data=tmp_path)
    await first.start()
    async with consuming(engine, first) as consumer:
        await first.stop()
        await asyncio.to_thread(wait_until, lambda: not consumer.connected.is_set())
        async with Broker(port=first.port, data=tmp_path) as second:
            gateway, outbox = await Client.connect(second, "gw-1"), Outbox(world.pier)
            await hears_acks(gateway, world.pier.address)
            await asyncio.wait_for(consumer.connected.wait(), 10)
            await send(gateway, outbox, outbox.reading())
            assert (await ack(gateway)).hwm == 1
            gateway.cut()


@pytest.mark.edge("EDGE-069", "A gateway nobody enrolled gets no acknowledgement and leaves no row.")
async def test_a_stranger_is_refused_and_hears_nothing(engine, world, broker, consumer, gateway):
    """Ingest answers 0x87; the broker keeps that to itself, so the stranger simply never learns of a row."""
    stranger, outbox = Address(world.pier.address.tenant, "pier", "gw-9"), Outbox(world.pier)
    await hears_acks(gateway, stranger)
    await hears_acks(gateway, world.pier.address)
    await send(gateway, outbox, outbox.reading(), address=stranger)
    await send(gateway, outbox, outbox.reading())

    message = await gateway.message()
    assert message.topic == world.pier.address.down("ack")
    assert envelope.decode(Ack, message.payload) == Ack(
        v=1, epoch=outbox.epoch, hwm=0, missing=[envelope.Span(first=1, last=1)]
    )
    assert asked(engine, world.one, KEPT) == 1


async def test_a_retained_birth_is_heard_by_whoever_starts_later(engine, world, broker, gateway):
    await gateway.publish(world.pier.address.up("state"), birth("s-1"), retain=True)
    async with consuming(engine, broker):
        assert await until(engine, world.one, state_of(world), "online") == "online"


@pytest.mark.edge("EDGE-062", "A gateway whose wire is cut is shown as offline without having said goodbye.")
async def test_the_wire_being_cut_makes_a_gateway_offline(engine, world, broker, consumer):
    state = world.pier.address.up("state")
    will = mqtt5.Will(topic=state, payload=death("s-7"), qos=mqtt5.QoS.AT_LEAST_ONCE)
    client = await Client.connect(broker, "gw-1", will=will)
    await client.publish(state, birth("s-7"))
    await until(engine, world.one, state_of(world), "online")
    client.cut()

    assert await until(engine, world.one, state_of(world), "offline") == "offline"


@pytest.mark.edge("EDGE-061", "Several intake processes share the work and double nothing.")
async def test_two_ingest_processes_share_the_work_and_double_nothing(engine, world, broker, consumer, gateway):
    outbox, other = Outbox(world.pier), Outbox(world.hill)
    async with consuming(engine, broker, "svc-ingest-2"):
        for _batch in range(30):
            for box in (outbox, other):
                await send(gateway, box, *(box.reading() for _ in range(3)))
        assert await until(engine, world.one, KEPT, 180) == 180


@pytest.mark.parametrize("url", ["", "http://broker", "mqtt://", "127.0.0.1:1883"])
def test_a_broker_address_that_is_none_is_named(url):
    with pytest.raises(Misconfigured, match="EMMETRA_BROKER_URL"):
        broker_address(Settings("", "", broker_url=url))


def test_certificates_that_are_not_there_are_named(tmp_path):
    settings = Settings("", "", broker_url="mqtts://broker", broker_ca=str(tmp_path / "none.pem"))
    with pytest.raises(Misconfigured, match="certificate files"):
        broker_address(settings)


@pytest.mark.parametrize(("url", "port"), [("mqtt://h", 1883), ("mqtts://h", 8883), ("mqtt://h:9", 9)])
def test_a_broker_address_has_the_usual_ports(url, port):
    host, found, tls = broker_address(Settings("", "", broker_url=url))
    assert (host, found, tls is not None) == ("h", port, url.startswith("mqtts"))


@pytest.mark.parametrize("steps", range(6))
async def test_ingest_told_to_stop_in_the_moment_the_connection_is_lost_stops(engine, broker, steps):
    consumer = Consumer(engine, Settings("", ""))
    consumer._loop = asyncio.get_running_loop()
    keeping = asyncio.create_task(consumer._keep(broker.host, broker.port, None))
    async with asyncio.timeout(10):
        await consumer.connected.wait()
    await asyncio.sleep(0.01)
    consumer._session._transport.abort()
    for _ in range(steps):
        await asyncio.sleep(0)
    keeping.cancel()

    await asyncio.wait([keeping], timeout=0.5)
    stopped = keeping.cancelled()
    keeping.cancel()
    assert stopped

"""A revoked gateway's live connection, over mTLS, on both brokers; and the list that keeps it out."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import text

from cloud.enrolment import revoking, services
from cloud.enrolment.choices import Why
from cloud.enrolment.keeping import Keeper
from cloud.fleet import queries as fleet
from cloud.ingest.consumer import Consumer
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Settings
from deploy.broker import Broker, Rules, Tls
from deploy.broker.mosquitto import Mosquitto, program
from protocols.envelope import Address
from tests.cloud.enrolment.boxes_here import Box, enrolled
from tests.cloud.enrolment.served import serving
from tests.cloud.readings.parcels_here import Outbox
from tests.conformance.broker.client import Client, Closed

# mosquitto 2.0 closes a TLS connection before its DISCONNECT has left
ENDED = (0x8E, 0x98, None)
RULES = """
pattern write o/v1/%u/up/#
pattern read o/v1/%u/down/#

user svc/ingest
topic read o/v1/+/+/+/up/#
topic write o/v1/+/+/+/down/ack
topic write $CONTROL/take-over
"""
pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)


def files(folder: Path, name: str, chain: str, key) -> tuple[Path, Path]:
    none = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_text(chain)
    paths[1].write_bytes(pem)
    return paths


@pytest.fixture(params=[Broker, pytest.param(Mosquitto, marks=pytest.mark.peer)], ids=["embedded", "mosquitto"])
async def broker(request, signing, tmp_path) -> AsyncIterator[Broker | Mosquitto]:
    if request.param is Mosquitto and program() is None:
        pytest.skip("mosquitto is not installed here")
    box = Box()
    chain = signing.server(["127.0.0.1", "broker.test"], box.key.public_key(), now())
    certificate, key = files(tmp_path, "server", chain, box.key)
    lists = tmp_path / "revoked.pem"
    lists.write_text(signing.revocation_lists([], now()))
    tls = Tls(certificate=certificate, key=key, ca=signing.folder / "roots.pem", crl=lists)
    async with request.param(rules=Rules.parse(RULES), tls=tls) as broker:
        yield broker


@asynccontextmanager
async def consuming(engine, broker, signing, folder) -> AsyncIterator[None]:
    box = Box()
    _, chain = signing.client("svc/ingest", box.key.public_key(), now(), 1)
    certificate, key = files(folder, "ingest", chain, box.key)
    where = {"broker_url": f"mqtts://127.0.0.1:{broker.port}", "broker_ca": str(signing.folder / "roots.pem")}
    settings = Settings("", "", **where, broker_certificate=str(certificate), broker_key=str(key))
    consumer, stop = Consumer(engine, settings), asyncio.Event()
    running = asyncio.create_task(consumer.run(stop))
    try:
        await asyncio.wait_for(consumer.connected.wait(), 10)
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


async def come(box: Box, broker, signing, folder) -> Client:
    certificate, key = files(folder, "box", box.issued["certificate"], box.key)
    context = ssl.create_default_context(cafile=str(signing.folder / "roots.pem"))
    context.load_cert_chain(certificate, key)
    return await Client.connect(broker, box.issued["address"], tls=context, session_expiry_interval=3600)


def gateway_of(engine, world, slug="gw-9") -> int:
    with unit_of_work(engine, world.one) as session:
        return fleet.gateway_named(session, world.pier.id, slug).id


def revoke(engine, world, gateway_id: int) -> None:
    with unit_of_work(engine, world.one) as session:
        revoking.revoke(session, gateway_id, by=world.omar.id, why=Why.STOLEN)


@pytest.mark.edge("EDGE-110", "Revoking a gateway ends its live connection, and nothing it says is taken in any more.")
async def test_a_revoked_gateway_is_shown_out_and_nothing_it_says_is_taken_in(
    cloud, engine, world, signing, broker, tmp_path
):
    box = await asyncio.to_thread(enrolled, cloud, engine, world.pier, world.omar)
    gateway_id = await asyncio.to_thread(gateway_of, engine, world)
    outbox = Outbox(world.pier)
    topic = Address.of(box.issued["address"]).up("r", "result")
    async with consuming(engine, broker, signing, tmp_path):
        gateway = await come(box, broker, signing, tmp_path)
        await gateway.subscribe(Address.of(box.issued["address"]).down("ack"))
        assert await gateway.publish(topic, outbox.batch(outbox.reading())) == 0
        assert (await gateway.message()).payload  # the acknowledgement: ingest knows this gateway
        await asyncio.to_thread(revoke, engine, world, gateway_id)

        assert await gateway.parting(patience=5) in ENDED
        again = await come(box, broker, signing, tmp_path)  # its broker does not know yet
        await again.subscribe(Address.of(box.issued["address"]).down("ack"))
        await again.publish(topic, outbox.batch(outbox.reading()))
        assert await again.parting(patience=10) in ENDED
        again.cut()
    with unit_of_work(engine, world.one) as session:
        assert fleet.gateway(session, gateway_id).status == "revoked"
    assert len(readings(engine, world)) == 1


def readings(engine, world) -> list:
    with unit_of_work(engine, world.one) as session:
        return session.execute(text("SELECT reading_id FROM readings_reading")).all()


@pytest.mark.edge("EDGE-111", "The list beside a broker is kept up to date, and a revoked certificate stays out.")
async def test_the_list_keeps_a_revoked_gateway_out(cloud, engine, world, signing, broker, tmp_path):
    box = await asyncio.to_thread(enrolled, cloud, engine, world.pier, world.omar)
    stays = await asyncio.to_thread(enrolled, cloud, engine, world.pier, world.omar, "gw-10")
    gateway_id = await asyncio.to_thread(gateway_of, engine, world)
    (await come(box, broker, signing, tmp_path)).cut()
    pid = tmp_path / "pid"
    # mosquitto is told, the embedded broker looks at the file by itself
    pid.write_text(f"{broker.pid}\n" if isinstance(broker, Mosquitto) else "none\n")
    with serving(cloud) as address:
        keeper = Keeper(address, tmp_path / "revoked.pem", pid_file=pid)
        assert await asyncio.to_thread(keeper.look) is True
        assert await asyncio.to_thread(keeper.look) is False
        await asyncio.to_thread(revoke, engine, world, gateway_id)
        await asyncio.sleep(1.1)  # lists are dated by the second
        assert await asyncio.to_thread(keeper.look) is True
    assert await kept_out(box, broker, signing, tmp_path)
    friend = await come(stays, broker, signing, tmp_path)
    assert int(friend.connack.reason_code) == 0
    friend.cut()


async def kept_out(box: Box, broker, signing, folder) -> bool:
    """Whether the broker, which reads its list in its own time, refuses a box within a few seconds."""
    for _ in range(50):
        try:
            client = await come(box, broker, signing, folder)
        except (Closed, OSError):  # mosquitto ends the handshake
            return True
        client.cut()
        if int(client.connack.reason_code):  # the embedded broker says why
            return True
        await asyncio.sleep(0.1)
    return False


@pytest.mark.edge("EDGE-112", "A lost box is shown out as its replacement enrols, which then stays.")
async def test_a_replacement_shows_the_lost_box_out_once(cloud, engine, world, signing, broker, tmp_path):
    lost = await asyncio.to_thread(enrolled, cloud, engine, world.pier, world.omar)
    gateway_id = await asyncio.to_thread(gateway_of, engine, world)
    with unit_of_work(engine, world.one) as session:
        _, code = services.claim_replacement(session, gateway_id=gateway_id, by=world.omar.id)
    async with consuming(engine, broker, signing, tmp_path):
        old = await come(lost, broker, signing, tmp_path)
        fresh = Box("EMB-0002")
        assert (await asyncio.to_thread(fresh.enrol, cloud, code)).status_code == 200
        assert await old.parting(patience=5) in ENDED
        new = await come(fresh, broker, signing, tmp_path)
        topic = Address.of(fresh.issued["address"]).up("r", "result")
        outbox = Outbox(world.pier)
        await new.subscribe(Address.of(fresh.issued["address"]).down("ack"))
        assert await new.publish(topic, outbox.batch(outbox.reading())) == 0
        assert (await new.message()).payload
        new.cut()
    assert fresh.issued["address"] == lost.issued["address"]

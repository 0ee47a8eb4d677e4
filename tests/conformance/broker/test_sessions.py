"""What waits for a client that is away, slow, or gone for good; and what a killed broker still knows."""

import asyncio

import mqtt5
import pytest
from mqtt5 import DisconnectReasonCode, PublishPacket, QoS

import deploy.broker.disk
from deploy.broker import Broker, Limits, Unreadable
from tests.conformance.broker.client import Client
from tests.conformance.broker.houses import killable

TEN = [b"%d" % n for n in range(10)]


async def absent(house, name="s", topic="t"):
    """A client with a lasting session that has gone away."""
    client = await house.client(name, session_expiry_interval=60)
    await client.subscribe(topic)
    await client.leave()


async def test_messages_wait_for_a_client_that_is_away(house):
    """BRK-064: QoS 1 messages for an offline session are all delivered, in order, when it returns (10 of 10)."""
    await absent(house)
    publisher = await house.client("p")
    assert [await publisher.publish("t", payload) for payload in TEN] == [0] * 10

    back = await house.client("s", session_expiry_interval=60)

    assert await back.payloads(10) == TEN


@pytest.mark.edge("EDGE-085", "What a subscriber had not acknowledged comes again when it returns.")
async def test_what_was_not_acknowledged_comes_again(house):
    """BRK-065: un-acknowledged messages come again, first and in order, as duplicates, under the same numbers."""
    client = await house.client("s", session_expiry_interval=60, receive_max=5)
    await client.subscribe("t")
    publisher = await house.client("p")
    for payload in TEN[:8]:
        await publisher.publish("t", payload)
    first = [await client.message(ack=False) for _ in range(5)]
    client.cut()
    await asyncio.sleep(0.05)  # what is written to a dead socket counts as sent
    await publisher.publish("t", b"later")
    back = await house.client("s", session_expiry_interval=60)
    again = [await back.message() for _ in range(9)]

    assert [one.payload for one in again] == [*TEN[:8], b"later"]
    assert [one.duplicate for one in again] == [True] * 5 + [False] * 4
    assert [one.packet_id for one in again[:5]] == [one.packet_id for one in first]


async def test_what_was_acknowledged_does_not_come_again(house):
    """BRK-066: an acknowledged message is forgotten; acknowledging out of order forgets just that one."""
    client = await house.client("s", session_expiry_interval=60)
    await client.subscribe("t")
    publisher = await house.client("p")
    for payload in TEN[:3]:
        await publisher.publish("t", payload)
    seen = [await client.message(ack=False) for _ in range(3)]
    await client.send(mqtt5.PubAckPacket(seen[1].packet_id))
    await client.leave()
    back = await house.client("s", session_expiry_interval=60)

    assert await back.payloads(2) == [b"0", b"2"]
    await back.nothing()


async def test_messages_at_quality_zero_do_not_wait(house):
    """BRK-067: QoS 0 messages are not kept for a client that is away."""
    await absent(house)
    publisher = await house.client("p")
    await publisher.publish("t", b"0", qos=0)
    await publisher.publish("t", b"1", qos=1)
    back = await house.client("s", session_expiry_interval=60)

    assert await back.payloads(1) == [b"1"]
    await back.nothing()


async def test_a_client_is_never_sent_more_than_its_window(house):
    """BRK-068: no more than Receive Maximum messages are under way; each PUBACK lets one more through."""
    client = await house.client("s", receive_max=3)
    await client.subscribe("t")
    publisher = await house.client("p")
    for payload in TEN:
        await publisher.publish("t", payload)
    under_way = [await client.message(ack=False) for _ in range(3)]
    await client.nothing()
    await client.send(mqtt5.PubAckPacket(under_way[0].packet_id))

    assert (await client.message(ack=False)).payload == b"3"
    if house.differs("BRK-068"):
        await client.message(ack=False)
    else:
        await client.nothing()


async def test_quality_zero_passes_a_full_window(house):
    """BRK-069: a full window never stops the connection from being used."""
    client = await house.client("s", receive_max=1)
    await client.subscribe("t", "u")
    await client.publish("t", b"1")
    await client.message(ack=False)

    await client.ping()
    assert await client.publish("nobody") == 0x10


async def test_a_client_that_ignores_the_brokers_window_is_disconnected(durable, monkeypatch):
    """BRK-070: more un-acknowledged publications than Receive Maximum end the connection with 0x93."""
    monkeypatch.setattr(deploy.broker.disk, "commit", slow(deploy.broker.disk.commit, 0.3))
    await durable.open(limits=Limits(receive=5))
    await absent(durable)
    publisher = await durable.client("p")
    await publisher.send(*(PublishPacket("t", b"", qos=QoS(1), packet_id=n) for n in range(1, 10)))

    assert await publisher.parting() == DisconnectReasonCode.RECEIVE_MAX_EXCEEDED.value


async def test_a_full_queue_is_refused_aloud(house):
    """BRK-071: when a session has no room left its publishers are told 0x97, and what was accepted is kept."""
    await house.open(limits=Limits(queue=20_000))
    await absent(house)
    publisher = await house.client("p")
    codes = [await publisher.publish("t", bytes([n]) * 1_000) for n in range(40)]
    back = await house.client("s", session_expiry_interval=60)
    accepted = [bytes([n]) * 1_000 for n, code in enumerate(codes) if code == 0]

    if house.differs("BRK-071"):
        assert codes == [0] * 40
        assert 0 < len(await back.payloads(15)) < 40
        return
    assert set(codes) == {0, 0x97} and 5 < len(accepted) < 30
    assert await back.payloads(len(accepted)) == accepted
    assert await publisher.publish("t", b"room again") == 0


async def test_a_refused_message_reaches_nobody(embedded):
    """BRK-072: a message refused for want of room in one session is delivered to none, so a retry doubles nothing."""
    await embedded.open(limits=Limits(queue=5_000))
    await absent(embedded)
    listener = await embedded.client("l")
    await listener.subscribe("t")
    publisher = await embedded.client("p")
    codes = [await publisher.publish("t", bytes(1_000)) for _ in range(6)]
    await listener.payloads(codes.count(0))

    assert 0x97 in codes
    await listener.nothing()


async def test_one_clients_full_queue_is_nobody_elses_trouble(house):
    """BRK-073: publishing to others goes on while one session is full."""
    await house.open(limits=Limits(queue=5_000))
    await absent(house)
    client = await house.client("a")
    await client.subscribe("mine")
    for _ in range(8):
        await client.publish("t", bytes(1_000))

    assert await client.publish("mine", b"x") == 0
    assert await client.payloads(1) == [b"x"]


async def test_an_unknown_acknowledgement_is_harmless(house):
    """BRK-074: a PUBACK for something never sent does not disturb the session."""
    client = await house.client("a")
    await client.subscribe("t")
    await client.send(mqtt5.PubAckPacket(4711))
    await client.publish("t", b"x")

    assert await client.payloads(1) == [b"x"]


async def test_too_many_subscriptions_are_refused(embedded):
    """BRK-075: filters beyond the limit are answered with 0x97."""
    await embedded.open(limits=Limits(subscriptions=2))
    client = await embedded.client("a")

    assert await client.subscribe("a", "b", "c", "a") == [1, 1, 0x97, 1]


async def test_too_many_sessions_are_refused(embedded):
    """BRK-076: a session beyond the limit is refused with 0x97, and the others carry on."""
    await embedded.open(limits=Limits(sessions=2))
    kept = [await embedded.client(name) for name in ("a", "b")]

    assert int((await embedded.client("c")).connack.reason_code) == 0x97
    for client in kept:
        await client.ping()


async def test_what_was_acknowledged_outlives_a_killed_broker(house):
    """BRK-077: after kill -9 the session, its queue and what was retained are there again (10 of 10)."""
    async with killable(house) as process:
        client = await Client.connect(process, "s", session_expiry_interval=60)
        await client.subscribe("t")
        await client.leave()
        publisher = await Client.connect(process, "p")
        assert [await publisher.publish("t", payload) for payload in TEN] == [0] * 10
        await publisher.publish("kept", b"here", retain=True)
        await process.kill()
        publisher.cut()
        await process.start()

        back = await Client.connect(process, "s", session_expiry_interval=60)
        if house.differs("BRK-077"):
            assert not back.connack.session_present
        else:
            assert back.connack.session_present
            assert await back.payloads(10) == TEN
            await back.subscribe("kept")
            assert await back.payloads(1) == [b"here"]
        back.cut()


async def test_what_was_under_way_outlives_a_killed_broker(durable):
    """BRK-078: after kill -9 what a client had not acknowledged comes again, marked as duplicate (5 of 5)."""
    async with killable(durable) as process:
        client = await Client.connect(process, "s", session_expiry_interval=60)
        await client.subscribe("t")
        publisher = await Client.connect(process, "p")
        for payload in TEN[:5]:
            await publisher.publish("t", payload)
        first = [await client.message(ack=False) for _ in range(5)]
        await publisher.publish("elsewhere", retain=True)  # its PUBACK waits for the commit that notes the sending
        await process.kill()
        client.cut()
        publisher.cut()
        await process.start()
        back = await Client.connect(process, "s", session_expiry_interval=60)
        again = [await back.message() for _ in range(5)]

        assert [(one.payload, one.packet_id, one.duplicate) for one in again] == [
            (one.payload, one.packet_id, True) for one in first
        ]
        back.cut()


@pytest.mark.edge("EDGE-083", "The embedded broker acknowledges a message only when it is on disk.")
async def test_nothing_is_acknowledged_before_it_is_on_disk(durable, monkeypatch):
    """BRK-079: with a data directory PUBACK waits for the commit, and others are served meanwhile."""
    await durable.open()
    await absent(durable)
    publisher, other = await durable.client("p"), await durable.client("o")
    monkeypatch.setattr(deploy.broker.disk, "commit", slow(deploy.broker.disk.commit, 0.4))
    await publisher.send(PublishPacket("t", b"x", qos=QoS(1), packet_id=1))
    await other.ping()

    assert not publisher.inbox
    with pytest.raises(TimeoutError):
        await publisher.receive(mqtt5.PubAckPacket, patience=0.2)
    assert int((await publisher.receive(mqtt5.PubAckPacket)).reason_code) == 0


async def test_a_disk_that_fails_is_said_and_survived(durable, monkeypatch, caplog):
    """BRK-080: while the disk refuses, publishers are told 0x97; when it works again so does the broker."""
    await durable.open()
    await absent(durable)
    publisher = await durable.client("p")
    real = deploy.broker.disk.commit
    monkeypatch.setattr(deploy.broker.disk, "commit", full)
    monkeypatch.setattr(deploy.broker.disk, "_RETRY", 0.05)
    assert await publisher.publish("t", b"1") == 0x97
    assert await publisher.publish("t", b"2") == 0x97
    monkeypatch.setattr(deploy.broker.disk, "commit", real)
    await asyncio.sleep(0.2)

    assert await publisher.publish("t", b"3") == 0
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


async def test_a_clean_stop_keeps_everything_too(embedded, tmp_path):
    """BRK-081: sessions, subscriptions and options, waiting and retained messages survive a clean restart."""
    settings = {"data": tmp_path / "kept"} if embedded.kind == "durable" else {}
    async with Broker(**settings) as broker:
        client = await Client.connect(broker, "s", session_expiry_interval=60)
        await client.subscribe("t/#", identifier=9, retain_as_published=True)
        await client.leave()
        publisher = await Client.connect(broker, "p")
        await publisher.publish("t/1", b"x", retain=True, user_properties=[("k", "v")], message_expiry_interval=60)
        publisher.cut()
    async with Broker(**settings) as broker:
        back = await Client.connect(broker, "s", session_expiry_interval=60)
        assert back.connack.session_present is (embedded.kind == "durable")
        if embedded.kind == "durable":
            message = await back.message()
            assert (message.payload, message.retain, message.subscription_ids) == (b"x", True, [9])
            assert message.user_properties == [("k", "v")] and 55 < message.message_expiry_interval <= 60
        back.cut()


async def test_a_strange_file_is_not_overwritten(tmp_path):
    """BRK-082: a data directory this broker cannot read stops it with a sentence, and is left alone."""
    (tmp_path / "broker.sqlite").write_bytes(b"not a database" * 100)

    with pytest.raises(Unreadable, match="cannot be used"):
        await Broker(data=tmp_path).start()
    assert (tmp_path / "broker.sqlite").read_bytes() == b"not a database" * 100


async def test_two_brokers_do_not_share_a_directory(tmp_path):
    """BRK-083: a second broker on the same data directory is refused."""
    async with Broker(data=tmp_path):
        with pytest.raises(Unreadable, match="locked"):
            await Broker(data=tmp_path).start()


def slow(real, seconds):
    def commit(database):
        import time

        time.sleep(seconds)
        real(database)

    return commit


def full(database):
    import sqlite3

    raise sqlite3.OperationalError("database or disk is full")

"""Broken packets, clients that do not read, half-open sockets: the others never notice."""

import asyncio
import random
from contextlib import suppress

import mqtt5
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mqtt5 import PublishPacket, QoS, TopicFilter, Will

from deploy.broker import Broker, Limits
from tests.conformance.broker.client import Client, Closed

CONNECT = mqtt5.ConnectPacket("fuzz", clean_start=True, will=Will("w", payload=b"x"), username="u", password=b"p")
SEEDS = [
    CONNECT.write(),
    PublishPacket("a/b", b"x", qos=QoS(1), packet_id=3, topic_alias=1, user_properties=[("k", "v")]).write(),
    PublishPacket("a/b", b"x", response_topic="r", correlation_data=b"c", message_expiry_interval=9).write(),
    mqtt5.SubscribePacket(1, [TopicFilter("a/+"), TopicFilter("$share/g/#")], subscription_id=3).write(),
    mqtt5.UnsubscribePacket(2, ["a/+"]).write(),
    mqtt5.PubAckPacket(1).write(),
    mqtt5.PingReqPacket().write(),
    mqtt5.DisconnectPacket(reason_str="bye", session_expiry_interval=9).write(),
    mqtt5.AuthPacket(authentication_method="m", authentication_data=b"x").write(),
    mqtt5.ConnAckPacket().write(),
    mqtt5.PubRecPacket(1).write(),
    mqtt5.PubRelPacket(1).write(),
]
scraps = st.one_of(st.sampled_from(SEEDS), st.binary(max_size=12), st.sampled_from([b"\xff" * 5, b"\x30", b"\xc3\x28"]))


@st.composite
def mutated(draw):
    """A real packet with a few bytes changed, and its length put right again half the time."""
    packet = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 3))):
        packet[draw(st.integers(0, len(packet) - 1))] = draw(st.integers(0, 255))
    if draw(st.booleans()) and len(packet) < 129:
        packet[1] = len(packet) - 2
    return bytes(packet)


streams = st.lists(st.one_of(scraps, mutated()), min_size=1, max_size=6).map(b"".join)


def examples(kind):
    """Fewer over mosquitto: there it is the peer that is asked, not our code."""
    return 15 if kind == "mosquitto" else 60


@pytest.mark.edge(
    "EDGE-086",
    "Whatever bytes arrive at the broker, it answers or closes and goes on serving the others.",
)
async def test_any_bytes_end_in_an_answer_or_a_closed_socket(house, caplog):
    """BRK-115: whatever bytes arrive, before or after CONNECT, the broker closes or answers, and serves the others."""
    await house.open()
    watcher = await house.client("watcher")
    await watcher.subscribe("watched")
    loop = asyncio.get_running_loop()

    @settings(max_examples=examples(house.kind), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(streams, st.booleans())
    def throw(stream, greeted):
        asyncio.run_coroutine_threadsafe(thrown(house, stream, greeted), loop).result(10)

    await asyncio.to_thread(throw)
    await watcher.publish("watched", b"still here")
    assert await watcher.payloads(1) == [b"still here"]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def thrown(house, stream, greeted):
    client = await Client.dial(house.broker)
    await client.send((CONNECT.write() if greeted else b"") + stream)
    with suppress(OSError):  # the broker may have closed already
        client.writer.write_eof()
    async with asyncio.timeout(8):
        try:
            while await client.reader.read(65_536):
                pass
        except ConnectionError:
            pass
    client.cut()


@pytest.mark.parametrize("text", [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"])
async def test_text_that_is_not_text_is_malformed(house, text):
    """BRK-116: a topic, a filter or a client id that is not UTF-8 ends the connection, with a reason after CONNECT."""
    client = await house.client("a")
    await client.send(b"\x30" + bytes([len(text) + 3, 0, len(text)]) + text + b"\0")
    assert await client.parting() in (0x81, 0x82, 0x90)

    stranger = await house.dial()
    await stranger.send(b"\x10" + bytes([13 + len(text)]) + b"\0\4MQTT\5\2\0\0\0\0" + bytes([len(text)]) + text)
    await stranger.closed()


@pytest.mark.parametrize(
    "packet",
    [b"\x30\xff\xff\xff\xff\x01", b"\x36\x05\0\1a\0\0", b"\xc1\x00", b"\x32\x06\0\1a\0\0\0", b"\xf0\x00", b"\x00\x00"],
    ids=["endless length", "QoS 3", "flags", "packet number 0", "AUTH", "type 0"],
)
async def test_a_malformed_packet_is_answered_with_a_reason(house, packet):
    """BRK-117: a malformed packet ends the connection, with DISCONNECT and an error code."""
    client = await house.client("a")
    await client.send(packet)

    if house.differs("BRK-117"):
        with suppress(Closed):
            await client.receive(mqtt5.PingRespPacket | mqtt5.DisconnectPacket)
    else:
        assert await client.parting() >= 0x80


async def test_a_client_that_does_not_read_costs_bounded_memory(house):
    """BRK-118: a subscriber that never reads fills its own queue and nobody else's."""
    await house.open(limits=Limits(queue=200_000))
    deaf = await house.client("deaf")
    await deaf.subscribe("t")
    deaf.writer.transport.pause_reading()
    publisher = await house.client("p")
    codes = {await publisher.publish("t", bytes(60_000)) for _ in range(300)}
    await publisher.ping()

    assert codes == ({0} if house.differs("BRK-071") else {0, 0x97})


async def test_one_busy_client_does_not_starve_the_others(house):
    """BRK-119: while one client sends as fast as it can, another is answered within half a second."""
    flood, other = await house.client("flood"), await house.client("other")
    await flood.send(mqtt5.PingReqPacket().write() * 300_000)
    loop = asyncio.get_running_loop()
    asked = loop.time()
    await other.ping()

    assert loop.time() - asked < 0.5
    flood.cut()


async def test_a_socket_that_says_nothing_is_closed(embedded):
    """BRK-120: whoever connects and does not say CONNECT is closed after a while."""
    await embedded.open(limits=Limits(patience=0.2))
    client = await embedded.dial()

    assert await client.closed()


async def test_too_many_sockets_are_closed(embedded):
    """BRK-121: connections beyond the limit are closed at once, and the others carry on."""
    await embedded.open(limits=Limits(connections=2))
    one, two = await embedded.client("a"), await embedded.client("b")
    three = await embedded.dial()

    assert await three.closed()
    assert [await one.ping(), await two.ping()] == [True, True]


@pytest.mark.edge("EDGE-087", "Over a storm of cut connections every accepted message arrives.")
async def test_a_storm_of_cuts_loses_nothing(house):
    """BRK-122: over many random cuts on both sides every accepted message arrives at least once."""
    await house.open()
    chance = random.Random(7)
    subscriber = await house.client("s", session_expiry_interval=60)
    await subscriber.subscribe("t")
    publisher = await house.client("p", session_expiry_interval=60)
    seen = []
    for n in range(60):
        assert await publisher.publish("t", b"%d" % n) == 0
        if chance.random() < 0.3:
            subscriber.cut()
            subscriber = await house.client("s", session_expiry_interval=60)
        if chance.random() < 0.5:
            seen.append(int((await subscriber.message(ack=chance.random() < 0.7)).payload))
    subscriber.cut()
    subscriber = await house.client("s", session_expiry_interval=60)
    while 59 not in seen:
        seen.append(int((await subscriber.message()).payload))

    assert list(dict.fromkeys(sorted(seen))) == list(range(60))


async def test_a_broker_can_be_stopped_and_started_again():
    """BRK-123: stopping leaves no socket, task, timer or thread, twice in a row; stopping twice is harmless."""
    broker = Broker()
    for _ in range(2):
        await broker.start()
        client = await Client.connect(broker, "a")
        await client.ping()
        await broker.stop()
        await broker.stop()
        assert await client.parting() == 0x8B

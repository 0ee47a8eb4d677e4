"""What is said arrives, as it was said, or is refused with a reason."""

import asyncio

import mqtt5
import pytest
from mqtt5 import DisconnectReasonCode, PublishPacket, QoS

from deploy.broker import Limits

ALL_PROPERTIES = {
    "payload_format_indicator": 1,
    "content_type": "application/json",
    "response_topic": "answers/a",
    "correlation_data": b"\x00\xff42",
    "user_properties": [("k", "v"), ("k", "again"), ("ü", "視")],
}


@pytest.mark.parametrize(("said", "wanted"), [(0, 0), (0, 1), (1, 0), (1, 1)])
async def test_a_message_arrives_at_the_lower_of_both_qualities(house, said, wanted):
    """BRK-022: a message is delivered at the lower of the publisher's and the subscriber's QoS."""
    client = await house.client("a")
    assert await client.subscribe("t", qos=wanted) == [wanted]
    await client.publish("t", b"hello", qos=said)

    message = await client.message()

    assert (message.topic, message.payload, int(message.qos)) == ("t", b"hello", min(said, wanted))
    assert not message.retain and not message.duplicate


async def test_messages_stay_in_order(house):
    """BRK-023: the messages of one publisher on one topic arrive in the order they were said."""
    publisher, subscriber = await house.client("p"), await house.client("s")
    await subscriber.subscribe("t")
    packets = [PublishPacket("t", b"%d" % n, qos=QoS(1), packet_id=n + 1) for n in range(300)]
    await publisher.send(*packets)

    assert await subscriber.payloads(300) == [b"%d" % n for n in range(300)]
    pubacks = [(await publisher.receive(mqtt5.PubAckPacket)).packet_id for _ in range(300)]
    assert pubacks == [n + 1 for n in range(300)]


async def test_a_publisher_learns_that_nobody_listens(house):
    """BRK-024: PUBACK says 0x10 when no subscription matches and 0x00 when one does."""
    client = await house.client("a")

    assert await client.publish("t") == 0x10
    await client.subscribe("t")
    assert await client.publish("t") == 0


async def test_quality_two_is_not_offered(house):
    """BRK-025: QoS 2 ends the connection with 0x9B, as CONNACK had said."""
    client = await house.client("a")
    await client.send(PublishPacket("t", b"", qos=QoS(2), packet_id=1))

    assert await client.parting() == DisconnectReasonCode.QOS_NOT_SUPPORTED.value


async def test_subscribing_with_quality_two_is_granted_one(house):
    """BRK-026: a subscription at QoS 2 never brings a message at QoS 2."""
    client = await house.client("a")
    codes = await client.subscribe("t", qos=2)
    await client.publish("t")

    assert codes == ([2] if house.differs("BRK-026") else [1])
    assert int((await client.message()).qos) == 1


async def test_properties_are_passed_on_untouched(house):
    """BRK-027: format, content type, response topic, correlation data and user properties arrive as sent, in order."""
    client = await house.client("a")
    await client.subscribe("t")
    await client.publish("t", b"{}", **ALL_PROPERTIES)

    message = await client.message()

    assert {name: getattr(message, name) for name in ALL_PROPERTIES} == ALL_PROPERTIES


async def test_a_question_finds_its_answer(house):
    """BRK-028: request and response meet by response topic and correlation data."""
    asking, answering = await house.client("q"), await house.client("r")
    await answering.subscribe("questions")
    await asking.subscribe("answers/q")
    await asking.publish("questions", b"?", response_topic="answers/q", correlation_data=b"7")
    question = await answering.message()
    await answering.publish(question.response_topic, b"!", correlation_data=question.correlation_data)

    answer = await asking.message()

    assert (answer.payload, answer.correlation_data) == (b"!", b"7")


async def test_a_topic_alias_stands_for_its_topic(house):
    """BRK-029: a publisher may name a topic once and use its alias afterwards."""
    client = await house.client("a")
    await client.subscribe("long/topic")
    await client.publish("long/topic", b"1", topic_alias=3)
    await client.publish("", b"2", topic_alias=3)

    assert [(one.topic, one.payload) for one in [await client.message(), await client.message()]] == [
        ("long/topic", b"1"),
        ("long/topic", b"2"),
    ]


async def test_a_topic_alias_can_be_given_to_another_topic(house):
    """BRK-030: naming a new topic with a known alias moves the alias."""
    client = await house.client("a")
    await client.subscribe("#")
    for topic in ("one", "two", ""):
        await client.publish(topic, topic_alias=1)

    assert [(await client.message()).topic for _ in range(3)] == ["one", "two", "two"]


@pytest.mark.parametrize(
    ("packet", "codes"),
    [
        (PublishPacket("t", b"", topic_alias=8), (0x94,)),
        (PublishPacket("", b"", topic_alias=2), (0x82, 0x94)),
    ],
    ids=["beyond the maximum", "never named"],
)
async def test_a_topic_alias_that_means_nothing_ends_the_connection(house, packet, codes):
    """BRK-031: an alias beyond the maximum, or one never named, ends the connection with a reason."""
    await house.open(limits=Limits(aliases=7))
    client = await house.client("a")
    await client.send(packet)

    assert await client.parting() in codes


async def test_aliases_end_with_the_connection(house):
    """BRK-032: an alias means nothing on the next connection."""
    first = await house.client("a", session_expiry_interval=60)
    await first.publish("t", topic_alias=1)
    await first.leave()
    again = await house.client("a", session_expiry_interval=60)
    await again.send(PublishPacket("", b"", topic_alias=1))

    assert await again.parting() in (0x82, 0x94)


async def test_the_broker_uses_aliases_where_the_client_takes_them(house):
    """BRK-033: a client that announces topic aliases is sent the name once and the alias afterwards."""
    client = await house.client("a", topic_alias_max=1)
    await client.subscribe("#")
    for topic in ("t", "t", "u"):
        await client.publish(topic)
    seen = [(one.topic, one.topic_alias) for one in [await client.message() for _ in range(3)]]

    plain = [("t", None), ("t", None), ("u", None)]
    assert seen == (plain if house.differs("BRK-033") else [("t", 1), ("", 1), ("u", None)])


async def test_a_message_past_its_time_is_not_delivered(house):
    """BRK-034: a message that expired while it waited is not delivered; one that did not says what is left."""
    await subscribed_and_gone(house)
    publisher = await house.client("p")
    await publisher.publish("t", b"short", message_expiry_interval=1)
    await publisher.publish("t", b"long", message_expiry_interval=60)
    await publisher.publish("t", b"ever")
    await asyncio.sleep(2.6)
    back = await house.client("s", session_expiry_interval=60)

    messages = [await back.message(), await back.message()]

    assert [one.payload for one in messages] == [b"long", b"ever"]
    assert 55 <= messages[0].message_expiry_interval <= 58 and messages[1].message_expiry_interval is None
    await back.nothing()


async def test_a_packet_beyond_the_maximum_ends_the_connection(house):
    """BRK-035: a packet larger than announced ends the connection with 0x95, before it was read whole."""
    await house.open(limits=Limits(packet=2_000))
    client = await house.client("a")
    await client.send(PublishPacket("t", bytes(1_900), qos=QoS(1), packet_id=1))
    await client.receive(mqtt5.PubAckPacket)
    await client.send(PublishPacket("t", bytes(200_000)).write()[:3_000])

    assert await client.parting() == DisconnectReasonCode.PACKET_TOO_LARGE.value


async def test_a_client_is_never_sent_more_than_it_takes(house):
    """BRK-036: a message larger than the client's maximum packet size is left out for it, and the next one comes."""
    client = await house.client("a", max_packet_size=200)
    other = await house.client("b")
    await client.subscribe("t")
    await other.subscribe("t")
    await other.publish("t", bytes(500))
    await other.publish("t", b"small")

    assert await client.payloads(1) == [b"small"]
    assert await other.payloads(2) == [bytes(500), b"small"]


@pytest.mark.parametrize("topic", [b"a/#", b"a/+/b", b"a\0b"])
async def test_a_name_cannot_have_wildcards(house, topic):
    """BRK-037: publishing to a name with a wildcard or a NUL ends the connection."""
    client = await house.client("a")
    await client.send(b"\x30" + bytes([len(topic) + 3, 0, len(topic)]) + topic + b"\0")

    assert await client.parting() in (0x90, 0x81, 0x82)


async def test_names_with_a_dollar_belong_to_the_broker(house):
    """BRK-038: a wildcard at the beginning never matches a name that begins with a dollar sign."""
    listener, client = await house.client("l"), await house.client("a")
    await listener.subscribe("#", "+/x")
    await client.send(PublishPacket("$mine/x", b""))
    await client.send(mqtt5.PingReqPacket())

    assert await listener.heard() == []


async def test_an_empty_payload_is_a_message_too(house):
    """BRK-039: a message without a payload is delivered."""
    client = await house.client("a")
    await client.subscribe("t")
    await client.publish("t", b"")

    assert (await client.message()).payload == b""


async def test_a_large_message_arrives_whole(house):
    """BRK-040: a message of half a megabyte arrives byte for byte."""
    client = await house.client("a")
    await client.subscribe("t")
    payload = bytes(range(256)) * 2_000
    await client.publish("t", payload)

    assert (await client.message()).payload == payload


async def test_a_packet_may_come_byte_by_byte(house):
    """BRK-041: how the network cuts a packet never matters."""
    client = await house.client("a")
    await client.subscribe("t")
    for byte in PublishPacket("t", b"drip", qos=QoS(1), packet_id=9).write():
        await client.send(bytes([byte]))
        await asyncio.sleep(0)

    assert (await client.message()).payload == b"drip"


async def subscribed_and_gone(house, topic="t"):
    client = await house.client("s", session_expiry_interval=60)
    await client.subscribe(topic)
    await client.leave()

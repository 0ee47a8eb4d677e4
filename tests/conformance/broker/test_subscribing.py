"""Who hears what, once, and on which terms."""

import asyncio

import mqtt5
import pytest

from tests.conformance.broker.client import topic_filter

MATCHES = [
    ("a/b", "a/b", True),
    ("a/b", "a/b/c", False),
    ("a/+", "a/b", True),
    ("a/+", "a", False),
    ("a/+", "a/", True),
    ("+/+", "a/b", True),
    ("+", "a/b", False),
    ("a/#", "a", True),
    ("a/#", "a/b/c", True),
    ("#", "a/b/c", True),
    ("/+", "/a", True),
    ("+/b/#", "a/b", True),
    ("a/b", "A/b", False),
]


@pytest.mark.parametrize(("pattern", "topic", "heard"), MATCHES)
async def test_filters_match_as_the_standard_says(house, pattern, topic, heard):
    """BRK-042: filters match level by level, + one level, # the rest and the parent."""
    client = await house.client("a")
    await client.subscribe(pattern)
    code = await client.publish(topic)

    assert code == (0 if heard else 0x10)
    if heard:
        assert (await client.message()).topic == topic


@pytest.mark.parametrize("pattern", [b"", b"a/#/b", b"a+", b"#a", b"$share/g", b"$share//t", b"$share/g+/t"])
async def test_a_filter_that_makes_no_sense_is_refused(house, pattern):
    """BRK-043: a malformed filter is answered with an error, or ends the connection with one."""
    client = await house.client("a")
    await client.send(b"\x82" + bytes([len(pattern) + 6, 0, 1, 0, 0, len(pattern)]) + pattern + b"\x01")

    answer = await client.receive()
    codes = answer.reason_codes if isinstance(answer, mqtt5.SubAckPacket) else [answer.reason_code]
    taken = house.differs("BRK-043") and pattern in (b"$share/g", b"$share//t")
    assert all((int(code) >= 0x80) is not taken for code in codes)


async def test_every_filter_gets_its_own_answer(house):
    """BRK-044: SUBACK has one code for each filter, in order."""
    client = await house.client("a")
    client.number = 1
    await client.send(mqtt5.SubscribePacket(5, [topic_filter("a", 0), topic_filter("b", 1), topic_filter("c/#", 0)]))
    suback = await client.receive(mqtt5.SubAckPacket)

    assert (suback.packet_id, [int(code) for code in suback.reason_codes]) == (5, [0, 1, 0])


async def test_overlapping_filters_give_one_copy(house):
    """BRK-045: a message that matches several filters of a client comes once, at the highest QoS."""
    client = await house.client("a")
    await client.subscribe("a/#", qos=0)
    await client.subscribe("a/+", qos=1)
    await client.publish("a/b", b"x")
    messages = [await client.message()]
    if house.differs("BRK-045"):
        messages.append(await client.message())

    assert max(int(one.qos) for one in messages) == 1
    await client.nothing()


async def test_subscription_identifiers_come_back(house):
    """BRK-046: a message carries the identifiers of all filters that brought it."""
    client = await house.client("a")
    await client.subscribe("a/#", identifier=7)
    await client.subscribe("b", identifier=8)
    await client.publish("a/b")
    await client.publish("b")

    assert [(await client.message()).subscription_ids for _ in range(2)] == [[7], [8]]


async def test_identifiers_of_overlapping_filters_come_together(house):
    """BRK-047: the one copy of overlapping filters carries all their identifiers."""
    client = await house.client("a")
    await client.subscribe("a/#", identifier=7)
    await client.subscribe("a/b", identifier=8)
    await client.publish("a/b")
    found = [sorted((await client.message()).subscription_ids)]
    if house.differs("BRK-045"):
        found.append((await client.message()).subscription_ids)

    assert sorted(found) == ([[7], [8]] if house.differs("BRK-045") else [[7, 8]])


async def test_subscribing_again_replaces_the_options(house):
    """BRK-048: a filter subscribed again takes the new options and stays one subscription."""
    client = await house.client("a")
    await client.subscribe("t", qos=1, identifier=1)
    await client.subscribe("t", qos=0, identifier=2)
    await client.publish("t")
    message = await client.message()

    assert (int(message.qos), message.subscription_ids) == (0, [2])
    await client.nothing()


async def test_no_local_spares_a_client_its_own_words(house):
    """BRK-049: with no-local a client does not hear itself, and hears others."""
    client, other = await house.client("a"), await house.client("b")
    await client.subscribe("t", no_local=True)
    await client.publish("t", b"own")
    await other.publish("t", b"other")

    assert await client.payloads(1) == [b"other"]
    await client.nothing()


async def test_unsubscribing_ends_it(house):
    """BRK-050: after UNSUBSCRIBE nothing comes; a filter that was not there is answered with 0x11."""
    client = await house.client("a")
    await client.subscribe("a", "b")

    assert await client.unsubscribe("a", "never") == [0, 0x11]
    assert await client.publish("a") == 0x10
    await client.publish("b")
    assert (await client.message()).topic == "b"


async def test_the_last_word_waits_for_those_who_come_later(house):
    """BRK-051: a retained message is delivered on subscribing, with the retain flag and its properties."""
    client = await house.client("a")
    await client.publish("t/1", b"old", retain=True)
    await client.publish("t/1", b"new", retain=True, user_properties=[("k", "v")], content_type="x")
    await client.publish("t/2", b"two", retain=True)
    await client.publish("t/3", b"not kept")
    await client.subscribe("t/+")
    messages = sorted([await client.message(), await client.message()], key=lambda one: one.topic)

    assert [(one.topic, one.payload, one.retain) for one in messages] == [("t/1", b"new", True), ("t/2", b"two", True)]
    assert (messages[0].user_properties, messages[0].content_type) == ([("k", "v")], "x")
    await client.nothing()


async def test_an_empty_retained_message_clears(house):
    """BRK-052: a retained message without payload removes what was retained, and is itself delivered."""
    client = await house.client("a")
    await client.publish("t", b"old", retain=True)
    await client.subscribe("t")
    await client.message()
    await client.publish("t", b"", retain=True)
    assert (await client.message()).payload == b""

    late = await house.client("b")
    await late.subscribe("t")
    await late.nothing()


@pytest.mark.parametrize(("handling", "first", "again"), [(0, True, True), (1, True, False), (2, False, False)])
async def test_retain_handling(house, handling, first, again):
    """BRK-053: retained messages come always, only for a new subscription, or never, as asked."""
    client = await house.client("a")
    await client.publish("t", b"kept", retain=True)
    for expected in (first, again):
        await client.subscribe("t", retain_handling=mqtt5.RetainHandling(handling))
        if expected:
            assert (await client.message()).payload == b"kept"
        else:
            await client.nothing()


@pytest.mark.parametrize("as_published", [True, False])
async def test_retain_as_published(house, as_published):
    """BRK-054: a live message keeps its retain flag only where that was asked for."""
    client = await house.client("a")
    await client.subscribe("t", retain_as_published=as_published)
    await client.publish("t", b"x", retain=True)

    assert (await client.message()).retain is as_published


async def test_a_retained_message_expires(house):
    """BRK-055: a retained message past its time is not delivered, and before says how long it has left."""
    client = await house.client("a")
    await client.publish("short", b"x", retain=True, message_expiry_interval=1)
    await client.publish("long", b"x", retain=True, message_expiry_interval=60)
    await asyncio.sleep(1.6)
    await client.subscribe("#")
    message = await client.message()

    assert message.topic == "long" and 55 <= message.message_expiry_interval <= 59
    await client.nothing()


async def test_a_group_shares_the_work(house):
    """BRK-056: of a shared subscription each message reaches exactly one member, and every member gets some."""
    members = [await house.client(f"m{n}") for n in range(3)]
    for member in members:
        await member.subscribe("$share/g/t/#")
    publisher = await house.client("p")
    for n in range(30):
        assert await publisher.publish(f"t/{n}", b"%d" % n) == 0
    for member in members:
        await member.ping()
    shares = [[int(one.payload) for one in member.inbox] for member in members]

    assert sorted(n for share in shares for n in share) == list(range(30))
    assert all(len(share) == 10 for share in shares)


async def test_in_a_group_a_topic_keeps_to_one_member(house):
    """BRK-057: while a group's members stay, the messages of one topic all go to the same member, in order."""
    members = [await house.client(f"m{n}") for n in range(2)]
    for member in members:
        await member.subscribe("$share/g/t")
    publisher = await house.client("p")
    for n in range(10):
        await publisher.publish("t", b"%d" % n)
    for member in members:
        await member.ping()
    shares = sorted([one.payload for one in member.inbox] for member in members)

    if house.differs("BRK-057"):
        assert [len(share) for share in shares] == [5, 5]
    else:
        assert shares == [[], [b"%d" % n for n in range(10)]]


async def test_groups_and_single_subscribers_do_not_disturb_each_other(house):
    """BRK-058: two groups and a plain subscriber each get their copy."""
    one, two, alone = [await house.client(name) for name in ("one", "two", "alone")]
    await one.subscribe("$share/g/t")
    await two.subscribe("$share/h/t")
    await alone.subscribe("t")
    await alone.publish("t", b"x")

    assert [await client.payloads(1) for client in (one, two, alone)] == [[b"x"]] * 3


async def test_a_group_is_not_told_what_is_retained(house):
    """BRK-059: a shared subscription is not sent retained messages on subscribing."""
    client = await house.client("a")
    await client.publish("t", b"kept", retain=True)
    await client.subscribe("$share/g/t")

    if house.differs("BRK-059"):
        assert (await client.message()).retain
    await client.nothing()


async def test_no_local_in_a_group_is_a_protocol_error(house):
    """BRK-060: no-local on a shared subscription ends the connection."""
    client = await house.client("a")
    await client.send(mqtt5.SubscribePacket(1, [topic_filter("$share/g/t", no_local=True)]))

    if house.differs("BRK-060"):
        assert [int(code) for code in (await client.receive(mqtt5.SubAckPacket)).reason_codes] == [1]
    else:
        assert await client.parting() == 0x82


async def test_when_a_member_goes_the_others_take_over_its_work(house):
    """BRK-061: what a vanished member had not acknowledged goes to another member, in order."""
    first = await house.client("m1", session_expiry_interval=60)
    await first.subscribe("$share/g/t")
    publisher = await house.client("p")
    for n in range(5):
        await publisher.publish("t", b"%d" % n)
    await first.payloads(5, ack=False)
    second = await house.client("m2", session_expiry_interval=60)
    await second.subscribe("$share/g/t")
    first.cut()

    if house.differs("BRK-061"):
        await second.nothing()
    else:
        assert await second.payloads(5) == [b"%d" % n for n in range(5)]


async def test_unsubscribing_a_shared_filter(house):
    """BRK-062: a member that unsubscribes gets no more, the rest carry on."""
    one, two = await house.client("one"), await house.client("two")
    for client in (one, two):
        await client.subscribe("$share/g/t")
    assert await one.unsubscribe("$share/g/t") == [0]
    for _ in range(4):
        assert await two.publish("t") == 0

    assert len(await two.payloads(4)) == 4
    await one.nothing()


async def test_a_subscribe_without_a_filter_is_an_error(house):
    """BRK-063: SUBSCRIBE and UNSUBSCRIBE without a filter end the connection."""
    for packet in (b"\x82\x03\x00\x01\x00", b"\xa2\x03\x00\x01\x00"):
        client = await house.client()
        await client.send(packet)
        assert await client.parting() in (0x82, 0x81)

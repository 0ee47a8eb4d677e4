"""The last word of a client that does not come back."""

import asyncio

import pytest
from mqtt5 import QoS, Will


def will(topic="w", payload=b"gone", qos=1, **settings):
    return Will(topic, payload=payload, qos=QoS(qos), **settings)


@pytest.fixture
async def listener(house):
    client = await house.client("listener")
    await client.subscribe("w/#", retain_as_published=True)
    return client


async def test_a_will_is_spoken_when_the_connection_breaks(house, listener):
    """BRK-084: a broken connection brings the will, with its QoS and all its properties."""
    client = await house.client("a", will=will(content_type="x", correlation_data=b"1", user_properties=[("k", "v")]))
    client.cut()
    message = await listener.message()

    assert (message.topic, message.payload, int(message.qos)) == ("w", b"gone", 1)
    assert (message.content_type, message.correlation_data, message.user_properties) == ("x", b"1", [("k", "v")])


async def test_a_proper_goodbye_cancels_the_will(house, listener):
    """BRK-085: DISCONNECT with reason 0 discards the will."""
    await (await house.client("a", will=will())).leave()

    assert await listener.heard() == []


async def test_a_goodbye_can_ask_for_the_will(house, listener):
    """BRK-086: DISCONNECT with reason 4 has the will spoken."""
    await (await house.client("a", will=will())).leave(4)

    assert (await listener.message()).payload == b"gone"


async def test_a_will_can_be_retained(house, listener):
    """BRK-087: a will with the retain flag becomes the last word on its topic."""
    (await house.client("a", will=will(retain=True))).cut()
    assert (await listener.message()).retain
    late = await house.client("late")
    await late.subscribe("w")

    assert (await late.message()).payload == b"gone"


async def test_a_will_waits_as_long_as_it_was_told(house, listener):
    """BRK-088: a will with a delay is spoken after that delay, not before."""
    (await house.client("a", session_expiry_interval=60, will=will(will_delay_interval=1))).cut()
    await listener.nothing(0.5)

    assert (await listener.message()).payload == b"gone"


async def test_a_client_that_returns_in_time_is_not_mourned(house, listener):
    """BRK-089: coming back to the session within the delay cancels the will: no flapping."""
    settings = {"session_expiry_interval": 60, "will": will(will_delay_interval=1)}
    (await house.client("a", **settings)).cut()
    await asyncio.sleep(0.1)
    back = await house.client("a", **settings)

    assert await listener.heard(1.6) == []
    await back.leave()


async def test_a_will_is_not_delayed_beyond_its_session(house, listener):
    """BRK-090: the will is due at the latest when the session ends."""
    (await house.client("a", will=will(will_delay_interval=60))).cut()

    if house.differs("BRK-090"):
        await listener.nothing(1)
    else:
        assert (await listener.message()).payload == b"gone"


async def test_clean_start_ends_the_session_and_speaks_its_will(house, listener):
    """BRK-091: a clean start before the delay is over ends the old session, and its will is due."""
    (await house.client("a", session_expiry_interval=60, will=will(will_delay_interval=60))).cut()
    await asyncio.sleep(0.1)
    await house.client("a", clean_start=True)

    if house.differs("BRK-091"):
        await listener.nothing()
    else:
        assert (await listener.message()).payload == b"gone"


async def test_a_takeover_speaks_a_will_without_delay(house, listener):
    """BRK-092: being replaced is a broken connection too, for a will without delay."""
    await house.client("a", will=will())
    await house.client("a")

    assert (await listener.message()).payload == b"gone"


async def test_a_protocol_error_brings_the_will(house, listener):
    """BRK-093: a client shown out for breaking the protocol leaves its will."""
    await (await house.client("a", will=will())).send(b"\xf0\x00")

    assert (await listener.message()).payload == b"gone"


async def test_a_will_at_quality_two_is_refused(house):
    """BRK-094: a will at QoS 2 is refused with 0x9B, as no QoS 2 is offered."""
    client = await house.client("a", will=will(qos=2))

    assert int(client.connack.reason_code) == 0x9B

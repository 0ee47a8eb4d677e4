"""Coming in, staying, being replaced, being shown out."""

import asyncio

import mqtt5
import pytest
from mqtt5 import ConnAckReasonCode, DisconnectReasonCode, QoS, Will

from deploy.broker import Limits

OLD_CONNECT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a"
FUTURE_CONNECT = b"\x10\x0e\x00\x04MQTT\x06\x02\x00\x3c\x00\x00\x01a"


async def test_the_broker_says_what_it_offers(house):
    """BRK-001: CONNACK announces maximum QoS 1, receive maximum, topic aliases and maximum packet size."""
    await house.open(limits=Limits(packet=70_000, receive=33, aliases=7))

    connack = (await house.client("a")).connack

    assert int(connack.reason_code) == 0 and not connack.session_present
    assert (int(connack.max_qos), connack.receive_max, connack.topic_alias_max) == (1, 33, 7)
    assert connack.max_packet_size == 70_000


async def test_a_client_without_an_id_is_given_one(house):
    """BRK-002: an empty client id is answered with an assigned one, under which the client can return."""
    first = await house.client("", session_expiry_interval=60)
    name = first.connack.assigned_client_id
    await first.leave()

    again = await house.client(name, session_expiry_interval=60)

    assert name and again.connack.session_present
    assert again.connack.assigned_client_id is None


async def test_two_clients_without_an_id_are_two_clients(house):
    """BRK-003: assigned ids are never given twice."""
    names = {(await house.client()).connack.assigned_client_id for _ in range(5)}

    assert len(names) == 5


async def test_the_same_client_connecting_again_replaces_the_old_connection(house):
    """BRK-004: a takeover ends the old connection with 0x8E Session taken over."""
    old = await house.client("twin")
    new = await house.client("twin")

    code = None if house.differs("BRK-004") else DisconnectReasonCode.SESSION_TAKEN_OVER.value
    assert await old.parting() == code
    await new.ping()


async def test_a_takeover_keeps_the_session(house):
    """BRK-005: after a takeover without clean start the subscriptions are still there."""
    old = await house.client("twin", session_expiry_interval=60)
    await old.subscribe("news")
    new = await house.client("twin", session_expiry_interval=60)
    await new.publish("news", b"1")

    assert new.connack.session_present
    assert (await new.message()).payload == b"1"


async def test_clean_start_forgets_everything(house):
    """BRK-006: clean start discards the session, its subscriptions and what waited."""
    old = await house.client("a", session_expiry_interval=60)
    await old.subscribe("news")
    await old.leave()
    await (await house.client("b")).publish("news", b"1")

    new = await house.client("a", clean_start=True, session_expiry_interval=60)

    assert not new.connack.session_present
    await new.nothing()


async def test_a_session_ends_with_its_connection_unless_it_was_asked_to_last(house):
    """BRK-007: without a session expiry the session ends when the connection does."""
    first = await house.client("a", clean_start=False)
    await first.subscribe("news")
    await first.leave()

    assert not (await house.client("a", clean_start=False)).connack.session_present


async def test_a_session_ends_when_its_time_is_up(house):
    """BRK-008: a session is gone once its expiry interval has passed after the disconnect."""
    await (await house.client("short", session_expiry_interval=1)).leave()
    await (await house.client("long", session_expiry_interval=60)).leave()
    await asyncio.sleep(2.2 if house.kind == "mosquitto" else 1.1)

    assert not (await house.client("short", clean_start=False)).connack.session_present
    assert (await house.client("long", clean_start=False)).connack.session_present


async def test_a_goodbye_may_shorten_the_session(house):
    """BRK-009: DISCONNECT with a session expiry of 0 ends a lasting session."""
    await (await house.client("a", session_expiry_interval=60)).leave(session_expiry_interval=0)

    assert not (await house.client("a", clean_start=False)).connack.session_present


async def test_a_goodbye_cannot_make_a_fleeting_session_last(house):
    """BRK-010: DISCONNECT with a session expiry is a protocol error when CONNECT asked for none."""
    client = await house.client("a")
    await client.send(mqtt5.DisconnectPacket(session_expiry_interval=60))

    assert await client.parting() == DisconnectReasonCode.PROTOCOL_ERROR.value
    assert not (await house.client("a", clean_start=False)).connack.session_present


async def test_a_longer_keep_alive_than_allowed_is_shortened(house):
    """BRK-011: the broker imposes its own keep alive on a client that asks for more."""
    await house.open(limits=Limits(keep_alive=60))

    assert (await house.client("a", keep_alive=120)).connack.server_keep_alive == 60
    assert (await house.client("b", keep_alive=30)).connack.server_keep_alive is None


async def test_a_client_that_falls_silent_is_let_go(house):
    """BRK-012: after one and a half keep alives of silence the connection ends with 0x8D, and the will is spoken."""
    listener = await house.client("l", keep_alive=60)
    await listener.subscribe("w")
    silent = await house.client("a", keep_alive=1, will=Will("w", qos=QoS(1)))
    busy = await house.client("b", keep_alive=1)
    for _ in range(4):
        await asyncio.sleep(0.5)
        await busy.ping()

    if house.differs("BRK-012"):
        await silent.closed(patience=10)
    else:
        assert await silent.parting() == DisconnectReasonCode.KEEP_ALIVE_TIMEOUT.value
        await busy.ping()
    assert (await listener.message()).topic == "w"


async def test_a_session_expiry_beyond_the_limit_is_shortened_and_said(house):
    """BRK-013: a session cannot ask to be kept longer than the broker allows; CONNACK says how long."""
    await house.open(limits=Limits(expiry=7200))

    connack = (await house.client("a", session_expiry_interval=99_999)).connack

    assert connack.session_expiry_interval == (None if house.differs("BRK-013") else 7200)


async def test_an_old_client_is_told_so_in_its_own_words(house):
    """BRK-014: a CONNECT of MQTT 3.1.1 is refused with return code 1, which old clients understand."""
    client = await house.dial()
    await client.send(OLD_CONNECT)
    answer = await client.reader.read(10)

    assert answer == (b"\x20\x02\x00\x00" if house.differs("BRK-014") else b"\x20\x02\x00\x01")


async def test_a_client_from_the_future_is_refused(house):
    """BRK-015: a CONNECT of a later MQTT is refused with 0x84 or closed, never accepted."""
    client = await house.dial()
    await client.send(FUTURE_CONNECT)
    answer = await client.reader.read(10)

    assert answer[3:4] in (b"\x84", b"\x01", b"")


@pytest.mark.parametrize(
    "packet", [mqtt5.PingReqPacket().write(), mqtt5.PublishPacket("a", b"").write(), b"GET / HTTP/1.1\r\n\r\n"]
)
async def test_nothing_is_answered_before_connect(house, packet):
    """BRK-016: whoever does not begin with CONNECT is disconnected, without a CONNACK."""
    client = await house.dial()
    await client.send(packet)
    await client.closed()

    assert not [one for one in client.inbox if isinstance(one, mqtt5.ConnAckPacket)]


async def test_connecting_twice_is_a_protocol_error(house):
    """BRK-017: a second CONNECT on one connection ends it."""
    client = await house.client("a")
    await client.send(mqtt5.ConnectPacket("a"))

    assert await client.parting() in (DisconnectReasonCode.PROTOCOL_ERROR.value, None)


async def test_enhanced_authentication_is_refused(house):
    """BRK-018: an authentication method nobody knows is answered with 0x8C."""
    client = await house.client("a", authentication_method="SCRAM", authentication_data=b"x")

    assert int(client.connack.reason_code) == ConnAckReasonCode.BAD_AUTHENTICATION_METHOD.value


async def test_names_and_passwords(house):
    """BRK-019: with names and passwords given, only the right pair comes in."""
    await house.open(users={"alice": "right"}, anonymous=False)

    async def code(**pair):
        return int((await house.client("a", **pair)).connack.reason_code)

    assert await code(username="alice", password=b"right") == 0
    assert await code(username="alice", password=b"wrong") in (0x86, 0x87)
    assert await code(username="bob", password=b"right") in (0x86, 0x87)
    assert await code(username="alice") in (0x86, 0x87)
    assert await code() in (0x86, 0x87)


async def test_a_ping_is_answered(house):
    """BRK-020: PINGREQ is answered with PINGRESP."""
    client = await house.client("a")

    assert await client.ping()


async def test_the_broker_says_goodbye_when_it_stops(house):
    """BRK-021: a stopping broker says 0x8B Server shutting down."""
    client = await house.client("a")
    code, _ = await asyncio.gather(client.parting(), house.broker.stop())

    assert code == (None if house.differs("BRK-021") else DisconnectReasonCode.SERVER_SHUTTING_DOWN.value)

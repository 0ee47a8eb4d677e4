"""What is said on one line: packets into calls, and the answers to them.

The codec is strict about each packet; what it cannot know (the order of packets, aliases, windows, who may
do what) is decided here. Whatever arrives ends in an answer or in one DISCONNECT and a closed socket. The file
is longer than others because it has one method for each packet a client can send.
"""

import logging
import uuid
from collections.abc import Callable
from typing import Any

import mqtt5
from mqtt5 import ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode

from deploy.broker.door import Door, NotAdmitted
from deploy.broker.line import Line
from deploy.broker.messages import Delivery, Message, encode
from deploy.broker.registry import Arrival, Registry
from deploy.broker.sessions import Session
from deploy.broker.topics import is_name
from deploy.broker.wire import Refusal

log = logging.getLogger(__name__)

_SUCCESS = PubAckReasonCode.SUCCESS
_PONG = mqtt5.PingRespPacket().write()
_GRACE = 1.5  # MQTT 5, 3.1.2.10: one and a half times the keep alive


class Connection(Line):
    """The broker's side of one client."""

    def __init__(self, registry: Registry, door: Door, everybody: set[Line]) -> None:
        super().__init__(registry.exchange.limits, everybody)
        self.window = 65_535
        self._registry = registry
        self._exchange = registry.exchange
        self._door = door
        self._session: Session | None = None
        self._owed = 0
        self._names: dict[int, str] = {}
        self._aliases: dict[str, int] = {}
        self._alias_max = 0
        self._packet_max: int | None = None
        self._goodbye: mqtt5.DisconnectPacket | None = None
        self._keep_alive = 0

    def deliver(self, delivery: Delivery) -> bool:
        """Write a message; False when it is expired or larger than this client takes."""
        message = delivery.message
        if message.until is None:
            remaining = None
        else:
            now = self._loop.time()
            if message.expired(now):
                return False
            remaining = message.remaining(now)
        alias = self._aliases.get(message.topic) if self._alias_max else None
        topic = message.topic if alias is None else ""
        fresh = self._fresh_alias(message.topic) if alias is None and self._alias_max else alias
        data = encode(delivery, remaining=remaining, topic=topic, alias=fresh)
        if self._packet_max is not None and len(data) > self._packet_max:
            log.warning("a message of %d bytes is larger than its subscriber takes, and is left out", len(data))
            return False
        if fresh is not None:
            self._aliases[message.topic] = fresh
        self._write(data)
        return True

    def part(self, reason: int, why: str) -> None:
        """Say DISCONNECT and close."""
        if self._closing:
            return
        code = DisconnectReasonCode(reason)
        self._write(mqtt5.DisconnectPacket(reason_code=code, reason_str=why).write())
        self.close()

    @property
    def greeted(self) -> bool:
        """Whether CONNECT was said."""
        return self._session is not None

    def hear(self, packet: Any) -> None:
        """Take a packet. Raises Refusal."""
        handler = _HANDLERS.get(type(packet))
        if self._session is None:
            self._greet(packet)
        elif handler is None:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "a client does not send this packet here")
        else:
            handler(self, packet)

    def refuse(self, refusal: Refusal) -> None:
        """Answer a broken rule, and close."""
        if self._session is not None:
            self.part(int(refusal.code), refusal.why)
        elif refusal.answer:
            self._write(refusal.answer)
        self.close()

    def caught_up(self) -> None:
        """There may be room again."""
        if self._session is not None and self._session.queue:
            self._session.pump()

    def left(self) -> None:
        """The client can be reached no more."""
        if self._session is not None:
            goodbye = self._goodbye
            asked = None if goodbye is None else goodbye.session_expiry_interval
            expiry = None if asked is None else min(asked, self._limits.expiry)
            quietly = goodbye is not None and int(goodbye.reason_code) == 0
            self._registry.leave(self._session, self, expiry=expiry, quietly=quietly)

    def _greet(self, packet: mqtt5.ConnectPacket) -> None:
        try:
            self._connect(packet)
        except NotAdmitted as refusal:
            self._write(mqtt5.ConnAckPacket(reason_code=refusal.code, reason_str=str(refusal)).write())
            self.close()

    def _connect(self, packet: mqtt5.ConnectPacket) -> None:
        if packet.authentication_method is not None:
            raise NotAdmitted(ConnAckReasonCode.BAD_AUTHENTICATION_METHOD, "there is no enhanced authentication")
        user = self._door.admit(packet, self._transport.get_extra_info("peercert"))
        client = self._door.client_id(user, packet.client_id) or f"auto-{uuid.uuid4()}"
        if "\0" in client:
            raise NotAdmitted(ConnAckReasonCode.CLIENT_ID_NOT_VALID, "the client id has a NUL in it")
        permit = self._registry.permit((user, client))
        if packet.will is not None:
            _check_will(packet.will, permit.may_write)
        self._agree(packet)
        expiry = min(packet.session_expiry_interval, self._limits.expiry)
        arrival = Arrival(
            clean=packet.clean_start,
            expiry=expiry,
            will=Message.of_will(packet.will, self._loop.time()) if packet.will else None,
            will_delay=packet.will.will_delay_interval if packet.will else 0,
        )
        session, present = self._registry.open((user, client), arrival, self, permit)
        self._session = session
        self._welcome(packet, client, expiry, present=present)
        self._exchange.came(session)
        session.pump()

    def _agree(self, packet: mqtt5.ConnectPacket) -> None:
        self.window = packet.receive_max
        self._packet_max = packet.max_packet_size
        self._alias_max = packet.topic_alias_max
        asked = packet.keep_alive or self._limits.keep_alive
        self._keep_alive = min(asked, self._limits.keep_alive) if self._limits.keep_alive else packet.keep_alive
        self._heard = False
        if self._timer is not None:
            self._timer.cancel()
        if self._keep_alive:
            self._set_timer(self._keep_alive * _GRACE, self._check_alive)

    def _welcome(self, packet: mqtt5.ConnectPacket, client: str, expiry: int, *, present: bool) -> None:
        limits = self._limits
        self._write(
            mqtt5.ConnAckPacket(
                session_present=present,
                assigned_client_id=None if packet.client_id else client,
                session_expiry_interval=expiry if expiry != packet.session_expiry_interval else None,
                server_keep_alive=self._keep_alive if self._keep_alive != packet.keep_alive else None,
                receive_max=limits.receive,
                topic_alias_max=limits.aliases,
                max_packet_size=limits.packet,
                max_qos=mqtt5.QoS.AT_LEAST_ONCE,
            ).write()
        )

    def _publish(self, packet: mqtt5.PublishPacket) -> None:
        topic = packet.topic
        if packet.topic_alias is not None or not topic:
            topic = self._real_name(packet)
        message = Message.of(packet, topic, self._loop.time())
        if message.qos > 1:
            raise Refusal(DisconnectReasonCode.QOS_NOT_SUPPORTED, "QoS 2 was not offered")
        self._check_name(topic, packet.response_topic)
        number = packet.packet_id
        if number is None:
            self._judge(message)
            return
        if not number:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "0 is not a packet number")
        self._owed += 1
        if self._owed > self._limits.receive:
            raise Refusal(DisconnectReasonCode.RECEIVE_MAX_EXCEEDED, "too many publications without their PUBACK")
        verdict = self._judge(message)
        self._exchange.journal.when_safe(lambda safe: self._puback(number, verdict, safe=safe))

    def _judge(self, message: Message) -> PubAckReasonCode:
        session = self._session
        assert session is not None  # noqa: S101 - nothing is published before CONNECT
        if not session.permit.may_write(message.topic):
            return PubAckReasonCode.NOT_AUTHORIZED
        return self._exchange.publish(message, session)

    def _puback(self, number: int, verdict: PubAckReasonCode, *, safe: bool) -> None:
        self._owed -= 1
        if self._closing:
            return
        if not safe:
            verdict = PubAckReasonCode.QUOTA_EXCEEDED
        if verdict is _SUCCESS:
            self._write(b"\x40\x02" + number.to_bytes(2, "big"))
        else:
            self._write(mqtt5.PubAckPacket(number, reason_code=verdict).write())

    def _acknowledged(self, packet: mqtt5.PubAckPacket) -> None:
        if self._session is not None:
            self._session.acknowledge(packet.packet_id)

    def _subscribe(self, packet: mqtt5.SubscribePacket) -> None:
        session = self._session
        assert session is not None  # noqa: S101 - nobody subscribes before CONNECT
        if not packet.packet_id or not packet.topic_filters or packet.subscription_id == 0:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "a SUBSCRIBE needs a number and a filter")
        if any(one.no_local and one.pattern.startswith("$share/") for one in packet.topic_filters):
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "no-local makes no sense on a shared subscription")
        # SUBACK goes ahead of what is retained, though the standard lets them cross: simple clients expect it.
        at = len(self._out)
        codes = [self._exchange.subscribe(session, one, packet.subscription_id) for one in packet.topic_filters]
        self._registry.save(session)
        self._exchange.came(session)
        self._answer(mqtt5.SubAckPacket(packet.packet_id, codes).write(), at)

    def _unsubscribe(self, packet: mqtt5.UnsubscribePacket) -> None:
        session = self._session
        assert session is not None  # noqa: S101 - nobody unsubscribes before CONNECT
        if not packet.packet_id or not packet.patterns:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "an UNSUBSCRIBE needs a number and a filter")
        codes = [self._exchange.unsubscribe(session, one) for one in packet.patterns]
        self._registry.save(session)
        self._answer(mqtt5.UnsubAckPacket(packet.packet_id, codes).write(), len(self._out))

    def _answer(self, data: bytes, at: int) -> None:
        self._out.insert(at, data)
        self._wrote(len(data))

    def _ping(self, packet: mqtt5.PingReqPacket) -> None:
        self._write(_PONG)

    def _disconnect(self, packet: mqtt5.DisconnectPacket) -> None:
        session = self._session
        if session is not None and packet.session_expiry_interval and not session.expiry:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "a session cannot begin to last at its end")
        self._goodbye = packet
        self.close()

    def _real_name(self, packet: mqtt5.PublishPacket) -> str:
        alias = packet.topic_alias
        if alias is None or not 0 < alias <= self._limits.aliases:
            raise Refusal(DisconnectReasonCode.TOPIC_ALIAS_INVALID, "that topic alias was not offered")
        if packet.topic:
            self._names[alias] = packet.topic
        elif alias not in self._names:
            raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "that topic alias has no topic yet")
        return self._names[alias]

    def _check_name(self, topic: str, response: str | None) -> None:
        if not is_name(topic) or (response is not None and not is_name(response)):
            raise Refusal(DisconnectReasonCode.TOPIC_NAME_INVALID, "one cannot publish to that topic")

    def _fresh_alias(self, topic: str) -> int | None:
        return len(self._aliases) + 1 if len(self._aliases) < self._alias_max else None

    def _check_alive(self) -> None:
        if not self._heard:
            self.part(int(DisconnectReasonCode.KEEP_ALIVE_TIMEOUT), "nothing was heard for too long")
            return
        self._heard = False
        self._set_timer(self._keep_alive * _GRACE, self._check_alive)


_HANDLERS: dict[type, Callable[[Connection, Any], None]] = {
    mqtt5.PublishPacket: Connection._publish,
    mqtt5.PubAckPacket: Connection._acknowledged,
    mqtt5.SubscribePacket: Connection._subscribe,
    mqtt5.UnsubscribePacket: Connection._unsubscribe,
    mqtt5.PingReqPacket: Connection._ping,
    mqtt5.DisconnectPacket: Connection._disconnect,
}


def _check_will(will: mqtt5.Will, may_write: Callable[[str], bool]) -> None:
    if int(will.qos) > 1:
        raise NotAdmitted(ConnAckReasonCode.QUALITY_NOT_SUPPORTED, "a will cannot have QoS 2 here")
    if not is_name(will.topic) or (will.response_topic is not None and not is_name(will.response_topic)):
        raise NotAdmitted(ConnAckReasonCode.TOPIC_NAME_INVALID, "one cannot publish to the will's topic")
    if not may_write(will.topic):
        raise NotAdmitted(ConnAckReasonCode.NOT_AUTHORIZED, "the will's topic is not this client's to write")

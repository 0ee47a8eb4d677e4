"""One MQTT 5 connection of ingest, on the codec ``mqtt5``: persistent session, PUBACK only when told.

The libraries either acknowledge before the commit or spend more on a message than the database does
(docs/decisions/0001, 7). This is the small part of MQTT that a consumer needs: CONNECT, SUBSCRIBE, PUBLISH both
ways, PUBACK in groups, PING.
"""

import asyncio
import socket
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import mqtt5
from mqtt5 import ConnAckReasonCode, PubAckReasonCode, QoS

KEEP_ALIVE_SECONDS = 30
SESSION_SECONDS = 24 * 3600
RECEIVE_MAXIMUM = 2000
MAX_PACKET = 1024 * 1024


class Refused(OSError):
    """The broker did not let us in, or sent something that is not MQTT 5; says why."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message at QoS 1 that waits for its PUBACK; ``session`` is the connection it came over.

    ``trace`` is the traceparent it carries, if any.
    """

    session: "Session"
    packet_id: int
    trace: str | None = None


class Session(asyncio.Protocol):
    """A connection from CONNECT until it is lost; ``ready`` when subscribed, ``over`` when it has ended."""

    def __init__(self, client_id: str, filters: Iterable[str], receive: Callable[[str, bytes, Delivery], None]) -> None:
        loop = asyncio.get_running_loop()
        self._client_id, self._filters, self._receive = client_id, list(filters), receive
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._outgoing: OrderedDict[str, bytes] = OrderedDict()  # newest acknowledgement by topic
        self._on_the_way: dict[int, asyncio.Future[int] | None] = {}
        self._ordered: deque[tuple[str, bytes, int | None, bool, asyncio.Future[int]]] = deque()
        self._window, self._next_id = 1, 0
        self._heard = loop.time()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves; the session outlives the connection by a day."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (the loop gives no other for TCP and TLS)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        hello = mqtt5.ConnectPacket(
            self._client_id,
            clean_start=False,
            keep_alive=KEEP_ALIVE_SECONDS,
            session_expiry_interval=SESSION_SECONDS,
            receive_max=RECEIVE_MAXIMUM,
            max_packet_size=MAX_PACKET,
        )
        transport.write(hello.write())

    def connection_lost(self, trouble: Exception | None) -> None:
        """Tell whoever waits; what was not acknowledged will be delivered again."""
        self._transport = None
        if not self.ready.done():
            self.ready.set_exception(trouble or Refused("the broker closed the connection"))
        if not self.over.done():
            self.over.set_result(None)
        for answer in (*self._on_the_way.values(), *(order[-1] for order in self._ordered)):
            if answer is not None and not answer.done():
                answer.set_exception(Refused("the connection was lost before the broker answered"))

    def data_received(self, data: bytes) -> None:
        """Take every whole packet out of the stream."""
        self._heard = asyncio.get_running_loop().time()
        self._buffer += data
        taken = 0
        with memoryview(self._buffer) as view:
            while taken < len(view):
                with view[taken:] as rest:
                    try:
                        packet, size = mqtt5.read(rest)
                    except IndexError:
                        break
                    except ValueError as broken:
                        self._fail(f"the broker sent what is not MQTT 5: {broken}")
                        break
                taken += size
                self._take(packet)
        del self._buffer[:taken]
        if len(self._buffer) > MAX_PACKET + 8:
            self._fail("the broker sent a packet larger than agreed")

    def _take(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PublishPacket():
                trace = dict(packet.user_properties).get("traceparent") if packet.user_properties else None
                self._receive(packet.topic, packet.payload, Delivery(self, packet.packet_id or 0, trace))
            case mqtt5.PubAckPacket():
                self._heard_of(packet)
                self._flush()
            case mqtt5.ConnAckPacket():
                self._welcome(packet)
            case mqtt5.SubAckPacket():
                self._subscribed(packet)
            case mqtt5.DisconnectPacket():
                self._fail(f"the broker ended the connection: {packet.reason_code.name}")

    def _welcome(self, packet: mqtt5.ConnAckPacket) -> None:
        if packet.reason_code != ConnAckReasonCode.SUCCESS:
            self._fail(f"the broker refused us: {packet.reason_code.name}")
            return
        self._window = packet.receive_max
        wanted = [mqtt5.TopicFilter(pattern, max_qos=QoS.AT_LEAST_ONCE) for pattern in self._filters]
        self._write(mqtt5.SubscribePacket(self._new_id(), wanted).write())

    def _subscribed(self, packet: mqtt5.SubAckPacket) -> None:
        if any(int(code) >= 0x80 for code in packet.reason_codes):
            self._fail("the broker does not let us read what gateways say; check its topic rules")
        elif not self.ready.done():
            self.ready.set_result(None)

    def acknowledge(self, outcomes: Iterable[tuple[int, int]]) -> None:
        """Acknowledge messages by packet id and PUBACK reason, in one write."""
        self._write(b"".join(_puback(packet_id, code) for packet_id, code in outcomes if packet_id))

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish retained at QoS 1; while the broker's window is full only the newest of a topic waits."""
        self._outgoing[topic] = payload
        self._flush()

    def order(self, topic: str, payload: bytes, expiry: int | None, kept: bool) -> "asyncio.Future[int]":
        """Publish at QoS 1; tells the reason of the PUBACK or fails.

        Gone after ``expiry`` seconds, if any; ``kept``: retained until then, or until the next of this topic.
        """
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if self._transport is None:
            answer.set_exception(Refused("there is no connection"))
        else:
            self._ordered.append((topic, payload, expiry, kept, answer))
            self._flush()
        return answer

    def _heard_of(self, packet: mqtt5.PubAckPacket) -> None:
        answer = self._on_the_way.pop(packet.packet_id, None)
        if answer is not None and not answer.done():
            answer.set_result(int(packet.reason_code))

    def _flush(self) -> None:
        parts = []
        while (self._ordered or self._outgoing) and len(self._on_the_way) < self._window:
            number = self._new_id()
            parts.append(self._next(number).write())
        self._write(b"".join(parts))

    def _next(self, number: int) -> mqtt5.PublishPacket:
        """An order before an acknowledgement: somebody waits for it."""
        if self._ordered:
            topic, payload, expiry, kept, self._on_the_way[number] = self._ordered.popleft()
            return mqtt5.PublishPacket(
                *(topic, payload),
                qos=QoS.AT_LEAST_ONCE,
                retain=kept,
                packet_id=number,
                message_expiry_interval=expiry,
            )
        topic, payload = self._outgoing.popitem(last=False)
        self._on_the_way[number] = None
        return mqtt5.PublishPacket(topic, payload, qos=QoS.AT_LEAST_ONCE, retain=True, packet_id=number)

    def ping(self) -> None:
        """Keep the connection alive; one that has been silent for too long is given up."""
        if asyncio.get_running_loop().time() - self._heard > 1.5 * KEEP_ALIVE_SECONDS:
            self._fail("the broker has fallen silent")
        self._write(mqtt5.PingReqPacket().write())

    def close(self) -> None:
        """Say goodbye; the session stays at the broker."""
        self._write(mqtt5.DisconnectPacket().write())
        if self._transport:
            self._transport.close()

    def _new_id(self) -> int:
        self._next_id = self._next_id % 65535 + 1
        return self._next_id

    def _write(self, data: bytes) -> None:
        if data and self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def _fail(self, why: str) -> None:
        if not self.ready.done():
            self.ready.set_exception(Refused(why))
        if self._transport:
            self._transport.abort()


def _puback(packet_id: int, code: int) -> bytes:
    if code == 0:
        return b"\x40\x02" + packet_id.to_bytes(2, "big")
    return mqtt5.PubAckPacket(packet_id, reason_code=PubAckReasonCode(code)).write()

"""One connection of a simulated gateway, on the codec ``mqtt5``: birth, will, subscriptions, rows, acknowledgements."""

import asyncio
import contextlib
import socket
import time
import uuid

import mqtt5
from mqtt5 import ConnAckReasonCode, PublishPacket, QoS, TopicFilter, Will

from firmware_sim.fleet.box import Box, death
from protocols.envelope import Ack, Batch, Malformed, decode, encode
from protocols.envelope.messages import Message

SESSION_S, KEEP_ALIVE_S, WILL_DELAY_S = 24 * 3600, 90, 20
RECEIVE_MAXIMUM, MAX_PACKET = 20, 256 * 1024
HELD_BACK_S = 1.0
BIRTH = 1  # packet number of the birth on every connection; rows count from 2


class Line(asyncio.Protocol):
    """From CONNECT until it is lost: ``up`` when the birth was taken, ``over`` when it has ended."""

    def __init__(self, box: Box) -> None:
        loop = asyncio.get_running_loop()
        self.box, self._session = box, str(uuid.uuid4())
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._number = BIRTH
        self._not_before = 0.0
        self.up: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves as a gateway does."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (the loop gives no other for TCP and TLS)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = self.box.address
        last_word = Will(
            address.up("state"),
            payload=encode(death(self._session)),
            qos=QoS.AT_LEAST_ONCE,
            retain=True,
            will_delay_interval=WILL_DELAY_S,
        )
        hello = mqtt5.ConnectPacket(
            str(address),
            clean_start=False,
            keep_alive=KEEP_ALIVE_S,
            session_expiry_interval=SESSION_S,
            receive_max=RECEIVE_MAXIMUM,
            max_packet_size=MAX_PACKET,
            will=last_word,
        )
        transport.write(hello.write())

    def connection_lost(self, trouble: Exception | None) -> None:
        """Whoever waits is told."""
        self._transport = None
        for future in (self.up, self.over):
            if not future.done():
                future.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take every whole packet out of the stream."""
        view, taken = memoryview(self._buffer + data), 0
        while taken < len(view):
            try:
                packet, size = mqtt5.read(view[taken:])
            except IndexError:
                break
            taken += size
            self._take(packet)
        self._buffer = bytes(view[taken:])

    def _take(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PublishPacket():
                self._write(mqtt5.PubAckPacket(packet.packet_id).write() if packet.packet_id else b"")
                self._heard(packet.topic, packet.payload)
            case mqtt5.PubAckPacket():
                self._answered(packet.packet_id, int(packet.reason_code))
            case mqtt5.ConnAckPacket():
                self._welcome(packet)
            case mqtt5.SubAckPacket():
                self._publish(self.box.address.up("state"), self.box.birth(self._session), BIRTH, retain=True)
            case mqtt5.DisconnectPacket():
                self.cut()

    def _welcome(self, packet: mqtt5.ConnAckPacket) -> None:
        if packet.reason_code != ConnAckReasonCode.SUCCESS:
            self.cut()
            return
        self.box.reborn()
        address = self.box.address
        wanted = (address.down("ack"), address.down("cmd", "+"), address.down("shadow"))
        filters = [TopicFilter(topic, max_qos=QoS.AT_LEAST_ONCE) for topic in wanted]
        self._write(mqtt5.SubscribePacket(1, filters).write())

    def _heard(self, topic: str, payload: bytes) -> None:
        if topic != self.box.address.down("ack"):
            return
        now = time.monotonic()
        with contextlib.suppress(Malformed):
            for batch in self.box.heard(decode(Ack, payload), now):
                self._send(batch)
        self.pump(now)

    def _answered(self, number: int, code: int) -> None:
        if number == BIRTH and not self.up.done():
            self.up.set_result(None)
        elif number != BIRTH and code:
            self.box.rewind()
            self._not_before = time.monotonic() + HELD_BACK_S
            return
        self.pump(time.monotonic())

    def pump(self, now: float) -> None:
        """Send what may be sent."""
        if self._transport is None or not self.up.done() or now < self._not_before:
            return
        self.box.impatient(now)
        for batch in self.box.next_batches(now):
            self._send(batch)

    def _send(self, batch: Batch) -> None:
        self._number = self._number % 60_000 + 1
        if self._number == BIRTH:
            self._number += 1
        self._publish(self.box.address.up("r", "result"), batch, self._number)

    def _publish(self, topic: str, message: Message, number: int, *, retain: bool = False) -> None:
        packet = PublishPacket(topic, encode(message), qos=QoS.AT_LEAST_ONCE, packet_id=number, retain=retain)
        self._write(packet.write())

    def ping(self) -> None:
        """Keep the connection alive."""
        self._write(mqtt5.PingReqPacket().write())

    def cut(self) -> None:
        """End it without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

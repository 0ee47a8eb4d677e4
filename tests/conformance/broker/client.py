"""A client made of the bare codec: it does what a test says, also what no decent client would do."""

import asyncio
import ssl
from typing import Any, TypeVar

import mqtt5
from mqtt5 import PublishPacket, QoS, TopicFilter

P = TypeVar("P")
PATIENCE = 3.0


class Closed(Exception):
    """The broker closed the connection."""


def topic_filter(pattern, qos=1, **options):
    return TopicFilter(pattern, max_qos=QoS(qos), **({"retain_as_published": False} | options))


class Client:
    """One connection. Packets that were not asked for yet wait in ``inbox``."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.inbox: list[Any] = []
        self.buffer = b""
        self.number = 0
        self.connack: Any = None

    @classmethod
    async def dial(cls, broker, tls: ssl.SSLContext | None = None):
        """Open the socket and say nothing yet."""
        name = "broker.test" if tls else None
        return cls(*await asyncio.open_connection(broker.host, broker.port, ssl=tls, server_hostname=name))

    @classmethod
    async def connect(cls, broker, client_id="", *, tls=None, **settings):
        """Open the socket, say CONNECT, and wait for the CONNACK, whatever it says."""
        client = await cls.dial(broker, tls)
        settings = {"clean_start": not settings.get("session_expiry_interval")} | settings
        try:
            await client.send(mqtt5.ConnectPacket(client_id, **settings))
            client.connack = await client.receive(mqtt5.ConnAckPacket)
        except BaseException:
            client.cut()
            raise
        return client

    async def send(self, *packets):
        for packet in packets:
            self.writer.write(packet if isinstance(packet, bytes) else packet.write())
        await self.writer.drain()

    async def receive(self, kind: type[P] = object, patience=PATIENCE) -> P:
        """The next packet of a kind. Raises Closed, TimeoutError."""
        async with asyncio.timeout(patience):
            while True:
                for packet in self.inbox:
                    if isinstance(packet, kind):
                        self.inbox.remove(packet)
                        return packet
                await self._read()

    async def _read(self):
        try:
            data = await self.reader.read(65_536)
        except (ConnectionError, ssl.SSLError):
            data = b""
        if not data:
            raise Closed
        self.buffer += data
        while self.buffer:
            try:
                packet, size = mqtt5.read(memoryview(self.buffer))
            except IndexError:
                return
            self.buffer = self.buffer[size:]
            self.inbox.append(packet)

    async def publish(self, topic, payload=b"", qos=1, **properties):
        """Publish; the PUBACK's reason code for QoS 1."""
        self.number += 1
        number = self.number if qos else None
        await self.send(PublishPacket(topic, payload, qos=QoS(qos), packet_id=number, **properties))
        return int((await self.receive(mqtt5.PubAckPacket)).reason_code) if qos == 1 else None

    async def subscribe(self, *filters, qos=1, identifier=None, **options):
        """Subscribe; the reason codes."""
        self.number += 1
        wanted = [topic_filter(one, qos, **options) for one in filters]
        await self.send(mqtt5.SubscribePacket(self.number, wanted, subscription_id=identifier))
        return [int(code) for code in (await self.receive(mqtt5.SubAckPacket)).reason_codes]

    async def unsubscribe(self, *patterns):
        self.number += 1
        await self.send(mqtt5.UnsubscribePacket(self.number, list(patterns)))
        return [int(code) for code in (await self.receive(mqtt5.UnsubAckPacket)).reason_codes]

    async def message(self, *, ack=True, patience=PATIENCE) -> PublishPacket:
        """The next message, acknowledged unless told otherwise."""
        packet = await self.receive(PublishPacket, patience)
        if ack and int(packet.qos) == 1:
            await self.send(mqtt5.PubAckPacket(packet.packet_id))
        return packet

    async def payloads(self, count, *, ack=True):
        return [(await self.message(ack=ack)).payload for _ in range(count)]

    async def nothing(self, patience=0.06):
        """No message comes."""
        assert await self.heard(patience) == []

    async def heard(self, patience=0.06):
        """Topics of the messages that come, one at most. A PING first, so that what was under way has arrived."""
        await self.ping()
        try:
            return [(await self.receive(PublishPacket, patience)).topic]
        except TimeoutError:
            return []

    async def ping(self):
        """Whether the broker answers. Raises Closed, TimeoutError."""
        await self.send(mqtt5.PingReqPacket())
        return isinstance(await self.receive(mqtt5.PingRespPacket), mqtt5.PingRespPacket)

    async def parting(self, patience=PATIENCE):
        """The reason code of the broker's DISCONNECT, None when it just closed."""
        try:
            packet = await self.receive(mqtt5.DisconnectPacket, patience)
        except Closed:
            return None
        await self.closed()
        return int(packet.reason_code)

    async def closed(self, patience=PATIENCE):
        """Wait until the broker has closed the connection. Raises TimeoutError."""
        try:
            await self.receive(type(None), patience)
        except Closed:
            self.cut()
        return True

    async def leave(self, code=0, **properties):
        """A proper goodbye."""
        reason = mqtt5.DisconnectReasonCode(code)
        await self.send(mqtt5.DisconnectPacket(reason_code=reason, **properties))
        await self.closed()

    def cut(self):
        """The network goes away without a word."""
        self.writer.transport.abort()

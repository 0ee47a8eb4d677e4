"""A message as it lies in the broker, and one copy of it on its way to one client."""

from dataclasses import dataclass

from mqtt5 import PublishPacket, QoS, Will

# What the broker's own objects around one message weigh, measured with tracemalloc and rounded up.
OVERHEAD = 700
QOS = (QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE)


@dataclass(slots=True, eq=False)
class Message:
    """What was published. ``until`` is on the loop's clock; None never expires."""

    topic: str
    packet: PublishPacket
    qos: int
    retain: bool
    until: float | None
    size: int

    @classmethod
    def of(cls, packet: PublishPacket, topic: str, now: float) -> "Message":
        """Take a message in; ``topic`` is the real one where the packet names an alias."""
        life = packet.message_expiry_interval
        until = None if life is None else now + life
        size = len(packet.payload) + len(topic) + OVERHEAD
        return cls(topic, packet, int(packet.qos), packet.retain, until, size)

    @classmethod
    def of_will(cls, will: Will, now: float) -> "Message":
        """A will is a message that waits for a death."""
        return cls.of(will_packet(will), will.topic, now)

    def reborn(self, now: float) -> "Message":
        """The same message, published now: a will's life begins at the death."""
        return Message.of(self.packet, self.topic, now)

    def expired(self, now: float) -> bool:
        """Whether nobody wants it any more."""
        return self.until is not None and self.until <= now

    def remaining(self, now: float) -> int | None:
        """Seconds left to live, as MQTT counts them: whole ones."""
        return None if self.until is None else max(0, round(self.until - now))


@dataclass(slots=True, eq=False)
class Delivery:
    """One copy for one client. ``seq`` counts the QoS 1 copies of its session; ``group`` is its shared subscription."""

    message: Message
    qos: int
    retain: bool
    identifiers: tuple[int, ...]
    group: str = ""
    seq: int = 0
    sent: bool = False

    @property
    def packet_id(self) -> int:
        """Follows from ``seq``, so that a broker that was killed re-sends under the same number."""
        return self.seq % 65_535 + 1


def encode(delivery: Delivery, *, remaining: int | None, topic: str, alias: int | None = None) -> bytes:
    """The bytes of a delivery; ``topic`` is empty where the alias is already known."""
    source = delivery.message.packet
    return PublishPacket(
        topic,
        source.payload,
        qos=QOS[delivery.qos],
        retain=delivery.retain,
        packet_id=delivery.packet_id if delivery.qos else None,
        duplicate=delivery.sent,
        payload_format_indicator=source.payload_format_indicator,
        message_expiry_interval=remaining,
        content_type=source.content_type,
        response_topic=source.response_topic,
        correlation_data=source.correlation_data,
        subscription_ids=list(delivery.identifiers),
        topic_alias=alias,
        user_properties=source.user_properties,
    ).write()


def will_packet(will: Will) -> PublishPacket:
    """The PUBLISH a will turns into."""
    return PublishPacket(
        will.topic,
        will.payload or b"",
        qos=will.qos,
        packet_id=1 if int(will.qos) else None,
        retain=will.retain,
        payload_format_indicator=will.payload_format_indicator,
        message_expiry_interval=will.message_expiry_interval,
        content_type=will.content_type,
        response_topic=will.response_topic,
        correlation_data=will.correlation_data,
        user_properties=will.user_properties,
    )

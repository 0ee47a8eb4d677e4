"""Bringing a broker back from its disk: sessions with what waits for them, retained messages, wills."""

from typing import Any, cast

import mqtt5

from deploy.broker.disk import Disk
from deploy.broker.journal import SessionRow
from deploy.broker.messages import Delivery, Message
from deploy.broker.registry import Registry
from deploy.broker.sessions import Session, Subscription


def revive(registry: Registry, disk: Disk) -> None:
    """Fill an empty broker. Wills are spoken last, when everybody who should hear them is back."""
    exchange = registry.exchange
    now = exchange.clock()
    for packet, left in disk.saved_retained():
        exchange.retained.restore(_message(packet, left, now))
    gone: list[tuple[Session, float]] = []
    for row, sent, gone_for in list(disk.saved_sessions()):
        session = _session(registry, disk, row, sent, now)
        registry.restore(session, [Subscription(*cast(Any, one)) for one in row.subscriptions])
        gone.append((session, gone_for))
    for session, gone_for in gone:
        registry.settle(session, gone_for)


def _session(registry: Registry, disk: Disk, row: SessionRow, sent: int, now: float) -> Session:
    key = (row.user, row.client)
    exchange = registry.exchange
    session = Session(key, row.number, registry.permit(key), disk, exchange.tally, expiry=row.expiry, last=sent)
    if row.will is not None:
        session.will, session.will_delay = _message(row.will, None, now), row.will_delay
    for seq, packet, left, share in disk.saved_deliveries(row.number):
        message = _message(packet, left, now)
        session.restore(_delivery(message, seq, share, sent=seq <= sent))
    return session


def _message(data: bytes, left: float | None, now: float) -> Message:
    packet, _ = mqtt5.read(memoryview(data))
    packet = cast(mqtt5.PublishPacket, packet)
    message = Message.of(packet, packet.topic, now)
    message.until = None if left is None else now + left
    return message


def _delivery(message: Message, seq: int, share: str, *, sent: bool) -> Delivery:
    identifiers = tuple(message.packet.subscription_ids)
    return Delivery(message, message.qos, message.retain, identifiers, share, seq, sent)

"""aiomqtt, opened up where the no-loss protocol needs it.

aiomqtt drops the reason code of a PUBACK and queues incoming messages behind a task switch; we need the code,
and answer at once. Acknowledgements from the cloud are idempotent, so it does not matter that they are
acknowledged to the broker before we act on them. Commands are acknowledged only when they are written down.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import aiomqtt
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

# Nagle holds small packets back: an acknowledged reading takes 67 ms with it and 1.3 ms without.
SOCKET_OPTIONS = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
if hasattr(socket, "TCP_USER_TIMEOUT"):
    SOCKET_OPTIONS.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 15_000))

LOST = -1  # no reason code: the connection went before the broker answered
TAKEN_OVER = 0x8E
Heard = Callable[[str, bytes, Callable[[], None]], None]


class Wire(aiomqtt.Client):
    """One connection. ``heard(topic, payload, done)`` is called for each message; ``done()`` acknowledges it."""

    def __init__(self, heard: Heard, **settings: Any) -> None:
        options = () if settings.get("transport") == "unix" else SOCKET_OPTIONS
        super().__init__(**settings, protocol=aiomqtt.ProtocolVersion.V5, socket_options=options)
        self._heard = heard
        self._unanswered: dict[int, asyncio.Future[int]] = {}
        self._early: dict[int, int] = {}
        self.farewell: int | None = None  # reason code of the broker's DISCONNECT
        self._client.manual_ack_set(True)

    def send(
        self, topic: str, payload: bytes, *, retain: bool = False, expiry_s: int | None = None, trace: str | None = None
    ) -> asyncio.Future[int]:
        """Publish at QoS 1; the future tells the reason code of the PUBACK, or LOST. ``trace`` is a traceparent."""
        properties = None if expiry_s is None else said(PacketTypes.PUBLISH, MessageExpiryInterval=expiry_s)
        if trace is not None:
            properties = properties or said(PacketTypes.PUBLISH)
            properties.UserProperty = ("traceparent", trace)
        answer: asyncio.Future[int] = self._loop.create_future()
        info = self._client.publish(topic, payload, 1, retain, properties)
        if info.rc not in (mqtt.MQTT_ERR_SUCCESS, mqtt.MQTT_ERR_QUEUE_SIZE):
            answer.set_result(LOST)
        elif info.mid in self._early:  # answered before publish() returned
            answer.set_result(self._early.pop(info.mid))
        else:
            self._unanswered[info.mid] = answer
        return answer

    async def gone(self) -> None:
        """Return when the connection is lost."""
        await asyncio.wait([self._disconnected])
        self._disconnected.exception()  # looked at, so that nobody warns of it
        self._abandon()

    @property
    def is_gone(self) -> bool:
        """The connection is lost or ended."""
        return self._disconnected.done()

    def drop(self) -> None:
        """Let go of a socket that aiomqtt would leave open after a failed start."""
        self._client._sock_close()
        if self._connected.done() and not self._connected.cancelled():
            self._connected.exception()
        if self._disconnected.done():
            self._disconnected.exception()
        self._abandon()

    def _abandon(self) -> None:
        for answer in self._unanswered.values():
            if not answer.done():
                answer.set_result(LOST)
        self._unanswered.clear()

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Any) -> None:
        answer = self._unanswered.pop(mid, None)
        if answer is None:
            self._early[mid] = int(reason_code.value)
        elif not answer.done():
            answer.set_result(int(reason_code.value))

    def _on_message(self, client: Any, userdata: Any, message: mqtt.MQTTMessage) -> None:
        mid, qos = message.mid, message.qos
        self._heard(message.topic, bytes(message.payload), lambda: void(self._client.ack(mid, qos)))

    def _on_disconnect(
        self, client: Any, userdata: Any, flags: Any, reason_code: ReasonCode, properties: Any = None
    ) -> None:
        if getattr(flags, "is_disconnect_packet_from_server", False):
            self.farewell = int(reason_code.value)
        if not self._connected.done():  # aiomqtt would wait its whole time-out for a CONNACK that cannot come
            self._connected.set_exception(aiomqtt.MqttError("hung up before CONNACK"))
            return
        super()._on_disconnect(client, userdata, flags, reason_code, properties)


def said(packet: int, **values: int) -> Properties:
    """Properties of a packet."""
    properties = Properties(packet)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


def void(_: object) -> None:
    """Drop a value."""

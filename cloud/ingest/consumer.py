"""The MQTT side of ingest: a persistent, shared subscription whose PUBACK waits for the commit.

gmqtt acknowledges only when the handler has returned (``optimistic_acknowledgement`` off), and the handler
returns when the row is in the database. Its logger is silenced because it prints packets, and packets hold
patients.
"""

import asyncio
import logging
import socket
import ssl
import zlib
from typing import Any
from urllib.parse import urlsplit

import gmqtt
from gmqtt.mqtt.constants import MQTTv50
from sqlalchemy import Engine

import cloud.migrations.tables  # noqa: F401  (a mapped class needs every table it refers to)
from cloud.ingest.writer import Arrival, Outcome, Writer
from cloud.kernel.clock import now
from cloud.kernel.settings import Misconfigured, Settings
from protocols.envelope import parse, subscription

log = logging.getLogger(__name__)

SESSION_SECONDS = 24 * 3600
RECEIVE_MAXIMUM = 2000
WRITERS = 2
FILTERS = (("r", "ingest"), ("e", "ingest"), ("state", ""), ("cmd", "ingest"))


class Consumer:
    """Reads results, births and events of every gateway and hands them to the writers."""

    def __init__(self, engine: Engine, settings: Settings, client_id: str = "svc-ingest-1") -> None:
        self._settings, self._client_id = settings, client_id
        self._loop: asyncio.AbstractEventLoop
        self._client = _client(client_id)
        self._client.on_message, self._client.on_connect = self._on_message, self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._writers = [Writer(engine, self._report, f"ingest-writer-{n}") for n in range(WRITERS)]
        self.connected = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until ``stop`` is set; a broker that is away is waited for."""
        self._loop = asyncio.get_running_loop()
        for writer in self._writers:
            writer.start()
        try:
            await self._connect(stop)
            await stop.wait()
        finally:
            await self._end()

    async def _connect(self, stop: asyncio.Event) -> None:
        host, port, tls = broker_address(self._settings)
        told = False
        while not stop.is_set():
            try:
                await self._client.connect(host, port, ssl=tls, version=MQTTv50, keepalive=30)
                return
            except (OSError, gmqtt.mqtt.handler.MQTTConnectError) as refusal:
                if not told:
                    log.error("the broker at %s:%d does not answer (%s); trying until it does", host, port, refusal)
                told = True
                await asyncio.sleep(1)

    async def _end(self) -> None:
        for writer in self._writers:
            writer.stop()
        for writer in self._writers:
            await asyncio.to_thread(writer.join, 10)
        if self._client.is_connected:
            await self._client.disconnect()

    def _on_connect(self, client: Any, _flags: int, _code: int, _properties: Any) -> None:
        _no_delay(client)
        for channel, share in FILTERS:
            client.subscribe(subscription("up", channel, share=share), qos=1)
        log.info("connected to the broker")
        self.connected.set()

    def _on_disconnect(self, _client: Any, _packet: Any, _trouble: Any = None) -> None:
        self.connected.clear()
        log.warning("the broker is away; what gateways say waits there or on their disks")

    async def _on_message(self, _client: Any, topic: str, payload: bytes, _qos: int, _properties: Any) -> int:
        try:
            known = parse(topic)
        except ValueError:
            return 0x90  # topic name invalid
        settled: asyncio.Future[int] = self._loop.create_future()
        writer = self._writers[zlib.crc32(str(known.address).encode()) % WRITERS]
        writer.put(Arrival(known, payload, now(), settled))
        return await settled

    def _report(self, outcomes: list[Outcome], messages: dict[str, bytes]) -> None:
        """Called by a writer's thread after its commit."""
        self._loop.call_soon_threadsafe(self._report_here, outcomes, messages)

    def _report_here(self, outcomes: list[Outcome], messages: dict[str, bytes]) -> None:
        for settled, code in outcomes:
            if not settled.done():
                settled.set_result(code)
        if self._client.is_connected:
            for topic, message in messages.items():
                # retained: a gateway that was away learns at once how far it is safe
                self._client.publish(topic, message, qos=1, retain=True)


def _client(client_id: str) -> Any:
    quiet = logging.getLogger("gmqtt")
    quiet.setLevel(logging.CRITICAL + 1)
    return gmqtt.Client(
        client_id,
        clean_session=False,
        optimistic_acknowledgement=False,
        logger=quiet,
        session_expiry_interval=SESSION_SECONDS,
        receive_maximum=RECEIVE_MAXIMUM,
    )


def _no_delay(client: Any) -> None:
    wire = client._connection._transport.get_extra_info("socket")
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def broker_address(settings: Settings) -> tuple[str, int, ssl.SSLContext | None]:
    """Host, port and TLS context of the broker. Raises Misconfigured."""
    url = urlsplit(settings.broker_url)
    if url.scheme not in ("mqtt", "mqtts") or not url.hostname:
        raise Misconfigured(f"EMMETRA_BROKER_URL is {settings.broker_url!r}; it should be mqtt://host:port or mqtts://")
    if url.scheme == "mqtt":
        return url.hostname, url.port or 1883, None
    return url.hostname, url.port or 8883, _tls(settings)


def _tls(settings: Settings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.broker_ca)
        if settings.broker_certificate:
            context.load_cert_chain(settings.broker_certificate, settings.broker_key)
    except (OSError, ssl.SSLError) as refusal:
        raise Misconfigured(f"the certificate files for the broker cannot be used: {refusal}") from None
    return context

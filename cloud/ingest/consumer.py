"""The MQTT side of ingest: keeps one session with the broker and hands what arrives to the writers."""

import asyncio
import functools
import logging
import ssl
import sys
from collections import defaultdict
from concurrent.futures import Future
from urllib.parse import urlsplit

from sqlalchemy import Engine

import cloud.migrations.tables  # noqa: F401  (a mapped class needs every table it refers to)
from cloud.ingest.books import Books
from cloud.ingest.kicker import Kicker
from cloud.ingest.publisher import Publisher
from cloud.ingest.session import KEEP_ALIVE_SECONDS, Delivery, Refused, Session
from cloud.ingest.vitals import Vitals
from cloud.ingest.writer import ACCEPTED, Arrival, Outcome, Writer
from cloud.kernel.clock import now
from cloud.kernel.settings import Misconfigured, Settings
from cloud.telemetry.sinks import sink
from cloud.telemetry.tracing import tracer
from protocols.envelope import Address, Topic, parse, subscription

log = logging.getLogger(__name__)

WRITERS = 2
RETRY_SECONDS = 1.0
TOPIC_NAME_INVALID = 0x90
# Births and the states of orders are retained, and a shared subscription gets no retained messages: every ingest
# process hears them all. Either may be heard twice without harm.
FILTERS = [
    *(subscription("up", channel) for channel in ("state", "cmd")),
    *(subscription("up", channel, share="ingest") for channel in ("r", "e", "t", "shadow", "log", "blob")),
]


class Consumer:
    """Reads results, births and events of every gateway; acknowledges what the writers have committed."""

    def __init__(self, engine: Engine, settings: Settings, client_id: str = "svc-ingest-1") -> None:
        self._engine, self._settings, self._client_id = engine, settings, client_id
        self._loop: asyncio.AbstractEventLoop
        self._session: Session | None = None
        self._tracer = tracer(settings)
        self._writers = [Writer(engine, self._report, f"ingest-writer-{n}", self._tracer) for n in range(WRITERS)]
        self._vitals = Vitals(engine, sink(settings, engine))
        self._publishers = (
            Publisher(engine, self._order, settings.public_url or ""),
            Books(engine, self._order, name="ingest-books"),
        )
        self._turns: dict[Address, int] = {}
        self.connected = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until ``stop`` is set; a broker that is away is waited for. Raises Misconfigured."""
        # the default of 5 ms would let a writer's thread keep the loop waiting longer than a commit takes
        sys.setswitchinterval(0.0005)
        self._loop = asyncio.get_running_loop()
        where = broker_address(self._settings)
        self._kicker = Kicker(self._engine, where, self._forget)
        for thread in (*self._writers, *self._publishers, self._kicker, self._vitals):
            thread.start()
        keeping = asyncio.create_task(self._keep(*where))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
        finally:
            await self._end(keeping, stopping)

    async def _keep(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect, stay connected, connect again; say once when the broker is away and once when it is back."""
        told = False
        while True:
            try:
                await self._meet(host, port, tls)
                log.info("connected to the broker at %s:%d", host, port)
                told = False
                await self._stay()
                log.warning("the broker is away; what gateways say waits there or on their disks")
            except OSError as refusal:
                if not told:
                    log.error("the broker at %s:%d cannot be used (%s); trying until it can", host, port, refusal)
                told = True
            self.connected.clear()
            await asyncio.sleep(RETRY_SECONDS)

    async def _meet(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        def session() -> Session:
            return Session(self._client_id, FILTERS, self._receive)

        async with asyncio.timeout(10):
            _, self._session = await self._loop.create_connection(session, host, port, ssl=tls)
            await self._session.ready
        self.connected.set()

    async def _stay(self) -> None:
        session = self._session
        while session and not session.over.done():
            # never wait_for: before Python 3.12 it swallows a cancellation that comes as the connection is lost
            await asyncio.wait([session.over], timeout=KEEP_ALIVE_SECONDS / 2)
            session.ping()

    async def _end(self, *tasks: "asyncio.Task[object]") -> None:
        threads: list[Writer | Publisher | Kicker | Vitals] = [
            *self._writers,
            *(*self._publishers, self._kicker, self._vitals),
        ]
        for thread in threads:
            thread.stop()
        await asyncio.gather(*(asyncio.to_thread(thread.join, 10) for thread in threads))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            self._session.close()
        await asyncio.to_thread(self._tracer.close)

    def _forget(self, address: str) -> None:
        """Called by the kicker's thread."""
        for writer in self._writers:
            writer.forget(address)

    def _receive(self, topic: str, payload: bytes, delivery: Delivery) -> None:
        try:
            known = _known(topic)
        except ValueError:
            delivery.session.acknowledge([(delivery.packet_id, TOPIC_NAME_INVALID)])
            return
        if known.channel == "t":  # may be lost, and must not keep readings waiting
            delivery.session.acknowledge([(delivery.packet_id, ACCEPTED)])
            self._vitals.put(known.address, payload, now())
            return
        self._writer_of(known.address).put(Arrival(known, payload, now(), delivery, delivery.trace))

    def _writer_of(self, address: Address) -> Writer:
        """Always the same one for a gateway, so that its order holds; new gateways take turns."""
        return self._writers[self._turns.setdefault(address, len(self._turns) % WRITERS)]

    def _order(self, topic: str, payload: bytes, expiry: int | None, kept: bool) -> "Future[int]":
        """Called by the publisher's thread; the answer is the reason code of the PUBACK. Raises OSError at the end."""

        async def ordered() -> int:
            if self._session is None:
                raise Refused("there is no connection")
            return await self._session.order(topic, payload, expiry, kept)

        if self._loop.is_closed():
            raise OSError("ingest has ended")
        return asyncio.run_coroutine_threadsafe(ordered(), self._loop)

    def _report(self, outcomes: list[Outcome], messages: dict[str, bytes]) -> None:
        """Called by a writer's thread after its commit."""
        self._loop.call_soon_threadsafe(self._report_here, outcomes, messages)

    def _report_here(self, outcomes: list[Outcome], messages: dict[str, bytes]) -> None:
        by_session: dict[Session, list[tuple[int, int]]] = defaultdict(list)
        for delivery, code in outcomes:
            by_session[delivery.session].append((delivery.packet_id, code))
        for session, settled in by_session.items():
            # over a lost connection this writes nothing, and the broker delivers again
            session.acknowledge(settled)
        if self._session:
            for topic, message in messages.items():
                self._session.publish(topic, message)


@functools.lru_cache(maxsize=20_000)
def _known(topic: str) -> Topic:
    """A gateway says thousands of things under one topic."""
    return parse(topic)


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

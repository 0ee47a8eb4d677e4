"""Keeps one connection to the cloud's broker, for as long as the gateway runs."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol

import aiomqtt
from paho.mqtt.packettypes import PacketTypes

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.outbox import Outbox
from edge.tasks import until_one_ends
from edge.uplink.broker import ENROL_AGAIN, BrokerRefused, BrokerSettings, explain, tls_context
from edge.uplink.herald import Herald
from edge.uplink.orders import Orders
from edge.uplink.pump import Pump
from edge.uplink.tunnel import Tunnel, tunnel
from edge.uplink.wire import TAKEN_OVER, Wire, said
from protocols.envelope import Address

log = logging.getLogger("emmetra.uplink")

SESSION_S = 24 * 3600  # a command older than a day is of no use
KEEPALIVE_S = 90  # more often would cost a metered line more than everything else an idle gateway says
WILL_DELAY_S = 20  # a short outage is nobody's business
BARRED_S = 300.0  # wrong papers do not mend themselves, but somebody may mend them on the other side
STABLE_S = 10.0


@dataclass
class UplinkState:
    """For the status: connecting, connected, waiting or barred, since when (monotonic) and why."""

    state: str = "connecting"
    since: float = 0.0
    why: str | None = None
    connections: int = 0
    _away_s: float = 0.0

    @property
    def connected(self) -> float | None:
        """Since when there is a connection, if there is one."""
        return self.since if self.state == "connected" else None

    def become(self, state: str, why: str | None = None) -> None:
        """Change."""
        if (state, why) != (self.state, self.why):
            now = time.monotonic()
            self._away_s = self.offline_s(now)
            self.connections += state == "connected" != self.state
            self.state, self.since, self.why = state, now, why

    def offline_s(self, now: float) -> float:
        """Seconds without a connection until ``now`` (monotonic)."""
        return self._away_s + (0.0 if self.state == "connected" else now - self.since)


class Ways(Protocol):
    """Several sets of papers, of which one is shown to the broker (``edge.identity.ways``)."""

    def best(self, broker: BrokerSettings) -> tuple[BrokerSettings, Address | None]:
        """The settings to try now, and the address they name."""

    def refused(self, refusal: BrokerRefused) -> bool:
        """They did not work; whether there are others to try at once."""

    async def stood(self) -> None:
        """They work."""

    async def news(self) -> None:
        """Return when there are other papers."""


class Uplink:
    """Connects, keeps connected, hands the connection to the pump, the herald and the orders."""

    def __init__(self, broker: BrokerSettings, outbox: Outbox, herald: Herald, orders: Orders, alarms: Alarms) -> None:
        self._broker, self._outbox, self._herald, self._orders = broker, outbox, herald, orders
        self._alarms = alarms
        self._pump: Pump | None = None
        self._backoff = Backoff(cap=broker.retry_s)
        self._moved = asyncio.Event()
        self.state = UplinkState(since=time.monotonic())
        # What other rooms hear on down/… and say over each connection; filled before it runs.
        self.hears: dict[str, Callable[[bytes], None]] = {}
        self.says: list[Callable[[Wire], Coroutine[Any, Any, None]]] = []
        self.ways: Ways | None = None
        self._trace = False
        outbox.on_growth = self._wake

    def trace(self, wanted: bool | None) -> None:
        """Whether every batch names a trace of its own from now on."""
        self._trace = bool(wanted)
        if self._pump is not None:
            self._pump.trace = self._trace

    def _wake(self) -> None:
        self._herald.wake()
        if self._pump is not None:
            self._pump.wake()

    async def reconnect(self, broker: BrokerSettings) -> None:
        """Let go of the connection in good order and make another with these settings, now."""
        self._broker = broker
        self._backoff.reset()
        self._moved.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._moved.clear()
            self.state.become("connecting")
            await until_one_ends(self._moved.wait(), self._keep())

    async def _keep(self) -> None:
        """Connected to one broker, again and again."""
        while True:
            self._herald.new_session()
            try:
                await self._session(self._shown())
            except BrokerRefused as refusal:
                if self.ways is not None and self.ways.refused(refusal):
                    log.info("%s; other papers are tried", refusal)
                    continue
                self._note(refusal)
                await self._rest(BARRED_S if refusal.barred else self._backoff.next())
                continue
            await self._rest(self._backoff.next())

    def _shown(self) -> BrokerSettings:
        """The settings for the next attempt; with them may come another address."""
        if self.ways is None:
            return self._broker
        broker, address = self.ways.best(self._broker)
        if address is not None:
            self._herald.address = address
            self._orders.address = address
        return broker

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until there are other papers."""
        await until_one_ends(asyncio.sleep(seconds), *self._news())

    def _news(self) -> list[Coroutine[Any, Any, None]]:
        return [] if self.ways is None else [self.ways.news()]

    def _note(self, refusal: BrokerRefused) -> None:
        self.state.become("barred" if refusal.barred else "waiting", str(refusal))
        self._alarms.ring("re_enrol" if refusal.barred else "broker_unreachable", str(refusal))
        if refusal.barred:  # whoever took our place was the cloud, which no longer wants us
            self._alarms.still("duplicate_identity")

    async def _session(self, broker: BrokerSettings) -> None:
        async with AsyncExitStack() as stack:
            through = await stack.enter_async_context(tunnel(broker)) if broker.token and broker.secure else None
            tls = None if through else tls_context(broker)
            wire = self._wire(broker, tls, through)
            try:
                await wire.__aenter__()
            except (aiomqtt.MqttError, OSError) as failure:
                wire.drop()
                raise _why(failure, broker, tls, through) from None
            await self._hold(wire, broker)

    async def _hold(self, wire: Wire, broker: BrokerSettings) -> None:
        try:
            await self._converse(wire, broker)
        except aiomqtt.MqttError as failure:
            log.info("the connection ended: %s", failure)
        finally:
            self._pump = None
            await self._hang_up(wire)

    async def _converse(self, wire: Wire, broker: BrokerSettings) -> None:
        self._pump = pump = Pump(wire, self._outbox, self._herald.address, self._alarms)
        pump.trace = self._trace
        await self._subscribe(wire)
        self._up(broker)
        if self.ways is not None:
            await self.ways.stood()
        started = time.monotonic()
        herald, orders = self._herald, self._orders
        try:
            await until_one_ends(
                *(wire.gone(), pump.run(), herald.announce(wire), herald.tell(wire), orders.run(wire)),
                *(say(wire) for say in self.says),
                *self._news(),
            )
        finally:
            self._down(wire, time.monotonic() - started)

    async def _subscribe(self, wire: Wire) -> None:
        address = self._herald.address
        leaves = [("ack", 1), ("cmd/+", 1), *((leaf, 1) for leaf in self.hears)]
        codes = await wire.subscribe([(address.down(leaf), qos) for leaf, qos in leaves])
        refused = [code for code in codes if getattr(code, "value", 0) >= 0x80]
        if refused:
            raise BrokerRefused(f"The broker lets this gateway hear nothing ({refused[0]}). {ENROL_AGAIN}", barred=True)

    def _up(self, broker: BrokerSettings) -> None:
        self.state.become("connected")
        for code in ("broker_unreachable", "re_enrol"):
            self._alarms.still(code)
        log.info("connected to %s:%d", broker.host, broker.port)

    def _down(self, wire: Wire, lasted: float) -> None:
        reason = f"reason code 0x{wire.farewell:02x}" if wire.farewell is not None else "connection lost"
        self._herald.ended = reason
        self.state.become("waiting", reason)
        if lasted > STABLE_S:
            self._backoff.reset()
        if wire.farewell == TAKEN_OVER:
            self._alarms.ring(
                "duplicate_identity", "Another device connects with this gateway's name. Find it, and enrol one anew."
            )

    async def _hang_up(self, wire: Wire) -> None:
        try:
            if not wire.is_gone:
                await self._herald.part(wire, "stopped")
            await wire.__aexit__(None, None, None)
        except aiomqtt.MqttError:
            wire.drop()

    def _wire(self, broker: BrokerSettings, tls: ssl.SSLContext | None, through: Tunnel | None) -> Wire:
        address = self._herald.address
        delay = said(PacketTypes.WILLMESSAGE, WillDelayInterval=WILL_DELAY_S)
        will = aiomqtt.Will(address.up("state"), self._herald.death("connection lost"), 1, True, delay)
        return Wire(
            self._heard,
            **_place(broker, through),
            identifier=str(address),
            clean_start=False,
            keepalive=KEEPALIVE_S,
            will=will,
            properties=said(
                PacketTypes.CONNECT, SessionExpiryInterval=SESSION_S, ReceiveMaximum=20, MaximumPacketSize=256 * 1024
            ),
            tls_context=tls,
            username=broker.username,
            password=broker.password,
        )

    def _heard(self, topic: str, payload: bytes, done: Any) -> None:
        leaf = topic.rpartition("/down/")[2]
        if leaf.startswith("cmd/"):
            self._orders.heard(leaf[4:], payload, done)
            return
        if leaf == "ack" and self._pump is not None:
            self._pump.heard(payload)
        elif leaf in self.hears:
            self.hears[leaf](payload)
        done()


def _place(broker: BrokerSettings, through: Tunnel | None) -> dict[str, Any]:
    if through is None:
        return {"hostname": broker.host, "port": broker.port}
    return {"hostname": str(through.socket), "transport": "unix"}


def _why(
    failure: Exception, broker: BrokerSettings, tls: ssl.SSLContext | None, through: Tunnel | None
) -> BrokerRefused:
    if through is not None and (told := through.why()) is not None:
        if through.barred:
            return BrokerRefused(f"The broker refuses this gateway's certificate. {ENROL_AGAIN}", barred=True)
        return BrokerRefused(f"No connection with the key in the token: {told}.", papers="verify" in told)
    return explain(failure, broker, getattr(tls, "alert", None))

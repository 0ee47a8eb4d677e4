"""Keeps one connection to the cloud's broker, for as long as the gateway runs."""

import asyncio
import logging
import ssl
import time
from dataclasses import dataclass
from typing import Any

import aiomqtt
from paho.mqtt.packettypes import PacketTypes

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.outbox import Outbox
from edge.tasks import until_one_ends
from edge.uplink.broker import BrokerRefused, BrokerSettings, explain, tls_context
from edge.uplink.herald import Herald
from edge.uplink.orders import Orders
from edge.uplink.pump import Pump
from edge.uplink.wire import TAKEN_OVER, Wire, said

log = logging.getLogger("emmetra.uplink")

SESSION_S = 24 * 3600  # a command older than a day is of no use
KEEPALIVE_S = 30
WILL_DELAY_S = 20  # a short outage is nobody's business
BARRED_S = 300.0  # wrong papers do not mend themselves, but somebody may mend them on the other side
STABLE_S = 10.0


@dataclass
class UplinkState:
    """For the status: connecting, connected, waiting or barred, since when (monotonic) and why."""

    state: str = "connecting"
    since: float = 0.0
    why: str | None = None

    def become(self, state: str, why: str | None = None) -> None:
        """Change."""
        if (state, why) != (self.state, self.why):
            self.state, self.since, self.why = state, time.monotonic(), why


class Uplink:
    """Connects, keeps connected, hands the connection to the pump, the herald and the orders."""

    def __init__(self, broker: BrokerSettings, outbox: Outbox, herald: Herald, orders: Orders, alarms: Alarms) -> None:
        self._broker, self._outbox, self._herald, self._orders = broker, outbox, herald, orders
        self._alarms = alarms
        self._pump: Pump | None = None
        self._backoff = Backoff()
        self.state = UplinkState(since=time.monotonic())
        outbox.on_growth = self._wake

    def _wake(self) -> None:
        self._herald.wake()
        if self._pump is not None:
            self._pump.wake()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._herald.new_session()
            try:
                await self._session(tls_context(self._broker))
            except BrokerRefused as refusal:
                self._note(refusal)
                await asyncio.sleep(BARRED_S if refusal.barred else self._backoff.next())
                continue
            await asyncio.sleep(self._backoff.next())

    def _note(self, refusal: BrokerRefused) -> None:
        self.state.become("barred" if refusal.barred else "waiting", str(refusal))
        self._alarms.ring("re_enrol" if refusal.barred else "broker_unreachable", str(refusal))

    async def _session(self, tls: ssl.SSLContext | None) -> None:
        wire = self._wire(tls)
        try:
            await wire.__aenter__()
        except (aiomqtt.MqttError, OSError) as failure:
            wire.drop()
            raise explain(failure, self._broker) from None
        try:
            await self._converse(wire)
        except aiomqtt.MqttError as failure:
            log.info("the connection ended: %s", failure)
        finally:
            self._pump = None
            await self._hang_up(wire)

    async def _converse(self, wire: Wire) -> None:
        self._pump = pump = Pump(wire, self._outbox, self._herald.address, self._alarms)
        await self._subscribe(wire)
        self._up()
        started = time.monotonic()
        herald, orders = self._herald, self._orders
        try:
            await until_one_ends(wire.gone(), pump.run(), herald.announce(wire), herald.tell(wire), orders.run(wire))
        finally:
            self._down(wire, time.monotonic() - started)

    async def _subscribe(self, wire: Wire) -> None:
        address = self._herald.address
        codes = await wire.subscribe([(address.down("ack"), 1), (address.down("cmd", "+"), 1)])
        refused = [code for code in codes if getattr(code, "value", 0) >= 0x80]
        if refused:
            raise BrokerRefused(
                f"The broker lets this gateway hear nothing ({refused[0]}). Enrol it again.", barred=True
            )

    def _up(self) -> None:
        self.state.become("connected")
        for code in ("broker_unreachable", "re_enrol"):
            self._alarms.still(code)
        log.info("connected to %s:%d", self._broker.host, self._broker.port)

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

    def _wire(self, tls: ssl.SSLContext | None) -> Wire:
        address = self._herald.address
        delay = said(PacketTypes.WILLMESSAGE, WillDelayInterval=WILL_DELAY_S)
        will = aiomqtt.Will(address.up("state"), self._herald.death("connection lost"), 1, True, delay)
        return Wire(
            self._heard,
            hostname=self._broker.host,
            port=self._broker.port,
            identifier=str(address),
            clean_start=False,
            keepalive=KEEPALIVE_S,
            will=will,
            properties=said(
                PacketTypes.CONNECT, SessionExpiryInterval=SESSION_S, ReceiveMaximum=20, MaximumPacketSize=256 * 1024
            ),
            tls_context=tls,
            username=self._broker.username,
            password=self._broker.password,
        )

    def _heard(self, topic: str, payload: bytes, done: Any) -> None:
        leaf = topic.rpartition("/down/")[2]
        if leaf.startswith("cmd/"):
            self._orders.heard(leaf[4:], payload, done)
            return
        if leaf == "ack" and self._pump is not None:
            self._pump.heard(payload)
        done()

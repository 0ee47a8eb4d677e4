"""The cloud as the gateway sees it: takes batches in, drops what it knows, acknowledges. Scripted to misbehave."""

import asyncio
import contextlib
import json

import aiomqtt

from edge.uplink.wire import SOCKET_OPTIONS
from protocols.envelope import Ack, Batch, Birth, Command, CommandState, Event, Span, decode, encode, parse
from protocols.envelope.desired import Desired, Heard, Reported
from protocols.envelope.vitals import LogChunk, Vitals

UNDER_WAY = ("accepted", "running")


class FakeCloud:
    def __init__(self, port):
        self.port = port
        self.rows = {}  # (epoch, seq): item
        self.order = []
        self.hwm = {}
        self.births, self.states, self.events, self.commands = [], [], [], []
        self.batches, self.reports, self.chunks = [], [], []
        self.vitals, self.traces = [], []
        self.refuse = set()
        self.silent = False
        self.heard = asyncio.Event()
        self.known_readings = set()

    @contextlib.asynccontextmanager
    async def running(self, name="cloud"):
        task = asyncio.ensure_future(self._run(name, ready := asyncio.Event()))
        wait = asyncio.ensure_future(ready.wait())
        await asyncio.wait([task, wait], return_when=asyncio.FIRST_COMPLETED)
        wait.cancel()
        try:
            yield self
        finally:
            while not task.done():  # aiomqtt's iterator swallows a cancellation that comes with a message
                task.cancel()
                await asyncio.wait([task], timeout=0.2)
            outcome = asyncio.CancelledError() if task.cancelled() else task.exception()
            assert isinstance(outcome, asyncio.CancelledError | aiomqtt.MqttError), outcome

    async def _run(self, name, ready):
        async with aiomqtt.Client(
            "127.0.0.1", self.port, identifier=name, protocol=aiomqtt.ProtocolVersion.V5, socket_options=SOCKET_OPTIONS
        ) as client:
            self.client = client
            await client.subscribe("o/v1/+/+/+/up/#", qos=1)
            ready.set()
            async for message in client.messages:
                if "/up/r/" in str(message.topic):
                    told = getattr(message.properties, "UserProperty", None)
                    self.traces.append(dict(told)["traceparent"] if told else None)
                await self._take(parse(str(message.topic)), message.payload)

    async def _take(self, topic, payload):
        if topic.channel == "r":
            await self._batch(topic.address, decode(Batch, payload))
        elif topic.channel == "state":
            said = json.loads(payload)
            self.states.append(said)
            if said["state"] == "online":
                self.births.append(decode(Birth, payload))
        elif topic.channel == "e":
            self.events.append(decode(Event, payload))
        elif topic.channel == "cmd":
            self.commands.append(decode(CommandState, payload))
        elif topic.channel == "shadow":
            await self._reported(topic.address, decode(Reported, payload))
        elif topic.channel == "t":
            self.vitals.append(decode(Vitals, payload))
        elif topic.channel == "log":
            self.chunks.append(decode(LogChunk, payload))
        self.heard.set()

    async def _reported(self, address, report):
        self.reports.append(report)
        if not self.silent:
            heard = encode(Heard(v=1, report=report.report))
            await self.client.publish(address.down("shadow", "heard"), heard, qos=1, timeout=5)

    async def want(self, address, version, doc):
        desired = encode(Desired(v=1, version=version, at="2026-11-22T10:00:00Z", doc=doc))
        await self.client.publish(address.down("shadow"), desired, qos=1, retain=True, timeout=5)

    async def _batch(self, address, batch):
        self.batches.append([item.seq for item in batch.items])
        refused = []
        for item in batch.items:
            if item.seq in self.refuse:
                from protocols.envelope import Refusal

                refused.append(Refusal(seq=item.seq, reason="not a reading we know"))
            if (batch.epoch, item.seq) not in self.rows:
                self.rows[batch.epoch, item.seq] = item
                self.order.append((batch.epoch, item.seq))
        if not self.silent:
            await self.acknowledge(address, batch.epoch, refused)

    async def acknowledge(self, address, epoch, refused=()):
        hwm = self.hwm.get(epoch, 0)
        while (epoch, hwm + 1) in self.rows:
            hwm += 1
        self.hwm[epoch] = hwm
        beyond = sorted(seq for e, seq in self.rows if e == epoch and seq > hwm)
        missing = [Span(first=hwm + 1, last=beyond[0] - 1)] if beyond else []
        await self.say(address, Ack(v=1, epoch=epoch, hwm=hwm, missing=missing, refused=list(refused)))

    async def say(self, address, ack):
        await self.client.publish(address.down("ack"), encode(ack), qos=1, retain=True, timeout=5)

    async def order_up(self, address, name, verb, deadline="2099-01-01T00:00:00Z", args=None):
        command = Command(v=1, id=name, verb=verb, deadline=deadline, args=args or {})
        await self.client.publish(address.down("cmd", name), encode(command), qos=1)

    async def ended(self, name):
        """The final state of an order."""
        await self.until(lambda: any(one.id == name and one.state not in UNDER_WAY for one in self.commands))
        return next(one for one in self.commands if one.id == name and one.state not in UNDER_WAY)

    async def until(self, condition, seconds=10):
        async with asyncio.timeout(seconds):
            while not condition():
                self.heard.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.heard.wait(), 0.05)

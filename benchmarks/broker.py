"""How fast the embedded broker is, beside mosquitto in the same minute: ``python -m benchmarks.broker``.

Each broker runs in a process of its own and is asked over loopback by one bare-codec client, whose own cost
is part of every figure and the same for all. Counts and time are bounded: about two minutes in all.

    through      QoS 1 from a publisher (500 under way) to a lasting session whose client acknowledges each
    waiting      QoS 1 to the lasting session of a client that is away: with a data directory, on disk before PUBACK
    latency      200 messages a second, from the publisher's write to the subscriber's read
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mqtt5
import psutil
from mqtt5 import PublishPacket, QoS, TopicFilter

from deploy.broker.limits import Limits
from deploy.broker.mosquitto import Mosquitto, program

READING, BATCH = 385, 50
WINDOW = 500
TOPIC = "o/v1/acme/st0001/gw0001/up/r/result"
COMMAND = "import sys; from deploy.cli import main; sys.exit(main())"


class Embedded:
    """The embedded broker as its own process."""

    host, port, pid = "127.0.0.1", 0, 0

    def __init__(self, data: str | None) -> None:
        self._words = ["broker", "--port", "0", *(["--data", data] if data else [])]

    async def __aenter__(self) -> "Embedded":
        self._process = await asyncio.create_subprocess_exec(sys.executable, "-c", COMMAND, *self._words, stdout=-1)
        assert self._process.stdout is not None
        self.port = int((await self._process.stdout.readline()).rsplit(b":")[-1])
        self.pid = self._process.pid
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.terminate()
        await self._process.wait()


class Client(asyncio.Protocol):
    """Counts what comes, acknowledges messages, and says when it has seen enough."""

    def __init__(self) -> None:
        self.buffer = b""
        self.pubacks = self.messages = 0
        self.acks: list[bytes] = []
        self.last: Any = None
        self.arrivals: list[tuple[int, float]] = []
        self.stamped = False
        self.news = asyncio.Event()

    @classmethod
    async def connect(cls, broker: Any, name: str, *, lasting: bool = False) -> "Client":
        """A connected client."""
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_connection(cls, broker.host, broker.port)
        client.transport = transport
        expiry = 3600 if lasting else 0
        await client.ask(mqtt5.ConnectPacket(name, clean_start=not lasting, session_expiry_interval=expiry))
        return client

    async def ask(self, packet: Any) -> None:
        """Send something that is answered, and wait for the answer."""
        self.last = None
        self.transport.write(packet.write())
        await self.until(lambda: self.last is not None)

    async def until(self, ready: Any) -> None:
        """Wait for it, a minute at most."""
        async with asyncio.timeout(60):
            while not ready():
                self.news.clear()
                await self.news.wait()

    def connection_made(self, transport: Any) -> None:
        """Keep the transport."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Read every packet that is whole."""
        view = memoryview(self.buffer + data)
        at = 0
        while at < len(view):
            try:
                packet, size = mqtt5.read(view[at:])
            except IndexError:
                break
            at += size
            self._take(packet)
        self.buffer = bytes(view[at:])
        if self.acks:
            self.transport.write(b"".join(self.acks))
            self.acks.clear()
        self.news.set()

    def _take(self, packet: Any) -> None:
        if isinstance(packet, mqtt5.PubAckPacket):
            self.pubacks += 1
            if int(packet.reason_code) >= 0x80:
                raise RuntimeError(f"the broker refused: {packet.reason_code}")
        elif isinstance(packet, PublishPacket):
            self.messages += 1
            if packet.packet_id:
                self.acks.append(b"\x40\x02" + packet.packet_id.to_bytes(2, "big"))
            if self.stamped:
                self.arrivals.append((int.from_bytes(packet.payload[:8], "big"), time.perf_counter_ns()))
        else:
            self.last = packet

    async def pour(self, payload: bytes, count: int) -> None:
        """Publish so many, never more than the window without their PUBACK."""
        packets = [PublishPacket(TOPIC, payload, qos=QoS(1), packet_id=n + 1).write() for n in range(WINDOW)]
        start = self.pubacks
        for n in range(0, count, WINDOW // 5):
            await self.until(lambda n=n: n + WINDOW // 5 - (self.pubacks - start) <= WINDOW)
            self.transport.write(b"".join(packets[(n + k) % WINDOW] for k in range(min(WINDOW // 5, count - n))))
        await self.until(lambda: self.pubacks - start == count)


@dataclass(frozen=True)
class Run:
    """One measurement: messages a second, and the broker's processor time for each."""

    rate: float
    cost: float


async def pour_into(broker: Any, payload: bytes, count: int, *, absent: bool) -> Run:
    """Publish to one subscriber, here or away."""
    subscriber = await Client.connect(broker, "s", lasting=True)
    await subscriber.ask(mqtt5.SubscribePacket(1, [TopicFilter(TOPIC, max_qos=QoS(1))]))
    if absent:
        subscriber.transport.write(mqtt5.DisconnectPacket().write())
        await asyncio.sleep(0.05)
    publisher = await Client.connect(broker, "p")
    process = psutil.Process(broker.pid)
    used, start = sum(process.cpu_times()[:2]), time.perf_counter()
    await publisher.pour(payload, count)
    if not absent:
        await subscriber.until(lambda: subscriber.messages == count)
    seconds = time.perf_counter() - start
    cost = (sum(process.cpu_times()[:2]) - used) / count * 1e6
    for client in (subscriber, publisher):
        client.transport.abort()
    ended = await Client.connect(broker, "s")  # a clean start clears what waits, for the next run
    ended.transport.abort()
    return Run(count / seconds, cost)


async def latency(broker: Any, seconds: float) -> tuple[float, float]:
    """p50 and p99 in milliseconds at 200 messages a second."""
    subscriber = await Client.connect(broker, "s", lasting=True)
    publisher = await Client.connect(broker, "p")
    subscriber.stamped = True
    await subscriber.ask(mqtt5.SubscribePacket(1, [TopicFilter(TOPIC, max_qos=QoS(1))]))
    count = int(200 * seconds)
    for n in range(count):
        stamp = time.perf_counter_ns().to_bytes(8, "big")
        packet = PublishPacket(TOPIC, stamp + bytes(READING - 8), qos=QoS(1), packet_id=n % 60_000 + 1)
        publisher.transport.write(packet.write())
        await asyncio.sleep(0.005)
    await subscriber.until(lambda: subscriber.messages == count)
    for client in (subscriber, publisher):
        client.transport.abort()
    took = sorted((arrived - sent) / 1e6 for sent, arrived in subscriber.arrivals)
    return took[len(took) // 2], took[len(took) * 99 // 100]


async def measure(rounds: int, seconds: float) -> None:
    """Run everything and print a table."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        brokers: dict[str, Any] = {
            "embedded, memory": await stack.enter_async_context(Embedded(None)),
            "embedded, on disk": await stack.enter_async_context(Embedded(str(folder / "data"))),
        }
        if program() is not None:
            limits = Limits(queue=2**30)
            brokers["mosquitto"] = await stack.enter_async_context(Mosquitto(limits=limits))
        print(f"median [lowest, highest] of {rounds}, messages a second; broker's µs a message")
        single, batch = bytes(READING), bytes(READING * BATCH)
        kinds = {
            "through, single": (single, 10_000, False),
            f"through, {BATCH} at once": (batch, 1_000, False),
            "waiting, single": (single, 10_000, True),
            f"waiting, {BATCH} at once": (batch, 1_000, True),
        }
        for title, (payload, count, absent) in kinds.items():
            found: dict[str, list[Run]] = {name: [] for name in brokers}
            for _ in range(rounds):
                for name, broker in brokers.items():
                    found[name].append(await pour_into(broker, payload, count, absent=absent))
            for name, runs in found.items():
                print(_line(title, name, runs))
        for name, broker in brokers.items():
            p50, p99 = await latency(broker, seconds)
            print(f"latency at 200/s      {name:<18} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")


def _line(title: str, name: str, runs: list[Run]) -> str:
    rates = sorted(run.rate for run in runs)
    cost = statistics.median(run.cost for run in runs)
    middle = statistics.median(rates)
    return f"{title:<21} {name:<18} {middle:>8,.0f} [{rates[0]:,.0f}, {rates[-1]:,.0f}]   {cost:.0f} µs"


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="benchmarks.broker", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each latency run lasts")
    asked = parser.parse_args()
    asyncio.run(measure(asked.rounds, asked.seconds))


if __name__ == "__main__":
    main()

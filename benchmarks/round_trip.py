"""How long a reading takes until the cloud has it and says so: ``python -m benchmarks.round_trip``.

The gateway's own path: outbox (fsynced on this disk), uplink, broker, ingest, PostgreSQL, and the application
acknowledgement back, at 200 readings a second, everything on this machine's loopback. Two clocks: from the
driver's ``put`` and from the moment the row is on the gateway's disk. The limit in the same run is a bare
publisher without a disk, Nagle off, that sends the same message through the same broker and the same ingest.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import multiprocessing
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec

from benchmarks.ingest import prepare, reading
from benchmarks.peers import mosquitto
from cloud.kernel.embedded import start
from deploy.broker import Broker
from edge.alarms import Alarms
from edge.clock import Clock
from edge.outbox import Draft, Limits, Outbox
from edge.tasks import stop
from edge.uplink import BrokerSettings, Herald, Orders, Uplink
from edge.uplink.wire import SOCKET_OPTIONS
from protocols.envelope import Ack, Address, decode

GATEWAY, BARE = Address("acme", "s1", "g0"), Address("acme", "s1", "g1")
WARM = 100  # readings before the clock counts
Times = list[float]


def draft() -> Draft:
    """A refraction of both eyes, as a driver hands it over."""
    stamp = datetime.now(UTC).isoformat()
    return Draft(
        "reading", "ark", "nidek_frame", "1", stamp, time.monotonic_ns(), '{"state":"synced"}', "b1", reading()
    )


async def steadily(one: Callable[[int], Awaitable[None]], count: int, rate: float) -> None:
    """Call at a rate, not waiting for each other."""
    began, calls = time.perf_counter(), []
    for n in range(count):
        await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
        calls.append(asyncio.ensure_future(one(n)))
    async with asyncio.timeout(30):
        await asyncio.gather(*calls)


class Stopwatch:
    """Remembers when each row began and when its acknowledgement was understood."""

    def __init__(self) -> None:
        self._began: dict[int, tuple[float, float]] = {}
        self._hwm = 0
        self._changed = asyncio.Event()
        self.put: Times = []
        self.durable: Times = []

    def confirmed(self, hwm: int) -> None:
        """The cloud has everything up to ``hwm``."""
        self._hwm, now = max(self._hwm, hwm), time.perf_counter()
        for seq in [seq for seq in self._began if seq <= hwm]:
            self._stop(seq, now)
        self._changed.set()

    def began(self, seq: int, put: float, durable: float) -> None:
        """A row set out; its acknowledgement may have overtaken us."""
        self._began[seq] = (put, durable)
        if seq <= self._hwm:
            self._stop(seq, time.perf_counter())

    async def all(self, seq: int) -> None:
        """Wait until everything up to a row is confirmed."""
        while self._hwm < seq:
            self._changed.clear()
            await self._changed.wait()

    def _stop(self, seq: int, now: float) -> None:
        put, durable = self._began.pop(seq)
        self.put.append(now - put)
        self.durable.append(now - durable)


async def through_the_gateway(port: int, count: int, rate: float) -> tuple[Times, Times]:
    """From ``put``, and from the outbox's word that the row is on disk, until the acknowledgement is understood."""
    watch = Stopwatch()
    async with _gateway(port, watch) as outbox:

        async def one(_: int) -> None:
            put = time.perf_counter()
            [row] = await outbox.put([draft()])
            watch.began(row.seq, put, time.perf_counter())

        await steadily(one, count, rate)
        async with asyncio.timeout(30):
            await watch.all(outbox.last)
    return watch.put[WARM:], watch.durable[WARM:]


@contextlib.asynccontextmanager
async def _gateway(port: int, watch: Stopwatch) -> AsyncIterator[Outbox]:
    with tempfile.TemporaryDirectory() as folder:
        outbox = await Outbox.open(Path(folder) / "o.db", boot="b", limits=Limits(floor_bytes=0))
        alarms = Alarms()
        herald = Herald(GATEWAY, "bench", outbox, Clock(), alarms, lambda: [])
        uplink = Uplink(BrokerSettings(f"mqtt://127.0.0.1:{port}"), outbox, herald, Orders(GATEWAY, outbox, {}), alarms)
        forget = outbox.forget

        def confirmed(hwm: int) -> None:
            forget(hwm)
            watch.confirmed(hwm)

        outbox.forget = confirmed  # type: ignore[method-assign]
        running = asyncio.ensure_future(uplink.run())
        try:
            async with asyncio.timeout(10):
                while uplink.state.state != "connected":  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            yield outbox
        finally:
            await stop(running)
            await outbox.aclose()


async def bare(port: int, count: int, rate: float) -> Times:
    """The same message published and answered by the same ingest, nothing stored on our side."""
    watch, epoch = Stopwatch(), secrets.randbits(62)
    v5 = aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client(
        "127.0.0.1", port, identifier=str(BARE), protocol=v5, socket_options=SOCKET_OPTIONS
    ) as client:
        await client.subscribe(BARE.down("ack"), qos=1)

        async def listen() -> None:
            async for message in client.messages:
                ack = decode(Ack, bytes(message.payload))  # type: ignore[arg-type]
                if ack.epoch == epoch:
                    watch.confirmed(ack.hwm)

        async def one(n: int) -> None:
            message = _message(epoch, n + 1)
            began = time.perf_counter()
            watch.began(n + 1, began, began)
            await client.publish(BARE.up("r", "result"), message, qos=1)

        listening = asyncio.ensure_future(listen())
        await steadily(one, count, rate)
        async with asyncio.timeout(30):
            await watch.all(count)
        await stop(listening)
    return watch.put[WARM:]


def _message(epoch: int, seq: int) -> bytes:
    row = draft()
    item = {
        **{"seq": seq, "kind": "reading", "boot": "b1", "ts_gw": row.ts_gw, "mono_ns": row.mono_ns},
        **{"clk": {"state": "synced"}, "dev": row.dev, "drv": row.drv, "drv_v": row.drv_v},
        "body": msgspec.Raw(row.body),
    }
    return msgspec.json.encode({"v": 1, "epoch": epoch, "items": [item]})


def broker_process(ready: Any) -> None:
    """The embedded broker, in memory, in a process of its own."""

    async def serve() -> None:
        async with Broker() as broker:
            ready.put(broker.port)
            await asyncio.Event().wait()

    asyncio.run(serve())


@contextlib.contextmanager
def embedded() -> Iterator[int]:
    """The embedded broker's port."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    process = context.Process(target=broker_process, args=(ready,), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=20)
    finally:
        process.terminate()
        process.join()


@contextlib.contextmanager
def ingest(url: str, port: int, folder: Path) -> Iterator[None]:
    """``emmetra cloud ingest``, as it runs in earnest."""
    told = {"DATABASE_URL": url, "EMMETRA_SECRET_KEY": "x", "EMMETRA_BROKER_URL": f"mqtt://127.0.0.1:{port}"}
    log = folder / f"ingest-{port}.log"
    with log.open("wb") as said:
        command = [sys.executable, "-m", "deploy", "cloud", "ingest"]
        process = subprocess.Popen(command, env={**os.environ, **told}, stderr=said)
    try:
        deadline = time.monotonic() + 20
        while "connected to the broker" not in log.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"ingest did not start: {log.read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def row(name: str, runs: list[Times]) -> str:
    """Medians over the runs, in milliseconds."""
    cuts = [statistics.quantiles(run, n=100) for run in runs]
    p50, p99 = (statistics.median(cut[at] * 1000 for cut in cuts) for at in (49, 98))
    worst = [f"{min(c[98] for c in cuts) * 1000:.1f}", f"{max(c[98] for c in cuts) * 1000:.1f}"]
    return f"{name:<52} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   [p99 {' - '.join(worst)}]"


def measure(name: str, url: str, port: int, folder: Path, args: argparse.Namespace) -> None:
    """All rows of one broker; the paths take turns, so that a busy moment of the machine meets both."""
    put, durable, limit = [], [], []
    with ingest(url, port, folder):
        for _ in range(args.runs):
            gc.collect()
            one, other = asyncio.run(through_the_gateway(port, args.readings + WARM, args.rate))
            put.append(one), durable.append(other)
            limit.append(asyncio.run(bare(port, args.readings + WARM, args.rate)))
    print(row(f"{name}: put -> acknowledged", put), flush=True)
    print(row(f"{name}: on disk -> acknowledged", durable), flush=True)
    print(row(f"{name}:   limit, bare publisher, no disk", limit), flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=1000, help="a run")
    parser.add_argument("--rate", type=float, default=200.0, help="readings a second")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    logging.getLogger("mqtt").setLevel(logging.ERROR)  # aiomqtt worries about more than ten calls at once
    sys.setswitchinterval(0.001)  # as the gateway does
    with tempfile.TemporaryDirectory(prefix="emmetra-") as name:
        folder = Path(name)
        server = start(folder / "pg")
        try:
            prepare(server.get_uri())
            for called, broker in (("embedded broker", embedded), ("mosquitto", mosquitto)):
                with broker() as port:
                    measure(called, server.get_uri(), port, folder, args)
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()

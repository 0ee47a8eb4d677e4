"""How long a reading takes from the driver's hands to the cloud's word for it: ``python -m benchmarks.uplink``.

One process is the gateway (outbox on this disk, uplink), one the embedded broker, one a cloud that acknowledges
at once without a database. Plain limit: the same path without an outbox, a publish and its answer over aiomqtt.
"""

import asyncio
import logging
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec

from deploy.broker import Broker
from edge.alarms import Alarms
from edge.clock import Clock
from edge.outbox import Draft, Limits, Outbox
from edge.tasks import stop
from edge.uplink import BrokerSettings, Herald, Orders, Uplink
from edge.uplink.wire import SOCKET_OPTIONS
from protocols.envelope import Ack, Address, Batch, decode, encode

GATEWAY = Address("demo", "main", "gw-1")
TMPFS = Path("/dev/shm")
RATE, SECONDS, ROUNDS = 200, 3.0, 5
BODY = b'{"kind":"tonometry","pad":"' + b"x" * 360 + b'"}'
DRAFT = Draft(
    "reading", "tono-1", "nidek_frame", "1", "2026-11-21T10:00:00.000Z", 1, '{"state":"synced"}', "b" * 36, BODY
)


def broker_process(ready: Any) -> None:
    """A broker of its own."""

    async def serve() -> None:
        async with Broker() as broker:
            ready.put(broker.port)
            await asyncio.Event().wait()

    asyncio.run(serve())


def cloud_process(port: int, ready: Any) -> None:
    """Acknowledges every batch."""

    async def serve() -> None:
        async with client(port, "cloud") as cloud:
            await cloud.subscribe("o/v1/+/+/+/up/r/result", qos=1)
            ready.put(True)
            async for message in cloud.messages:
                batch = decode(Batch, bytes(message.payload))  # type: ignore[arg-type]
                ack = Ack(v=1, epoch=batch.epoch, hwm=batch.items[-1].seq)
                await cloud.publish(GATEWAY.down("ack"), encode(ack), qos=0)

    asyncio.run(serve())


def client(port: int, name: str) -> aiomqtt.Client:
    """A plain client without Nagle."""
    v5 = aiomqtt.ProtocolVersion.V5
    return aiomqtt.Client("127.0.0.1", port, identifier=name, protocol=v5, socket_options=SOCKET_OPTIONS)


async def steadily(one: Callable[[int], Awaitable[None]]) -> None:
    """Call at RATE, not waiting for each other."""
    began, calls = time.perf_counter(), []
    for n in range(int(RATE * SECONDS)):
        await asyncio.sleep(max(0.0, began + n / RATE - time.perf_counter()))
        calls.append(asyncio.ensure_future(one(n)))
    await asyncio.gather(*calls)


async def through_the_outbox(port: int, place: Path | None) -> list[float]:
    """From ``put`` until the cloud's acknowledgement has been understood."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        outbox = await Outbox.open(Path(folder) / "o.db", boot="b", limits=Limits(floor_bytes=0))
        alarms = Alarms()
        herald = Herald(GATEWAY, "bench", outbox, Clock(), alarms, lambda: [])
        uplink = Uplink(BrokerSettings(f"mqtt://127.0.0.1:{port}"), outbox, herald, Orders(GATEWAY, outbox, {}), alarms)
        began: dict[int, float] = {}
        took: list[float] = []
        forget = outbox.forget

        def confirmed(hwm: int) -> None:
            forget(hwm)
            took.extend(time.perf_counter() - began.pop(seq) for seq in [s for s in began if s <= hwm])

        outbox.forget = confirmed  # type: ignore[method-assign]

        async def one(_: int) -> None:
            started = time.perf_counter()
            [row] = await outbox.put([DRAFT])
            began[row.seq] = started

        running = asyncio.ensure_future(uplink.run())
        await asyncio.sleep(0.5)
        await steadily(one)
        await asyncio.sleep(0.5)
        await stop(running)
        await outbox.aclose()
    return took


async def bare(port: int) -> list[float]:
    """The same batch of one, published and answered, nothing stored."""
    raw = msgspec.json.decode(encode(Batch(v=1, epoch=1, items=[])))
    item = {"seq": 1, "kind": "reading", "boot": "b", "ts_gw": "t", "mono_ns": 1, "clk": {"state": "synced"}}
    item |= {"dev": "d", "drv": "d", "drv_v": "1", "body": msgspec.Raw(BODY)}
    answers: dict[int, asyncio.Future[float]] = {}
    took: list[float] = []
    async with client(port, str(GATEWAY)) as gateway:
        await gateway.subscribe(GATEWAY.down("ack"), qos=0)

        async def listen() -> None:
            async for message in gateway.messages:
                hwm = decode(Ack, bytes(message.payload)).hwm  # type: ignore[arg-type]
                if hwm in answers:
                    answers[hwm].set_result(time.perf_counter())

        async def one(n: int) -> None:
            answers[n + 1] = asyncio.get_running_loop().create_future()
            started = time.perf_counter()
            await gateway.publish(
                GATEWAY.up("r", "result"), msgspec.json.encode(raw | {"items": [item | {"seq": n + 1}]}), 1
            )
            took.append(await answers[n + 1] - started)

        listening = asyncio.ensure_future(listen())
        await steadily(one)
        await stop(listening)
    return took


def shown(name: str, measure: Callable[[], list[float]]) -> str:
    """Median of five."""
    rounds = [[statistics.quantiles(measure(), n=100)[at] * 1000 for at in (49, 98)] for _ in range(ROUNDS)]
    p50, p99 = (statistics.median(each[at] for each in rounds) for at in (0, 1))
    return f"{name:<44} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms"


def main() -> None:
    """Print the table."""
    logging.getLogger("mqtt").setLevel(logging.ERROR)  # aiomqtt worries about more than ten calls at once
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    processes = [context.Process(target=broker_process, args=(ready,), daemon=True)]
    processes[0].start()
    port = ready.get()
    processes.append(context.Process(target=cloud_process, args=(port, ready), daemon=True))
    processes[1].start()
    ready.get()
    print(shown(f"bare publish and answer, {RATE}/s", lambda: asyncio.run(bare(port))))
    for where, place in (("this disk", None), ("tmpfs", TMPFS if TMPFS.is_dir() else None)):
        name = f"put, publish, acknowledged, {RATE}/s, {where}"
        print(shown(name, lambda place=place: asyncio.run(through_the_outbox(port, place))))  # type: ignore[misc]
    for process in processes:
        process.terminate()


if __name__ == "__main__":
    main()

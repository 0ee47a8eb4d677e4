"""How long a call takes from the order to the store's devices: ``python -m benchmarks.calling``.

Broker, gateway and devices on this machine's loopback. The clock runs from the publication of the order to the bytes at
the far side: of a ticket printer (before that it was asked how it is, four times), of a sign on a pty, of a page's
question (HTTP), and to the start of the player of a voice whose phrases are known.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import aiomqtt
import msgspec

from deploy.broker import Broker
from edge import pins
from edge.config import load
from edge.gateway import Gateway
from edge.tasks import stop
from firmware_sim.callers import Display, Printer
from firmware_sim.wires.pty import open_pty
from firmware_sim.wires.tcp import open_tcp
from protocols.envelope import Address, Command, encode
from protocols.envelope.calls import Called

GATEWAY = Address("demo", "main", "gw-1")
CALLS, BETWEEN_S = 60, 0.3
CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{home}/data"
[broker]
url = "mqtt://127.0.0.1:{broker}"
[console]
bind = "127.0.0.1:0"
[callers.desk]
kind = "escpos"
calls = true
url = "tcp://127.0.0.1:{printer}"
[callers.till]
kind = "cd5220"
url = "serial://{display}"
[callers.hall]
kind = "voice"
repeat = 1
player = ["cp", "-t", "{home}/spoken"]
[callers.tv]
kind = "screen"
"""
Seen = dict[str, list[float]]


class Clocked(Printer):
    """A printer that notes when a ticket came."""

    times: list[float]

    async def _print(self, ticket: bytes) -> None:
        self.times.append(time.time())
        await super()._print(ticket)


async def page(port: int, seen: list[float]) -> None:
    """A television: asks, notes, answers."""
    version = "none"
    while True:
        told = json.loads(await asked(port, f"GET /screen/calls/tv/{version}"))
        version = told["version"]
        if new := [one for one in told["calls"] if one["asks"]]:
            seen.append(time.time())
            await asked(port, "POST /screen/shown", f"screen=tv&call={new[0]['call']}&turn=1")


async def asked(port: int, what: str, form: str = "") -> bytes:
    """One request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{what} HTTP/1.1\r\nX-Emmetra-Screen: 1\r\nContent-Length: {len(form)}\r\n\r\n{form}".encode())
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def call(client: aiomqtt.Client, n: int) -> float:
    """Order one; when."""
    place = {"en": "Room 3", "zh": "3号诊室"}
    called = Called(call=f"c{n}", ticket=f"A{n:03}", station="r", room=3, place=place, languages=["zh", "en"])  # type: ignore[arg-type]
    order = Command(
        v=1, id=f"o{n}", verb="call_patient", deadline="2099-01-01T00:00:00Z", args=msgspec.to_builtins(called)
    )
    began = time.time()
    await client.publish(GATEWAY.down("cmd", order.id), encode(order), qos=1)
    return began


async def measured(home: Path) -> Seen:
    """Milliseconds by device."""
    (home / "spoken").mkdir()
    (home / "data").mkdir()
    pins.write(home / "data", pins.digest("402817"))
    printer, display = Clocked(await open_tcp()), Display(await open_pty())
    printer.times, shown, heard, found = [], [], [], defaultdict(list)
    async with Broker() as broker:
        path = home / "gateway.toml"
        path.write_text(
            CONFIG.format(home=home, broker=broker.port, printer=printer.wire.port, display=display.wire.path)
        )
        gateway = Gateway(load(path))
        jobs = [asyncio.ensure_future(one) for one in (gateway.run(), printer.run(), display.run())]
        async with aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion.V5) as client:
            await client.subscribe("o/v1/+/+/+/up/#", qos=1)
            while not getattr(getattr(gateway, "console", None), "port", 0):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            jobs.append(asyncio.ensure_future(page(gateway.console.port, shown)))
            await asyncio.sleep(8)  # phrases are made once, at the first start
            for n in range(CALLS):
                display.heard.clear()
                began = await call(client, n)
                while not display.heard:  # noqa: ASYNC110
                    await asyncio.sleep(0.0005)
                heard.append(time.time())
                await asyncio.sleep(BETWEEN_S)
                spoken = max((home / "spoken").iterdir(), key=lambda one: one.stat().st_mtime_ns).stat().st_mtime
                for name, at in (
                    ("printer", printer.times),
                    ("display", heard),
                    ("screen", shown),
                    ("voice", [spoken]),
                ):
                    found[name].append((at[-1] - began) * 1000)
        await stop(*jobs)
    await printer.wire.aclose()
    await display.wire.aclose()
    return found


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as home:
        found = asyncio.run(measured(Path(home)))
    for name, times in found.items():
        ordered = sorted(times)
        print(f"{name:<8} p50 {statistics.median(times):6.1f} ms   p95 {ordered[int(len(times) * 0.95)]:6.1f} ms")


if __name__ == "__main__":
    main()

"""What an idle gateway costs on the line in a month: ``python -m benchmarks.idle_traffic``.

A real gateway with four silent instruments speaks to a broker through a TCP proxy that counts every byte both ways.
Three stretches: the connection is made (births, subscriptions, shadow), nothing but keep-alives, keep-alives with a
look every five seconds. A month is what they add up to at the gateway's own interval, with one reconnect a day.

``payload`` are bytes in TCP (without TLS), as the proxy passes them on. ``wire`` adds 52 bytes for each segment the
kernel says it sent or received (IPv4 and TCP headers with timestamps), pure acknowledgements included: what a mobile
contract counts, but for TLS, which adds about 22 bytes a message and 4 KB a connection.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import struct
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiomqtt

from deploy.broker import Broker
from edge.config import load
from edge.gateway import Gateway
from edge.tasks import stop
from edge.telemetry.telling import EVERY_S
from protocols.envelope import encode, parse
from protocols.envelope.desired import Heard

MONTH_S = 30 * 86_400
HEADERS = 52
LOOK_S = 5
MB = 1e6
CONFIG = """
[gateway]
address = "harbour/main-street/gw-1"
data = "{data}"
disk_floor_mb = 0
[broker]
url = "mqtt://127.0.0.1:{port}"
"""
INSTRUMENT = """
[[instrument]]
name = "{name}"
family = "nidek_frame"
model = "{model}"
lane = "Room 1"
url = "{url}"
"""
FOUR = {"lensmeter-1": "LM-1800P", "ark-1": "ARK-1a", "tono-1": "NT-530", "ark-2": "ARK-1"}


@dataclass(frozen=True, slots=True)
class Count:
    """Bytes of payload and segments, both ways together."""

    payload: int
    segments: int

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.payload - other.payload, self.segments - other.segments)

    @property
    def wire(self) -> int:
        """With headers."""
        return self.payload + HEADERS * self.segments


class Proxy:
    """Passes bytes on and counts them."""

    def __init__(self, port: int) -> None:
        self._to, self._payload = port, 0
        self._sockets: list[socket.socket] = []

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Its port."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._sockets.append(writer.get_extra_info("socket"))
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                self._payload += len(data)
                writer.write(data)
        writer.close()

    def count(self) -> Count:
        """So far, on the gateway's side."""
        return Count(self._payload, sum(segments(one) for one in self._sockets))


def segments(one: socket.socket) -> int:
    """Segments sent and received as Linux counts them (struct tcp_info, tcpi_segs_out and tcpi_segs_in)."""
    info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 144)
    return sum(struct.unpack_from("=II", info, 136))


async def answer(port: int) -> None:
    """As much of the cloud as an idle gateway needs: somebody listens, and gives reports back."""
    async with aiomqtt.Client("127.0.0.1", port, identifier="svc", protocol=aiomqtt.ProtocolVersion.V5) as client:
        await client.subscribe("o/v1/+/+/+/up/#", qos=1)
        async for message in client.messages:
            topic = parse(str(message.topic))
            if topic.channel == "shadow":
                report = json.loads(bytes(message.payload))["report"]
                await client.publish(topic.address.down("shadow", "heard"), encode(Heard(v=1, report=report)), qos=1)


async def measure(seconds: int) -> tuple[Count, Count, Count]:
    """A connection, a second of keep-alives times ``seconds``, and looks during the same time."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ends:
        async with Broker() as broker:
            proxy = Proxy(broker.port)
            cloud = asyncio.ensure_future(answer(broker.port))
            async with proxy.listening() as port:
                text = CONFIG.format(data=Path(folder) / "data", port=port)
                for name, model in FOUR.items():
                    near, far = os.openpty()
                    ends.callback(os.close, near), ends.callback(os.close, far)
                    text += INSTRUMENT.format(name=name, model=model, url=os.ttyname(far))
                path = Path(folder) / "gateway.toml"
                path.write_text(text)
                gateway = Gateway(load(path))
                running = asyncio.ensure_future(gateway.run())
                await asyncio.sleep(8)
                gateway.telemetry.every(3600)
                connected = proxy.count()
                await asyncio.sleep(seconds)
                quiet = proxy.count()
                gateway.telemetry.every(LOOK_S)
                await asyncio.sleep(seconds)
                looked = proxy.count()
                gateway.stop()
                await running
            await stop(cloud)
    return connected, quiet - connected, looked - quiet


def say(word: str, which: str, found: tuple[Count, Count, Count], seconds: int, every_s: float) -> float:
    """One line; the month in bytes."""
    connection, quiet, looked = (getattr(one, which) for one in found)
    look = looked / (seconds / LOOK_S)  # with looks every five seconds no ping is due
    parts = {
        "looks": look * MONTH_S / every_s,
        "keep-alives": quiet / seconds * MONTH_S,
        "connections": connection * 30,
    }
    month = sum(parts.values())
    split = ", ".join(f"{name} {value / MB:.2f}" for name, value in parts.items())
    print(f"{word:<8} {month / MB:6.2f} MB a month ({split}); a look is {look:.0f} B, a connection {connection} B")
    return month


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=120, help="of each stretch")
    given = parser.parse_args()
    began = time.monotonic()
    found = asyncio.run(measure(given.seconds))
    print(f"measured for {time.monotonic() - began:.0f} s, extrapolated to 30 days with a look every {EVERY_S} s")
    for word in ("payload", "wire"):
        say(word, word, found, given.seconds, EVERY_S)


if __name__ == "__main__":
    main()

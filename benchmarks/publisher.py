"""A publisher that costs next to nothing, so that what is measured is the rest.

Packets are made before the clock starts; at most WINDOW wait for their PUBACK.
"""

import asyncio
import socket
from typing import Any

import mqtt5
from mqtt5 import QoS

from protocols.envelope import Address

WINDOW = 400
PUBACK = 4  # bytes of one that says success


class Publisher(asyncio.Protocol):
    """Plays one gateway."""

    def __init__(self, name: str, packets: list[bytes]) -> None:
        self._name, self._packets = name, packets
        self._sent = self._answered = 0
        self._welcome = False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Introduce ourselves."""
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.write(mqtt5.ConnectPacket(self._name, clean_start=True, keep_alive=60).write())

    def data_received(self, data: bytes) -> None:
        """Count answers and fill the window again; the first answer is the welcome."""
        if self._welcome:
            self._answered += len(data) / PUBACK
        self._welcome = True
        upto = min(len(self._packets), int(self._answered) + WINDOW)
        if upto > self._sent:
            self._transport.write(b"".join(self._packets[self._sent : upto]))
            self._sent = upto
        if self._answered >= len(self._packets) and not self.done.done():
            self.done.set_result(None)


def packets(gateway: int, messages: list[bytes]) -> list[bytes]:
    """The messages of a gateway, ready for the wire."""
    topic = Address("acme", "s1", f"g{gateway}").up("r", "result")
    return [
        mqtt5.PublishPacket(topic, message, qos=QoS.AT_LEAST_ONCE, packet_id=n % 60_000 + 1).write()
        for n, message in enumerate(messages)
    ]


def play(port: int, loads: list[list[bytes]], ready: Any, go: Any) -> None:
    """A process that plays all gateways."""
    wires = [packets(gateway, load) for gateway, load in enumerate(loads)]

    async def everyone() -> None:
        loop = asyncio.get_running_loop()
        players = [
            (await loop.create_connection(lambda n=n, w=w: Publisher(f"load-{n}", w), "127.0.0.1", port))[1]
            for n, w in enumerate(wires)
        ]
        await asyncio.gather(*(player.done for player in players))

    ready.set()
    go.wait()
    asyncio.run(everyone())

"""TCP to a serial device server or to an instrument with a network socket: ``socket://host:port``."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import cast

from edge.links.base import LinkLost, LinkRefused
from edge.links.inbox import Inbox

OPEN_S = 5.0
STALLED_S = 15.0
# A device server that lost its power says nothing at all; only keepalive finds out.
KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 15_000, "TCP_NODELAY": 1}


class TcpLink(asyncio.Protocol):
    """One TCP connection."""

    def __init__(self) -> None:
        self._inbox = Inbox(lambda: self._transport.pause_reading(), lambda: self._transport.resume_reading())
        self._writable = asyncio.Event()
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Watch over the new connection."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=0)  # what is written is with the system: closing loses none of it
        self._writable.set()
        watch_over(self._transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        """Keep what arrived."""
        self._inbox.put(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hung up, or broken."""
        self._inbox.end(None if exc is None else f"the network connection broke: {exc}")
        self._writable.set()
        self._closed.set()

    def pause_writing(self) -> None:
        """The far side takes nothing more for now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The far side listens again."""
        self._writable.set()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Send all of it."""
        if self._inbox.ended:
            raise LinkLost("the far side hung up")
        self._transport.write(data)
        try:
            async with asyncio.timeout(STALLED_S):
                await self._writable.wait()
        except TimeoutError:
            raise LinkLost(f"the far side took no data for {STALLED_S:.0f} s") from None

    async def aclose(self) -> None:
        """Close the connection."""
        self._inbox.end()
        self._transport.abort()
        await self._closed.wait()


def watch_over(sock: socket.socket) -> None:
    """Set keepalive and time-outs where the system knows them."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def open_tcp(host: str, port: int) -> TcpLink:
    """Connect. Raises LinkRefused."""
    loop = asyncio.get_running_loop()
    try:
        _, link = await asyncio.wait_for(loop.create_connection(TcpLink, host, port), OPEN_S)
    except TimeoutError:
        raise LinkRefused(
            f"{host}:{port} does not answer.", "Check that the device server has power and the address is right."
        ) from None
    except OSError as refusal:
        raise unreachable(host, port, refusal) from None
    return link


def unreachable(host: str, port: int, refusal: OSError) -> LinkRefused:
    """Why a host could not be reached, in plain words."""
    if isinstance(refusal, socket.gaierror):
        return LinkRefused(f"The name {host} is not known on this network.", "Check the name, or use the IP address.")
    if isinstance(refusal, ConnectionRefusedError):
        return LinkRefused(
            f"{host} is there but nothing listens on port {port}.",
            "Check the port number and that no other computer holds the connection.",
        )
    return LinkRefused(f"{host}:{port} cannot be reached ({refusal.strerror or refusal}).", "Check the network cable.")

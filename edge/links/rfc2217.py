"""A serial port behind the network that can also be set from here: ``rfc2217://host:port``.

pyserial's client blocks, so it lives in one thread of its own.
"""

import asyncio
import socket
import threading
import warnings
from collections.abc import AsyncIterator

import serial

from edge.links.base import LinkLost, LinkRefused
from edge.links.inbox import Inbox
from edge.links.serial_port import dress
from edge.links.settings import LineSettings
from edge.links.tcp import open_tcp

POLL_S = 0.2  # also how long aclose may wait for the thread


class Rfc2217Link:
    """One RFC 2217 connection and its reading thread."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(lambda: self._open_tap.clear(), lambda: self._open_tap.set())
        self._open_tap = threading.Event()
        self._open_tap.set()
        self._closing = threading.Event()
        self._done = asyncio.Event()
        threading.Thread(target=self._read, name="rfc2217", daemon=True).start()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Send all of it."""
        if self._inbox.ended:
            raise LinkLost("the far side hung up")
        try:
            await asyncio.to_thread(self._port.write, data)
        except (serial.SerialException, OSError) as failure:
            self._inbox.end(str(failure))
            raise LinkLost(f"the network connection broke: {failure}") from None

    async def aclose(self) -> None:
        """Let the far port go."""
        self._inbox.end()
        self._closing.set()
        self._open_tap.set()
        await self._done.wait()

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                self._open_tap.wait()
                if chunk := self._port.read(max(1, self._port.in_waiting)):
                    self._tell(self._inbox.put, chunk)
        except (serial.SerialException, OSError, TypeError):
            # pyserial's reader thread pushes None into its own queue when the socket dies, then trips over it.
            pass
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        try:
            let_go(self._port)
        finally:
            self._tell(self._inbox.end)
            self._tell(self._done.set)

    def _tell(self, what: object, *args: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *args)  # type: ignore[arg-type]


async def open_rfc2217(host: str, port: int, line: LineSettings) -> Rfc2217Link:
    """Connect and set the far port. Raises LinkRefused."""
    try:
        return Rfc2217Link(await asyncio.to_thread(_open, f"rfc2217://{host}:{port}", line))
    except (serial.SerialException, OSError, ValueError) as refusal:
        await _raise_if_unreachable(host, port)
        raise LinkRefused(
            f"{host}:{port} does not speak RFC 2217 ({refusal}).", "Use socket:// if the device server is plain TCP."
        ) from None


async def _raise_if_unreachable(host: str, port: int) -> None:
    """Pyserial drops the reason; TCP alone tells it plainly. Only after a failure: a device server has one seat."""
    await (await open_tcp(host, port)).aclose()


def _open(url: str, line: LineSettings) -> serial.Serial:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyserial 3.5 still says setDaemon
        port: serial.Serial = serial.serial_for_url(url, do_not_open=True)
        dress(port, line)
        port.timeout = POLL_S
        port.open()
    return port


def let_go(port: serial.Serial) -> None:
    """Close for good: pyserial forgets to close a socket that the far side has already shut."""
    sock: socket.socket | None = getattr(port, "_socket", None)
    try:
        port.close()
    finally:
        if sock is not None:
            sock.close()

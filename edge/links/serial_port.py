"""A serial port of this machine, read by the event loop itself: no thread, no polling."""

import asyncio
import errno
import os
import termios
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import serial

from edge.links.base import LinkLost, LinkRefused
from edge.links.inbox import Inbox
from edge.links.settings import LineSettings

STALLED_S = 15.0
CHUNK = 4096
# A pty whose far side has gone says EIO, not EOF; so does a USB adapter that was pulled out.
HUNG_UP = frozenset({errno.EIO, errno.ENXIO, errno.ENODEV, errno.EBADF})


class Signals(NamedTuple):
    """The wires of a serial plug on which the far side shows itself."""

    cts: bool
    dsr: bool
    dcd: bool
    ri: bool


class SerialLink:
    """An open serial port."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._fd = port.fileno()
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(self._pause, self._resume)
        self._gone = asyncio.Event()
        self._resume()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    def set(self, line: LineSettings, *, checking: bool = False) -> None:
        """Change all but DTR and RTS while it is open; ``checking`` reads every character with an error as NUL.

        Raises LinkLost.
        """
        try:
            shape(self._port, _as_a_pty_takes_it(line) if _is_pty(self._port.port or "") else line)
            _settle(self._port, line, checking=checking)
        except (serial.SerialException, OSError, ValueError, termios.error) as failure:
            raise LinkLost(f"the port takes no such setting: {failure}") from None

    def signals(self) -> Signals | None:
        """What the far side shows on its own wires; nothing on a port that has no such wires."""
        try:
            return Signals(self._port.cts, self._port.dsr, self._port.cd, self._port.ri)
        except (serial.SerialException, OSError, TypeError):
            return None

    async def write(self, data: bytes) -> None:
        """Send all of it, waiting for the line's own flow control."""
        rest = memoryview(data)
        while rest:
            if self._inbox.ended:
                raise LinkLost("the port is closed")
            rest = rest[self._write_some(rest) :]
            if rest:
                await self._until_writable()

    def _write_some(self, data: memoryview) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as failure:
            self._end(failure)
            raise LinkLost(f"the port failed: {failure.strerror}") from None

    async def _until_writable(self) -> None:
        writable = asyncio.Event()
        self._loop.add_writer(self._fd, writable.set)
        try:
            async with asyncio.timeout(STALLED_S):
                await writable.wait()
        except TimeoutError:
            raise LinkLost(f"the instrument took no data for {STALLED_S:.0f} s (flow control)") from None
        finally:
            if not self._gone.is_set():
                self._loop.remove_writer(self._fd)

    async def aclose(self) -> None:
        """Let the port go."""
        self._inbox.end()
        self._release()

    def _readable(self) -> None:
        try:
            chunk = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return
        except OSError as failure:
            self._end(failure)
            return
        if chunk:
            self._inbox.put(chunk)
        else:
            self._end(None)

    def _end(self, failure: OSError | None) -> None:
        broken = failure is not None and failure.errno not in HUNG_UP
        self._inbox.end(f"the port failed: {failure.strerror}" if failure and broken else None)
        self._release()

    def _release(self) -> None:
        if self._gone.is_set():
            return
        self._gone.set()
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._port.close()

    def _pause(self) -> None:
        self._loop.remove_reader(self._fd)

    def _resume(self) -> None:
        self._loop.add_reader(self._fd, self._readable)


async def open_serial(path: str, line: LineSettings) -> SerialLink:
    """Open a port exclusively. Raises LinkRefused."""
    opening = asyncio.ensure_future(asyncio.to_thread(_open, path, line))
    try:
        return SerialLink(await asyncio.shield(opening))
    except asyncio.CancelledError:
        opening.add_done_callback(_close_late)
        raise


def _close_late(opening: asyncio.Future[serial.Serial]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _open(path: str, line: LineSettings) -> serial.Serial:
    port = serial.Serial()
    try:
        dress(port, _as_a_pty_takes_it(line) if _is_pty(path) else line)
        port.port = path
        port.exclusive = True
        port.timeout = 0
        port.open()
        _settle(port, line)
    except (serial.SerialException, OSError, ValueError, termios.error) as refusal:
        port.close()
        raise refused(path, refusal) from None
    return port


def _settle(port: serial.Serial, line: LineSettings, *, checking: bool = False) -> None:
    """What pyserial cannot set on an open port; it switches checking off whenever it sets anything itself."""
    attributes, pty = termios.tcgetattr(port.fileno()), _is_pty(port.port or "")
    if checking:
        attributes[0] |= termios.INPCK
    if pty:  # the kernel strips size and parity; a simulated UART at the far side finds them here instead
        attributes[6][termios.VEOL], attributes[6][termios.VEOL2] = bytes([line.bits]), line.parity[0].upper().encode()
    if checking or pty:
        termios.tcsetattr(port.fileno(), termios.TCSANOW, attributes)


def _is_pty(path: str) -> bool:
    return Path(path).resolve().is_relative_to("/dev/pts")


def _as_a_pty_takes_it(line: LineSettings) -> LineSettings:
    """A pty ignores parity and size, and says EINVAL to them as soon as nothing else changes: at a second opening."""
    return replace(line, bits=8, parity="none")


def dress(port: serial.SerialBase, line: LineSettings) -> None:
    """Give a pyserial port our line settings, before it is opened."""
    shape(port, line)
    port.dtr, port.rts = line.dtr, line.rts


def shape(port: serial.SerialBase, line: LineSettings) -> None:
    """The settings of the characters and of their flow."""
    port.baudrate, port.bytesize, port.stopbits = line.baud, line.bits, line.stop
    port.parity = line.parity[0].upper()
    port.rtscts, port.dsrdtr, port.xonxoff = line.rtscts, line.dsrdtr, line.xonxoff


def refused(path: str, refusal: Exception) -> LinkRefused:
    """Why a port could not be opened, in plain words."""
    code = getattr(refusal, "errno", None)
    if code == errno.ENOENT:
        return LinkRefused(f"There is no port {path}.", f"Plug the adapter in. Ports here now: {ports_here()}.")
    if code in (errno.EACCES, errno.EPERM):
        return LinkRefused(
            f"This user may not open {path}.", "Add the gateway's user to the group dialout and restart.", lasting=True
        )
    if code in (errno.EAGAIN, errno.EBUSY):
        return LinkRefused(f"{path} is in use by another program.", "Stop it; `lsof` names it.", lasting=True)
    if code in (errno.EIO, errno.ENXIO, errno.ENODEV):
        return LinkRefused(f"{path} is there but no device answers behind it.", "Plug the adapter out and in.")
    return LinkRefused(
        f"{path} cannot be opened with these line settings ({refusal}).",
        "Check baud, bits, parity and stop.",
        lasting=True,
    )


def ports_here() -> str:
    """The ports a person would try, by their lasting names first."""
    by_id = sorted(str(p) for p in Path("/dev/serial/by-id").glob("*"))
    plain = sorted(str(p) for pattern in ("ttyUSB*", "ttyACM*", "ttyAMA*") for p in Path("/dev").glob(pattern))
    return ", ".join(by_id or plain) or "none"

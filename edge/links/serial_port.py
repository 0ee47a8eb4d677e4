"""A serial port of this machine, read by the event loop itself: no thread, no polling."""

import asyncio
import errno
import termios
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import serial

from edge.links.base import LinkLost, LinkRefused
from edge.links.descriptor import DescriptorLink
from edge.links.settings import LineSettings


class Signals(NamedTuple):
    """The wires of a serial plug on which the far side shows itself."""

    cts: bool
    dsr: bool
    dcd: bool
    ri: bool


class SerialLink(DescriptorLink):
    """An open serial port."""

    def __init__(self, port: serial.Serial) -> None:
        super().__init__(port.fileno(), port.close)
        self._port = port

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

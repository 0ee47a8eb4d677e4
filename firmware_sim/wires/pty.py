"""A pseudo-terminal: the kernel's own serial port, with a name that stays when the device number does not.

With a ``line`` of its own the instrument is understood only by a reader who set the port alike: the far side's
settings can be read from here. The kernel keeps baud and checking, but strips size and parity from a pty; Emmetra's
links leave those in VEOL and VEOL2, which a raw port does not use. What else opens the port is met halfway: its size
and parity are taken to be right.
"""

import asyncio
import contextlib
import os
import termios
import tty
from pathlib import Path

from firmware_sim.wires.mailbox import Mailbox
from firmware_sim.wires.uart import PARITIES, Line, heard

LISTENER_LATE = 1.0  # a full buffer means nobody reads; a serial port would not wait either
CHUNK = 4096
BAUDS = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}


class PtyWire:
    """The instrument's end; the far side opens ``path`` (the stable link if one was asked for)."""

    def __init__(self, link: Path | None = None, line: Line | None = None) -> None:
        self._link, self._line = link, line
        self._mailbox = Mailbox()
        self._ours = self._theirs = -1
        self.device = Path()

    @property
    def path(self) -> Path:
        """What the far side should open."""
        return self._link or self.device

    @property
    def plugged(self) -> bool:
        """Whether there is a port at all."""
        return self._ours >= 0

    def __aiter__(self) -> Mailbox:
        return self._mailbox

    async def write(self, data: bytes) -> None:
        """Send what the kernel takes; drop the rest when nobody reads it."""
        rest = memoryview(self._as_heard(bytes(data)))
        while rest and self.plugged:
            try:
                rest = rest[os.write(self._ours, rest) :]
            except BlockingIOError:
                if not await self._room():
                    return

    async def unplug(self) -> None:
        """Close the port; who has it open reads EIO, and its name is gone."""
        if not self.plugged:
            return
        asyncio.get_running_loop().remove_reader(self._ours)
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        for descriptor in (self._ours, self._theirs):
            os.close(descriptor)
        self._ours = self._theirs = -1

    async def replug(self) -> None:
        """Open a new port under the same name, raw and without echo."""
        # our own hold on the far side keeps a pty alive while nobody else has it open
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.device = Path(os.ttyname(self._theirs))
        if self._link is not None:
            _point(self._link, self.device)
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    async def aclose(self) -> None:
        """Unplug for good."""
        await self.unplug()
        self._mailbox.close()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._ours, CHUNK)
            if self._line and (theirs := self._theirs_line(self._line)) != self._line:
                data = bytes(one.byte for one in heard(data, theirs, self._line) if not one.wrong)
            self._mailbox.put(data)

    def _as_heard(self, data: bytes) -> bytes:
        """What the far side's UART makes of it; a checking port (INPCK) reads a character with an error as NUL."""
        if self._line is None or not self.plugged or (theirs := self._theirs_line(self._line)) == self._line:
            return data
        checking = termios.tcgetattr(self._ours)[0] & termios.INPCK
        return bytes(0 if one.wrong and checking else one.byte for one in heard(data, self._line, theirs))

    def _theirs_line(self, ours: Line) -> Line:
        _, _, cflag, _, _, speed, cc = termios.tcgetattr(self._ours)
        bits, parity = ord(cc[termios.VEOL]), cc[termios.VEOL2].decode("latin-1")
        if parity not in PARITIES:
            bits, parity = ours.bits, ours.parity
        return Line(BAUDS.get(speed, ours.baud), bits, parity, 2 if cflag & termios.CSTOPB else 1)

    async def _room(self) -> bool:
        loop, room = asyncio.get_running_loop(), asyncio.Event()
        loop.add_writer(self._ours, room.set)
        try:
            await asyncio.wait_for(room.wait(), LISTENER_LATE)
        except TimeoutError:
            return False
        finally:
            loop.remove_writer(self._ours)
        return True


async def open_pty(link: str | Path | None = None, line: Line | None = None) -> PtyWire:
    """A pty, plugged in; ``link`` is a path that will always lead to it. An old link there is replaced."""
    wire = PtyWire(Path(link) if link else None, line)
    await wire.replug()
    return wire


def _point(link: Path, device: Path) -> None:
    if link.is_symlink():
        link.unlink()
    link.symlink_to(device)  # a real file in this place refuses, and is left alone

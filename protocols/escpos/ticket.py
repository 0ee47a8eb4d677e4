"""A ticket as the bytes that print it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from protocols.escpos.printer import CHINESE, PAGES, Printer, cut

MOST_QR = 300  # bytes: a link to one's own place in the queue is a third of it
MOST_ROWS = 2047  # what many printers take at once
FEED = 6  # lines between the last print and the knife
LEVELS = {"L": 0x30, "M": 0x31, "Q": 0x32, "H": 0x33}


class Align(IntEnum):
    """Where on the line."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True)
class Line:
    """One line; ``size`` 1 to 8 times as wide and as high. What does not fit the paper is cut, not wrapped."""

    text: str
    size: int = 1
    bold: bool = False
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Qr:
    """A code of model 2; ``module`` dots a module, 1 to 16."""

    data: str
    module: int = 6
    level: str = "M"


@dataclass(frozen=True)
class Picture:
    """Dots, eight in a byte, the leftmost highest, ``across`` bytes a row: what the printer has no letters for."""

    across: int
    dots: bytes
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Ticket:
    """From the top to where it is cut."""

    parts: Sequence[Line | Qr | Picture]


def encode(ticket: Ticket, printer: Printer) -> bytes:
    """Raises ValueError for a text the printer has no letters for (ask ``Printer.has``), or a size there is not."""
    return b"".join(_pieces(ticket, printer))


def _pieces(ticket: Ticket, printer: Printer) -> Iterator[bytes]:
    yield b"\x1b@"
    if printer.coding in PAGES:
        yield bytes((0x1B, 0x74, PAGES[printer.coding]))
    for part in ticket.parts:
        yield from _part(part, printer)
    yield bytes((0x1B, 0x64, FEED))
    if printer.cutter:
        yield b"\x1dV\x00"


def _part(part: Line | Qr | Picture, printer: Printer) -> Iterator[bytes]:
    if isinstance(part, Line):
        return _line(part, printer)
    return _qr(part) if isinstance(part, Qr) else _picture(part)


def _line(line: Line, printer: Printer) -> Iterator[bytes]:
    if not 1 <= line.size <= 8:
        raise ValueError(f"a size of {line.size} is not from 1 to 8")
    if not printer.has(line.text) or any(ord(one) < 0x20 or ord(one) == 0x7F for one in line.text):
        raise ValueError("the printer has no letters for this text")
    chinese = printer.coding in CHINESE and not line.text.isascii()
    if printer.fs_amp:  # it takes effect from the next line on, so it stands before the line
        yield b"\x1c&" if chinese else b"\x1c."
    yield bytes((0x1B, 0x61, line.align))
    yield bytes((0x1D, 0x21, (line.size - 1) * 0x11))
    yield bytes((0x1B, 0x45, line.bold))
    yield printer.bytes_of(cut(line.text, printer.columns // line.size)) + b"\n"


def _qr(code: Qr) -> Iterator[bytes]:
    data = code.data.encode("ascii")
    if not 1 <= len(data) <= MOST_QR or not 1 <= code.module <= 16:
        raise ValueError(f"a code of {len(data)} bytes and modules of {code.module} dots cannot be printed")
    yield bytes((0x1B, 0x61, Align.CENTRE))
    yield _function(b"1A2\x00")
    yield _function(bytes((0x31, 0x43, code.module)))
    yield _function(bytes((0x31, 0x45, LEVELS[code.level])))
    yield _function(b"1P0" + data)
    yield _function(b"1Q0")


def _picture(picture: Picture) -> Iterator[bytes]:
    """GS v 0; a printer ends the row before it by itself only where it is at a line's start, so it stands there."""
    rows, rest = divmod(len(picture.dots), picture.across)
    if rest or not 1 <= rows <= MOST_ROWS:
        raise ValueError(f"{len(picture.dots)} bytes are no picture {picture.across} bytes wide")
    yield bytes((0x1B, 0x61, picture.align))
    yield b"\x1dv0\x00" + picture.across.to_bytes(2, "little") + rows.to_bytes(2, "little") + picture.dots


def _function(said: bytes) -> bytes:
    """GS ( k, with the length of what follows, the low byte first."""
    return b"\x1d(k" + len(said).to_bytes(2, "little") + said

"""Alpha and BetaBrite signs: one line of coloured letters, on a serial line (9600 7E1) or behind a serial server.

Source: Adaptive 9708-8061, "Alpha Sign Communications Protocol", revision F, by what is told of it in public.
"""

from enum import StrEnum

WAKE = b"\x00" * 5  # the sign finds its speed by them
SOH, STX, ETX, EOT = b"\x01", b"\x02", b"\x03", b"\x04"
MIDDLE, HOLD = b" ", b"b"


class Colour(StrEnum):
    """As the sign counts them."""

    RED = "1"
    GREEN = "2"
    AMBER = "3"


def write_text(text: str, *, label: str = "A", colour: Colour | None = None) -> bytes:
    """A text file that is shown held, in the middle. It is kept in a memory that wears: for calls use ``write_string``.

    ``label`` "0" is the text that stands before all others.
    """
    painted = b"\x1c" + colour.encode() if colour else b""
    return b"A" + _label(label) + b"\x1b" + MIDDLE + HOLD + painted + _ascii(text)


def write_string(text: str, *, label: str = "1") -> bytes:
    """What a text file calls up by its label; made to be changed often."""
    return b"G" + _label(label) + _ascii(text)


def packet(said: bytes, *, kind: str = "Z", address: str = "00", checked: bool = True) -> bytes:
    """To one sign or, at ``00``, to all. The checksum is counted from STX to ETX, both included."""
    body = STX + said + ETX
    end = body + f"{sum(body) & 0xFFFF:04X}".encode() if checked else STX + said
    return WAKE + SOH + _ascii(kind) + _ascii(address) + end + EOT


def _label(label: str) -> bytes:
    if len(label) != 1:
        raise ValueError(f"a label is one letter, not {label!r}")
    return _ascii(label)


def _ascii(text: str) -> bytes:
    if not text.isascii() or not text.isprintable():
        raise ValueError("the sign has letters of ASCII alone")
    return text.encode("ascii")

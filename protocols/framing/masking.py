"""How a text about a person is made unreadable: letters become X, digits 0; blanks and length stay.

Every byte of a character of several bytes is a letter here, so the length stays in every encoding.
"""

import re
from collections.abc import Callable, Iterable

from protocols.framing.events import Event

_MOST_LOOKS = 4
_DIGITS, _ZEROS = b"0123456789", b"0 "
SHAPE = b"-./"  # what parts the figures of a date or a number; names nobody


def masked(text: bytes, keep: bytes = SHAPE) -> bytes:
    """The text without what it says; blanks, control bytes and ``keep`` stay."""
    return text.translate(bytes(_masked_byte(byte, keep) for byte in range(256)))


def masked_id(text: bytes, keep: bytes = SHAPE) -> bytes:
    """The same, never zeros alone: dialects take those for a running number."""
    without = masked(text, keep)
    return without.replace(b"0", b"X", 1) if not without.strip(_ZEROS + b"\x00") else without


def each(data: bytes, events: Iterable[Event], blank: Callable[[bytes], bytes]) -> bytes:
    """Blank what each event was made of; bytes that belong to none stay."""
    at, pieces = 0, []
    for event in events:
        found = data.find(event.raw, at)
        pieces += [data[at:found], blank(event.raw)]
        at = found + len(event.raw)
    return b"".join([*pieces, data[at:]])


def settled(data: bytes, blank: Callable[[bytes], bytes]) -> bytes:
    """Blank until nothing changes: what was masked may have held the beginning or the end of something broken."""
    for _ in range(_MOST_LOOKS):
        without = blank(data)
        if without == data:
            break
        data = without
    return data


def replaced(pattern: re.Pattern[bytes], data: bytes, mask: Callable[[bytes], bytes] = masked_id) -> bytes:
    """Every group ``who`` of a pattern masked."""
    pieces, at = [], 0
    for found in pattern.finditer(data):
        start, end = found.span("who")
        pieces += [data[at:start], mask(data[start:end])]
        at = end
    return b"".join([*pieces, data[at:]])


def _masked_byte(byte: int, keep: bytes) -> int:
    if byte <= 0x20 or byte in keep:
        return byte
    return ord("0") if byte in _DIGITS else ord("X")

"""A transmission taken apart: blocks by SOH header STX, segments by ETB, tags by their first two characters."""

from collections.abc import Iterator
from typing import NamedTuple

from protocols.nidek_frame.grammar import EOT, ETB, START

# A control byte inside a text is shown by its picture; JSON stores refuse a NUL, and people cannot see one.
_ENDS = b"\r\n" + EOT
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}


class Segment(NamedTuple):
    """Tag and text; a blank belongs to the tag (`` L``), so nothing is stripped. ``offset`` counts from SOH."""

    tag: str
    text: str
    offset: int


class Block(NamedTuple):
    """One data source of a transmission; the same tag means different things in different blocks."""

    header: str
    segments: tuple[Segment, ...]
    offset: int = 0

    def first(self, tag: str) -> str | None:
        """The text of the first segment with this tag."""
        return next((segment.text for segment in self.segments if segment.tag == tag), None)


def segment(text: str, offset: int = 0) -> Segment:
    """Part a segment into tag and text."""
    return Segment(text[:2], text[2:], offset)


def readable(data: bytes) -> str:
    """Bytes as text, one character a byte, control bytes shown by their picture."""
    text = data.decode("latin-1")
    return text if text.isprintable() else text.translate(_PICTURES)


def starts(frame: bytes) -> list[int]:
    """Where blocks begin."""
    return [found.start() for found in START.finditer(frame)]


def blocks(frame: bytes) -> list[Block]:
    """The blocks of SOH … EOT in the order sent."""
    found = list(START.finditer(frame))
    ends = [later.start() for later in found[1:]] + [len(frame)]
    return [
        Block(readable(match[1]), tuple(_segments(frame, match.end(), end)), match.start())
        for match, end in zip(found, ends, strict=True)
    ]


def _segments(frame: bytes, at: int, end: int) -> Iterator[Segment]:
    for piece in frame[at:end].split(ETB):
        if text := piece.strip(_ENDS):
            said = readable(text)
            yield Segment(said[:2], said[2:], at + piece.find(text))
        at += len(piece) + 1

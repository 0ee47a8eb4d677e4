"""A transmission taken apart: heading lines, then items under the data source that was named last."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protocols.framing import Unread
from protocols.nidek_frame.segments import Segment, readable
from protocols.nidek_rt.grammar import CR, EOT, SOH, STX

# A logger that stamps every line leaves its stamps between CR and STX; what else stood there was lost with it.
_STAMPED = re.compile(rb"\r\n?[^\r\x02\x04]{8,64}\t[\x02\x04]")


@dataclass(frozen=True, slots=True)
class Item:
    """One datum under its source (``RT``, ``rm`` …; empty before the first). A blank belongs to the tag."""

    source: str
    segment: Segment

    @property
    def tag(self) -> str:
        """The first two characters."""
        return self.segment.tag

    @property
    def text(self) -> str:
        """What follows the tag."""
        return self.segment.text


@dataclass(frozen=True, slots=True)
class Lines:
    """``lost`` are lines without their STX or their CR: what a bad wire left of them."""

    heading: str
    items: tuple[Item, ...]
    lost: tuple[str, ...]
    whole: bool


def lines(raw: bytes) -> Lines:
    """Take SOH … EOT apart. Raises Unread for the log of a program that put its own words between the lines."""
    if stamp := _STAMPED.search(raw):
        why = "A logger's own stamps stand between the lines; take them out, or attach the phoropter itself."
        raise Unread(why, stamp.start())
    body, eot, _ = raw.partition(EOT)
    pieces = list(_pieces(body))
    inner, cut = pieces[1:-1], pieces[1:][-1:]  # what stands behind the last CR was cut off, however it looks
    begun = [(at + 1, text[1:]) for at, text in inner if text[:1] == STX]
    broken = [text for _, text in inner if text[:1] != STX] + [text for _, text in cut]
    lost = tuple(readable(text) for text in broken if text.strip())
    return Lines(readable(pieces[0][1].removeprefix(SOH)), tuple(_items(begun)), lost, bool(eot))


def _pieces(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for piece in body.split(CR):
        text = piece.removeprefix(b"\n")
        yield at + len(piece) - len(text), text
        at += len(piece) + len(CR)


def _items(begun: list[tuple[int, bytes]]) -> Iterator[Item]:
    source = ""
    for at, line in begun:
        text = readable(line)
        if text.startswith("@"):
            source = text[1:].strip()
        elif text.strip():
            yield Item(source, Segment(text[:2], text[2:], at))

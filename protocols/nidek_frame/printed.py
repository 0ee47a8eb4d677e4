"""A print-out saved as text: the same segments, one a line, with STX, ETB, EOT and the checksum lost.

Logs and source comments keep captures this way. It is believed only when its first line holds a known header
and an ID with maker and model, and no frame byte is left that would make it a damaged transmission.
"""

import re

import msgspec

from protocols.framing import Garbled, Transmission
from protocols.nidek_frame.grammar import DATA_HEADERS, EOT, ETB, STX
from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block, Segment, readable, segment
from protocols.nidek_frame.transmission import understood

_HEADERS = "|".join(DATA_HEADERS)
_FIRST = re.compile(rf"\s*\x01?(?:{_HEADERS})ID[^/\r\n]+/[^/\r\n]+(?:\r|\n)".encode())
_HEADER_LINE = re.compile(rf"\u2401?({_HEADERS})((?:ID|NO| [LR]).*)?")
_LINE = re.compile(rb"[^\r\n]+")


def looks_printed(data: bytes) -> bool:
    """Whether this is honestly recognisable as a print-out in text form."""
    return _FIRST.match(data) is not None and not any(byte in data for byte in (STX, ETB, EOT))


def decode(data: bytes) -> Transmission | Garbled:
    """The readings of a print-out in text form; nothing vouches for its bytes."""
    event = understood(data, _blocks(data), "none")
    if isinstance(event, Garbled):
        return event
    margin = Margin()
    margin.note("control_bytes_lost", "This is text without the frame's control bytes; no checksum could be tested.")
    return Transmission(
        data, tuple(msgspec.structs.replace(one, notes=(*one.notes, *margin.notes)) for one in event.readings)
    )


def _blocks(data: bytes) -> list[Block]:
    found: list[tuple[str, int, list[Segment]]] = []
    for line in _LINE.finditer(data):
        text, at = readable(line[0]), line.start()
        if header := _HEADER_LINE.fullmatch(text):
            found.append((header[1], at, []))
            text = header[2] or ""
        if text and found:
            found[-1][2].append(segment(text, at))
    return [Block(header, tuple(segments), at) for header, at, segments in found]

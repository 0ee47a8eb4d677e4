"""Takes the patient out of text whose lines are known by their place: what no reading is made of is masked."""

from collections.abc import Iterable

from protocols.framing import Event, Transmission
from protocols.framing.masking import masked


def blank_lines(data: bytes, events: Iterable[Event]) -> bytes:
    """What was said, without the lines that a reading keeps as ``extra.text``."""
    unread = {line for event in events if isinstance(event, Transmission) for line in _unread(event)}
    return b"\n".join(_blanked(line, unread) for line in data.split(b"\n"))


def _unread(event: Transmission) -> Iterable[bytes]:
    for reading in event.readings:
        for line in reading.extra.get("text", ()):
            yield from (line.encode("utf-8", "replace"), line.encode("latin-1", "replace"))


def _blanked(line: bytes, unread: set[bytes]) -> bytes:
    return masked(line) if any(text in line for text in unread if text) else line

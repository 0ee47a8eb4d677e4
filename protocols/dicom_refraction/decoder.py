"""The stream: whole files as a folder hands them over, or bytes that a quiet ends.

The shared gatherer looks for beginnings and ends by pattern; a DICOM file has no end, and a data set without
preamble can only begin where the bytes do.
"""

from collections.abc import Iterator
from itertools import pairwise

from protocols.dicom_refraction.grammar import BARE, FILE_BEGINS, MAX_OBJECT, PAUSE, PREFIX_AT
from protocols.dicom_refraction.objects import read
from protocols.framing import Event, Garbled, Transmission, Unread

_BLANK = b" \t\r\n\x00"


class Decoder:
    """Decodes one wire or folder; owns no clock."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE if self._buffer else None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes. Only more than any object holds is answered before the quiet."""
        self._buffer += data
        return self.silence() if len(self._buffer) > MAX_OBJECT else []

    def silence(self) -> list[Event]:
        """Read everything that is pending."""
        raw = bytes(self._buffer)
        self._buffer.clear()
        return list(_events(raw))


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture."""
    return list(_events(data))


def _events(raw: bytes) -> Iterator[Event]:
    """Objects one after the other; what stands before the first is no object."""
    begun = [found.start() - PREFIX_AT for found in FILE_BEGINS.finditer(raw) if found.start() >= PREFIX_AT]
    if not begun or BARE.match(raw):
        begun = [0, *(at for at in begun if at > 0)]
    yield from _noise(raw[: begun[0]])
    for start, end in pairwise([*begun, len(raw)]):
        yield from _object(raw[start:end])


def _object(raw: bytes) -> Iterator[Event]:
    if not FILE_BEGINS.match(raw, PREFIX_AT) and not BARE.match(raw):
        yield from _noise(raw)
        return
    try:
        yield Transmission(raw, read(raw))
    except Unread as refusal:
        yield Garbled(raw, refusal.why, refusal.offset)


def _noise(raw: bytes) -> Iterator[Event]:
    if raw.strip(_BLANK):
        yield Garbled(raw, "No DICOM object begins here: DICM after 128 bytes, or group 0002 or 0008 was expected.")

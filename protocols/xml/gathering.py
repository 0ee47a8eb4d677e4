"""Documents gathered from a wire or from files.

Not the common gatherer: which bytes are the end tag depends on the encoding in which the document began. Nothing
before a good document can cost it, and quiet ends one whose end tag never came: reading then says where it broke.
"""

from collections.abc import Callable, Iterator

from protocols.framing import Event, Garbled, Transmission, Unread
from protocols.readings import Reading
from protocols.xml.beginnings import LONGEST_END, LONGEST_PROLOG, Begun, first, forms
from protocols.xml.reading import LARGEST

Read = Callable[[bytes], tuple[Reading, ...]]

PAUSE = 1.0  # seconds; one write of a file arrives without a break
_NOISE = 16 * 1024
_BLANK = b" \t\r\n\x00\x1a"


class Documents:
    """A decoder for documents with these root elements; owns no clock."""

    def __init__(self, roots: tuple[str, ...], read: Read, expected: str) -> None:
        self._forms = forms(roots)
        self._read, self._expected = read, expected
        self._buffer = bytearray()
        self._begun: Begun | None = None  # the beginning at the front
        self._searched = 0  # bytes in which no end was found

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE if self._buffer else None

    def begun_in(self, raw: bytes) -> bool:
        """Whether one of these documents begins anywhere in the bytes."""
        return first(self._forms, raw) is not None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and answer with everything they completed."""
        self._buffer += data
        return list(self._completed())

    def silence(self) -> list[Event]:
        """The line has been quiet: read or give up what is pending."""
        raw = self._cut(len(self._buffer))  # what begins in it begins at its front: feeding cut everything else off
        return [self._understood(raw)] if first(self._forms, raw) else self._noise(raw)

    def _completed(self) -> Iterator[Event]:
        while True:
            begun = self._begun = self._begun or first(self._forms, self._buffer)
            if begun is None:
                if len(self._buffer) > _NOISE:
                    yield from self._noise(self._cut(len(self._buffer) - LONGEST_PROLOG))
                return
            if begun.start:
                yield from self._noise(self._cut(begun.start))
            elif (event := self._next(begun)) is not None:
                yield event
            else:
                return

    def _next(self, begun: Begun) -> Event | None:
        """What became of the document at the front; nothing while more may belong to it."""
        behind = max(begun.end, self._searched)
        following = first(self._forms, self._buffer, max(behind - LONGEST_PROLOG, begun.end))
        until = following.start if following else len(self._buffer)
        ended = begun.form.ended(self._buffer, max(behind - LONGEST_END, begun.end), until)
        self._searched = len(self._buffer)
        if ended:
            return self._understood(self._cut(ended))
        if following:
            return Garbled(self._cut(until), "The document broke off where the next one began.")
        if len(self._buffer) > LARGEST:
            return Garbled(self._cut(len(self._buffer)), f"No end within {LARGEST} bytes.", LARGEST)
        return None

    def _understood(self, raw: bytes) -> Event:
        try:
            return Transmission(raw, self._read(raw))
        except Unread as refusal:
            return Garbled(raw, refusal.why, refusal.offset)

    def _noise(self, raw: bytes) -> list[Event]:
        why = f"No document begins here. Expected: {self._expected}"
        return [Garbled(raw, why)] if raw.strip(_BLANK) else []

    def _cut(self, length: int) -> bytes:
        raw = bytes(self._buffer[:length])
        del self._buffer[:length]
        self._begun, self._searched = None, 0
        return raw


def decode(documents: Documents, data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return [*documents.feed(data), *documents.silence()]

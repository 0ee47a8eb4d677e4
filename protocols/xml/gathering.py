"""Documents gathered from a wire or from files.

Not the common gatherer: which bytes are the end tag depends on the encoding in which the document began. Nothing
before a good document can cost it, and quiet ends one whose end tag never came: reading then says where it broke.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from protocols.framing import Event, Garbled, Transmission, Unread
from protocols.readings import Reading
from protocols.xml.reading import LARGEST

Read = Callable[[bytes], tuple[Reading, ...]]

PAUSE = 1.0  # seconds; one write of a file arrives without a break
_NOISE = 64 * 1024
_PROLOG = 4096  # more than any prolog, in bytes
_END_TAG = 256
_BLANK = b" \t\r\n\x00\x1a"


class _Width:
    """How a character of ASCII is written: alone, or with a zero byte behind or before it."""

    def __init__(self, mark: bytes, before: bytes, behind: bytes, anything: bytes) -> None:
        self.mark, self._before, self._behind, self.anything = mark, before, behind, anything

    def spelt(self, text: str) -> bytes:
        return b"".join(self.of(re.escape(sign)) for sign in text)

    def of(self, pattern: str) -> bytes:
        """One character of a pattern."""
        return self._before + pattern.encode("ascii") + self._behind


_WIDTHS = (
    _Width(rb"(?:\xef\xbb\xbf)?", b"", b"", rb"(?s:.)"),
    _Width(rb"(?:\xff\xfe)?", b"", rb"\x00", rb"(?s:..)"),
    _Width(rb"(?:\xfe\xff|\A)", rb"\x00", b"", rb"(?s:..)"),  # shifted by one it looks like the other: marked or first
)


class Documents:
    """A decoder for documents with these root elements; owns no clock."""

    def __init__(self, roots: Iterable[str], read: Read, expected: str) -> None:
        forms = [(width, root) for width in _WIDTHS for root in roots]
        begins = (b"(?P<f%d>%s)" % (at, _begins(*form)) for at, form in enumerate(forms))
        self._begins = re.compile(b"|".join(begins))
        self._ends = [re.compile(_ends(*form)) for form in forms]
        self._read, self._expected = read, expected
        self._buffer = bytearray()
        self._searched = 0  # bytes in which no end was found

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE if self._buffer else None

    def begun_in(self, raw: bytes) -> bool:
        """Whether one of these documents begins anywhere in the bytes."""
        return self._begins.search(raw) is not None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and answer with everything they completed."""
        self._buffer += data
        return list(self._completed())

    def silence(self) -> list[Event]:
        """The line has been quiet: read or give up what is pending."""
        raw = self._cut(len(self._buffer))  # what begins in it begins at its front: feeding cut everything else off
        return [self._understood(raw)] if self._begins.match(raw) else self._noise(raw)

    def _completed(self) -> Iterator[Event]:
        while True:
            begun = self._begins.search(self._buffer)
            if begun is None:
                if len(self._buffer) > _NOISE:
                    yield from self._noise(self._cut(len(self._buffer) - _PROLOG))
                return
            if begun.start():
                yield from self._noise(self._cut(begun.start()))
            elif (event := self._next(begun)) is not None:
                yield event
            else:
                return

    def _next(self, begun: re.Match[bytes]) -> Event | None:
        """What became of the document at the front; nothing while more may belong to it."""
        behind = max(begun.end(), self._searched)
        ended = self._ends[int((begun.lastgroup or "f0")[1:])].search(self._buffer, max(behind - _END_TAG, begun.end()))
        until = ended.start() if ended else len(self._buffer)
        following = self._begins.search(self._buffer, max(behind - _PROLOG, begun.end()), until)
        self._searched = len(self._buffer)
        if following:
            return Garbled(self._cut(following.start()), "The document broke off where the next one began.")
        if ended:
            return self._understood(self._cut(ended.end()))
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
        self._searched = 0
        return raw


def decode(documents: Documents, data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return [*documents.feed(data), *documents.silence()]


def _begins(width: _Width, root: str) -> bytes:
    declaration = width.spelt("<?xml") + width.of("[ \\t\\r\\n]")
    prolog = b"(?:%s(?:(?!%s)%s){0,1024}?)?" % (declaration, declaration, width.anything)
    return width.mark + prolog + width.spelt("<" + root) + b"(?=%s)" % width.of("[ \\t\\r\\n>/]")


def _ends(width: _Width, root: str) -> bytes:
    opening = width.of("<") + width.of("[/\\\\]")
    return opening + width.spelt(root) + b"(?:%s)*" % width.of("[ \\t\\r\\n]") + width.of(">")

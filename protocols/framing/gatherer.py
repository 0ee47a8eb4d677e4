"""Bytes in whatever pieces they arrive, gathered into whole transmissions by a grammar of a few patterns.

Most instruments mark where a transmission begins and where it ends; some only fall silent. What a dialect adds is
how a whole transmission is read. Nothing before a good transmission can cost it: a new beginning inside one that
is still pending gives the older up.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from protocols.framing.events import Event, Garbled, Transmission
from protocols.readings import Reading

LONGEST_BEGINNING = 256  # bytes; far less than any limit
_BLANK = b" \t\r\n\x00"


class Unread(ValueError):
    """A transmission that cannot be read: one sentence why, and the offset in it where reading broke off.

    The sentence never quotes what was said: it may be a patient's name.
    """

    def __init__(self, why: str, offset: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a dialect's transmissions begin and end.

    ``begins`` matches what only a beginning looks like; ``ends`` the last bytes, absent when only quiet ends one;
    ``whole_when_quiet`` lets quiet end a transmission whose end is marked but may be lost. ``limit`` bounds the
    memory in bytes, ``pause`` is the quiet in seconds after which nothing more belongs to it.
    """

    begins: re.Pattern[bytes]
    ends: re.Pattern[bytes] | None
    read: Callable[[bytes], tuple[Reading, ...]]
    expected: str
    limit: int = 64 * 1024
    pause: float = 1.0
    whole_when_quiet: bool = False


class Gatherer:
    """A decoder for one wire; owns no clock."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._buffer = bytearray()

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return self._grammar.pause if self._buffer else None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and answer with everything they completed."""
        self._buffer += data
        return list(self._completed())

    def silence(self) -> list[Event]:
        """The line has been quiet for ``pause``: complete or give up what is pending."""
        grammar, raw = self._grammar, bytes(self._buffer)
        self._buffer.clear()
        begun = grammar.begins.search(raw)
        if begun is None:
            return self._noise(raw)
        noise, pending = self._noise(raw[: begun.start()]), raw[begun.start() :]
        if grammar.ends is None or grammar.whole_when_quiet:
            return [*noise, *map(self._read, self._parted(pending))]
        return [*noise, Garbled(pending, "The transmission broke off before its end.", len(pending))]

    def _completed(self) -> Iterator[Event]:
        while True:
            begun = self._grammar.begins.search(self._buffer)
            if begun and begun.start():
                yield from self._noise(self._cut(begun.start()))
            ended = self._grammar.ends.search(self._buffer) if begun and self._grammar.ends else None
            if ended:
                yield from self._whole(self._cut(ended.end()))
            elif len(self._buffer) > self._grammar.limit:
                yield self._given_up()
            else:
                return

    def _whole(self, raw: bytes) -> Iterator[Event]:
        """A transmission; when another begins inside, the older broke off there."""
        *older, last = self._parted(raw)
        for cut in older:
            yield Garbled(cut, "The transmission broke off where the next one began.")
        yield self._read(last)

    def _parted(self, raw: bytes) -> list[bytes]:
        """Cut where the next one begins: two patients never share a reading."""
        starts = [found.start() for found in self._grammar.begins.finditer(raw)]
        return [raw[start:following] for start, following in pairwise([*starts, len(raw)])]

    def _given_up(self) -> Event:
        """Too much without an end: what lies before the beginnings that may still end, or may still become one."""
        following = self._grammar.begins.search(self._buffer, max(1, len(self._buffer) - self._grammar.limit))
        length = following.start() if following else len(self._buffer) - LONGEST_BEGINNING
        why = f"No end within {self._grammar.limit} bytes. Expected: {self._grammar.expected}"
        return Garbled(self._cut(length), why)

    def _read(self, raw: bytes) -> Event:
        try:
            return Transmission(raw, self._grammar.read(raw))
        except Unread as refusal:
            return Garbled(raw, refusal.why, refusal.offset)

    def _noise(self, raw: bytes) -> list[Event]:
        why = f"No transmission begins here. Expected: {self._grammar.expected}"
        return [Garbled(raw, why)] if raw.strip(_BLANK) else []

    def _cut(self, length: int) -> bytes:
        raw = bytes(self._buffer[:length])
        del self._buffer[:length]
        return raw


def decode(grammar: Grammar, data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    gatherer = Gatherer(grammar)
    return [*gatherer.feed(data), *gatherer.silence()]

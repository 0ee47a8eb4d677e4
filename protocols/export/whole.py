"""A file that is one transmission: nothing in it marks its end, the end of the file does."""

from collections.abc import Callable
from dataclasses import dataclass

from protocols.framing import Event, Garbled, Recognition, Transmission, Unread
from protocols.readings import Reading

PAUSE_S = 1.0
_NOTHING = Recognition(0, "nothing that this dialect says")


@dataclass(frozen=True, slots=True)
class Form:
    """How a dialect's files are known and read; ``begins`` judges the first bytes, ``limit`` bounds the memory."""

    begins: Callable[[bytes], bool]
    read: Callable[[bytes], tuple[Reading, ...]]
    expected: str
    limit: int = 16 * 1024 * 1024


class WholeFile:
    """A decoder that waits for the end of the file; owns no clock."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._buffer = bytearray()

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE_S if self._buffer else None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes; only too many are answered at once."""
        self._buffer += data
        if len(self._buffer) <= self._form.limit:
            return []
        return [Garbled(self._cut(), f"The file is larger than {self._form.limit} bytes.", self._form.limit)]

    def silence(self) -> list[Event]:
        """That was the file."""
        raw = self._cut()
        if not raw.strip(b" \t\r\n\x00\x1a"):
            return []
        if not self._form.begins(raw):
            return [Garbled(raw, f"This file does not begin as it should. Expected: {self._form.expected}")]
        try:
            return [Transmission(raw, self._form.read(raw))]
        except Unread as refusal:
            return [Garbled(raw, refusal.why, refusal.offset)]

    def _cut(self) -> bytes:
        raw = bytes(self._buffer)
        self._buffer.clear()
        return raw


def decode(form: Form, data: bytes) -> list[Event]:
    """What a whole file says."""
    whole = WholeFile(form)
    return [*whole.feed(data), *whole.silence()]


def recognised(form: Form, data: bytes, whole: Recognition, begun: str) -> Recognition:
    """``whole`` when the file was read; ``begun`` says why a beginning alone still counts."""
    if not form.begins(data):
        return _NOTHING
    read = any(isinstance(event, Transmission) for event in decode(form, data))
    return whole if read else Recognition(15, begun)

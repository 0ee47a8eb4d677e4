"""The stream: bytes in whatever pieces they arrive, events out.

Outside a transmission everything up to the next ``SOH HHH STX`` is noise. Inside one, nothing is: it ends with
EOT, then perhaps CR, four checksum digits and CR, which may come in a later read or never.
"""

import re
from collections.abc import Iterator

from protocols.framing import Event, Garbled, Request
from protocols.nidek_frame.boundaries import settled
from protocols.nidek_frame.grammar import (
    DEVICE_CODES,
    EOT,
    MAX_PENDING,
    PAUSE_AFTER_EOT,
    PAUSE_WITHIN,
    START,
    START_BYTES,
)
from protocols.nidek_frame.segments import starts

# What stands where the checksum belongs is judged as the checksum, even when a bit fell over.
_TAIL = re.compile(rb"[\r\n]{0,2}([\x21-\xff]{0,4})([\r\n]?)")
_DIGITS = 4
_BLANK = b"\r\n\x00 "
_LATE_DIGITS = re.compile(rb"[\r\n]*[0-9A-Fa-f]{1,4}[\r\n]*")


class Decoder:
    """Decodes one wire; ``device_code`` is what a request to send is answered with (a key of DEVICE_CODES)."""

    def __init__(self, device_code: str | None = None) -> None:
        if device_code is not None and device_code not in DEVICE_CODES:
            raise ValueError(f"{device_code!r} is no device code; known are {', '.join(DEVICE_CODES)}")
        self._device_code = device_code
        self._buffer = bytearray()
        self._given_up = False  # the start at the front of the buffer led nowhere
        self._requested = False  # the last event was a request, which some units also sum up

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        if not self._buffer:
            return None
        inside = START.match(self._buffer) and EOT[0] not in self._buffer
        return PAUSE_WITHIN if inside else PAUSE_AFTER_EOT

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and answer with everything they completed."""
        self._buffer += data
        return list(self._events(quiet=False))

    def silence(self) -> list[Event]:
        """Complete a transmission that only lacks its checksum; give up everything else."""
        events = list(self._events(quiet=True))
        if self._buffer:
            cut = bool(START.match(self._buffer)) and not self._given_up
            raw = bytes(self._buffer)
            self._buffer.clear()
            events += (
                self._noise(raw, "The transmission broke off before its EOT.", len(raw)) if cut else self._noise(raw)
            )
        self._given_up = self._requested = False
        return events

    def _events(self, *, quiet: bool) -> Iterator[Event]:
        while True:
            yield from self._hunted()
            if not START.match(self._buffer) or self._given_up:
                return
            end = self._buffer.find(EOT, 0, MAX_PENDING) + 1
            if end:
                whole = self._whole(end, quiet)
                if whole is None:
                    return
                yield from whole
            elif len(self._buffer) > MAX_PENDING:
                self._given_up = True
            else:
                return

    def _hunted(self) -> Iterator[Event]:
        """Drop what cannot begin a transmission, in pieces that do not depend on how it arrived."""
        found = START.search(self._buffer, int(self._given_up))
        noise = found.start() if found else len(self._buffer)
        while noise >= MAX_PENDING and (found or len(self._buffer) >= MAX_PENDING + START_BYTES):
            yield from self._taken(MAX_PENDING)
            noise -= MAX_PENDING
        if found:
            yield from self._taken(noise)
            self._given_up = False

    def _taken(self, length: int) -> list[Event]:
        raw = bytes(self._buffer[:length])
        del self._buffer[:length]
        return self._noise(raw)

    def _noise(self, raw: bytes, why: str = "", offset: int = 0) -> list[Event]:
        late = self._requested and _LATE_DIGITS.fullmatch(raw)
        if late or not raw.strip(_BLANK):
            return []
        self._requested = False
        begun = f"A transmission begins here but has no EOT within {MAX_PENDING} bytes."
        strange = "These bytes begin no transmission: SOH, three characters and STX were expected."
        return [Garbled(raw, why or (begun if START.match(raw) else strange), offset)]

    def _whole(self, end: int, quiet: bool) -> list[Event] | None:
        """The events of a transmission whose EOT stands before ``end``; nothing while more may belong to it."""
        frame = bytes(self._buffer[:end])
        command = frame[starts(frame)[-1] + 1 :].startswith(b"C")
        tail = b"", end
        if not command:
            found = self._tail(end, quiet)
            if found is None:
                return None
            tail = found
        digits, length = tail
        events = settled(bytes(self._buffer[:length]), end, digits, self._device_code)
        del self._buffer[:length]
        self._requested = isinstance(events[-1], Request)
        return events

    def _tail(self, end: int, quiet: bool) -> tuple[bytes, int] | None:
        """Checksum digits and where the transmission ends, once the next byte cannot change that."""
        match = _TAIL.match(self._buffer, end)
        if match is None:  # every part of the pattern may be empty, so it always matches
            return None
        digits, length = bytes(match[1]), match.end()
        with_cr = self._buffer[end - 2] in b"\r\n"  # CR code ON; judged at the EOT, what stood before may be older
        if len(digits) == _DIGITS and not with_cr:
            return digits, match.end(1)
        decided = length < len(self._buffer) or match[2] or quiet
        return (digits, length) if decided else None

"""JSON lines: a head that names the version and the line, then one entry for everything that happened."""

from collections.abc import Iterator
from typing import Literal, TypeVar

import msgspec

from protocols.framing import Decoder, Event

VERSION = 1
P = TypeVar("P")
_MARK = b'{"emmetra_capture":'


class NoCapture(ValueError):
    """A file that cannot be read as a recording: a sentence with the line where it breaks off."""


class Head(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The first line. ``line`` as ``9600 8E1``; ``blanked`` says that names and ids were replaced."""

    emmetra_capture: int
    began: str | None = None
    software: str | None = None
    port: str | None = None
    line: str | None = None
    dtr: bool | None = None
    rts: bool | None = None
    blanked: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something that happened ``t`` seconds after the beginning: ``by`` said ``hex``, or ``signals`` stood so.

    Signals are CTS, DSR, DCD and RI as the gateway sees them; told at the beginning and whenever one changes.
    """

    t: float
    by: Literal["instrument", "gateway"] | None = None
    hex: str | None = None
    signals: dict[str, bool] | None = None

    @property
    def data(self) -> bytes:
        """The bytes that were said."""
        return bytes.fromhex(self.hex or "")


class Recording(msgspec.Struct, frozen=True):
    """One whole recording."""

    head: Head
    entries: tuple[Entry, ...]

    @property
    def heard(self) -> bytes:
        """Everything the instrument said."""
        return b"".join(entry.data for entry in self.entries if entry.by == "instrument")

    @property
    def timed(self) -> bool:
        """Whether it says when what was heard."""
        return sum(entry.by == "instrument" for entry in self.entries) > 1

    def events(self, decoder: Decoder) -> Iterator[Event]:
        """What a decoder makes of it, with every quiet as long as it was."""
        before = 0.0
        for entry in self.entries:
            if entry.by != "instrument":
                continue
            pause: float | None = getattr(decoder, "pause", None)
            if pause is not None and entry.t - before >= pause:
                yield from decoder.silence()
            yield from decoder.feed(entry.data)
            before = entry.t
        yield from decoder.silence()

    def saying(self, heard: bytes) -> "Recording":
        """The same with other words of the instrument, as long as those it replaces."""
        at, entries = 0, []
        for entry in self.entries:
            if entry.by == "instrument":
                said, at = heard[at : at + len(entry.data)], at + len(entry.data)
                entry = msgspec.structs.replace(entry, hex=said.hex(" "))
            entries.append(entry)
        return Recording(msgspec.structs.replace(self.head, blanked=True), tuple(entries))


def looks_recorded(data: bytes) -> bool:
    """Whether a file is a recording rather than the bytes themselves."""
    return data.startswith(_MARK)


def load(data: bytes) -> Recording:
    """Read a recording. Raises NoCapture."""
    first, *rest = data.split(b"\n")
    head = _read(1, first, Head)
    if head.emmetra_capture != VERSION:
        raise NoCapture(
            f"line 1: this is version {head.emmetra_capture} of the format; version {VERSION} is known here"
        )
    lines = [(number, line) for number, line in enumerate(rest, 2) if line.strip()]
    return Recording(head, tuple(_read(number, line, Entry) for number, line in lines))


def dump(recording: Recording) -> bytes:
    """Write a recording."""
    return line_of(recording.head) + b"".join(line_of(entry) for entry in recording.entries)


def line_of(part: Head | Entry) -> bytes:
    """One line of the file."""
    return msgspec.json.encode(part) + b"\n"


def _read(number: int, line: bytes, kind: type[P]) -> P:
    try:
        part = msgspec.json.decode(line, type=kind)
        if isinstance(part, Entry):
            bytes.fromhex(part.hex or "")
    except (msgspec.DecodeError, ValueError) as refusal:
        raise NoCapture(f"line {number}: {refusal}") from None
    return part

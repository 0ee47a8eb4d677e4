"""The file that every dialect is asked about."""

import sys
from pathlib import Path

from edge.discovery import Candidate, Dialect, candidates, known
from protocols.capture import Entry, Head, NoCapture, Recording, load, looks_recorded
from protocols.framing import Event

__all__ = ["Candidate", "Unreadable", "candidates", "contents", "events", "known", "plain", "recording"]


class Unreadable(Exception):
    """A file that cannot be opened; the message is a sentence."""


def contents(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; of a recording, what the instrument said.

    Raises Unreadable.
    """
    return recording(name).heard


def recording(name: str) -> Recording:
    """A file as a recording; plain bytes are one that was heard at once. Raises Unreadable."""
    data = _bytes(name)
    try:
        return load(data) if looks_recorded(data) else plain(data)
    except NoCapture as refusal:
        raise Unreadable(f"{name}: {refusal}") from None


def events(recorded: Recording, spoken: Dialect) -> list[Event]:
    """What a dialect makes of it; where the timing was written down, with every quiet as it was."""
    return list(recorded.events(spoken.Decoder())) if recorded.timed else spoken.decode(recorded.heard)


def plain(data: bytes) -> Recording:
    """Bytes whose timing nobody wrote down."""
    return Recording(Head(emmetra_capture=1), (Entry(t=0, by="instrument", hex=data.hex()),))


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as refusal:
        raise Unreadable(f"{name}: {refusal.strerror or refusal}") from None

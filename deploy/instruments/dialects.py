"""The file that every dialect is asked about."""

import sys
from pathlib import Path

from edge.discovery import Candidate, candidates, known

__all__ = ["Candidate", "Unreadable", "candidates", "contents", "known"]


class Unreadable(Exception):
    """A file that cannot be opened; the message is a sentence."""


def contents(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises Unreadable."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as refusal:
        raise Unreadable(f"{name}: {refusal.strerror or refusal}") from None

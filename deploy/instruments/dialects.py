"""Every dialect of every driver family, and the file it is asked about."""

import sys
from pathlib import Path
from typing import NamedTuple

from edge.discovery import Dialect, Manifest, dialect, families
from protocols.framing import Recognition


class Unreadable(Exception):
    """A file that cannot be opened; the message is a sentence."""


class Candidate(NamedTuple):
    """A dialect and how sure it is."""

    manifest: Manifest
    dialect: Dialect
    recognition: Recognition


def known() -> dict[str, Manifest]:
    """One manifest for each dialect, by the dialect's name."""
    return {dialect(manifest).DIALECT: manifest for manifest in families()}


def candidates(data: bytes) -> list[Candidate]:
    """Every dialect's judgement, best first."""
    judged = [
        Candidate(manifest, dialect(manifest), dialect(manifest).recognise(data)) for manifest in known().values()
    ]
    return sorted(judged, key=lambda candidate: -candidate.recognition.score)


def contents(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises Unreadable."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as refusal:
        raise Unreadable(f"{name}: {refusal.strerror or refusal}") from None

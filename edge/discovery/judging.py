"""Asks every dialect how sure it is of some bytes."""

import functools
from typing import NamedTuple

from edge.discovery.families import Dialect, dialect, families
from edge.discovery.manifest import Manifest
from protocols.framing import Recognition


class Candidate(NamedTuple):
    """A dialect and how sure it is."""

    manifest: Manifest
    dialect: Dialect
    recognition: Recognition


@functools.cache
def known() -> dict[str, Manifest]:
    """One manifest for each dialect, by the dialect's name."""
    return {dialect(manifest).DIALECT: manifest for manifest in families()}


def candidates(data: bytes) -> list[Candidate]:
    """Every dialect's judgement, best first."""
    judged = [
        Candidate(manifest, dialect(manifest), dialect(manifest).recognise(data)) for manifest in known().values()
    ]
    return sorted(judged, key=lambda candidate: -candidate.recognition.score)

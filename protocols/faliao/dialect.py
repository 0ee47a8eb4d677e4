"""The stream: two forms, told apart by how they begin; nothing marks an end but the quiet.

A beginning is the right eye with the left one behind it; the left eye alone begins only where no right one stands.
"""

import re

from protocols import framing
from protocols.faliao import commas, fixed
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading

DIALECT = "faliao"
WHOLE = Recognition(75, "R, and L, with 23 characters of power each, or records #!> with REFR and REFL")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return (fixed.read if raw.startswith(fixed.MARK) else commas.read)(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(fixed.BEGINS + b"|" + commas.BEGINS),
    None,
    _read,
    "R, or L, with sphere, cylinder and axis; or #!> records with REFR or REFL",
    limit=4096,
)


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    return recognised(GRAMMAR, data, WHOLE, "begins like a Faliao print-out but could not be read")

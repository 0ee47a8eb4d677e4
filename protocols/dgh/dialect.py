"""The stream: one line of digits, ended by CR LF. Nothing else marks it, so its own count must fit its length."""

import re

from protocols import framing
from protocols.dgh.thickness import thickness
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading

DIALECT = "dgh"
WHOLE = Recognition(70, "a line of digits whose count fits its length, with a velocity and thicknesses of corneas")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return thickness(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(rb"(?<![0-9])[0-9][0-9 ]{8,600}\r\n"),
    re.compile(rb"\r\n"),
    _read,
    "velocity, count and thicknesses as digits, CR LF",
    limit=2048,
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
    return recognised(GRAMMAR, data, WHOLE, "")  # digits that do not add up are nobody's

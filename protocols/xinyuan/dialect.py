"""The stream: lines with one letter and one figure, or free text that is only told by the order of its figures.

A beginning is the right eye with the left one behind it; the left eye alone begins only where no right one stands.
"""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading
from protocols.xinyuan import lines, running

DIALECT = "xinyuan"
LINES = Recognition(75, "lines S, C and A with a figure under R or L")
RUNNING = Recognition(60, "R, L and PD with seven plausible figures in their order")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return (lines.read if lines.FIRST.match(raw) else running.read)(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(lines.BEGINS + b"|" + running.BEGINS),
    None,
    _read,
    "lines R, S, C, A, PD, L, S, C, A; or R, L and PD with seven figures in this order",
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
    found = recognised(GRAMMAR, data, RUNNING, "begins like a Xinyuan print-out but could not be read")
    return LINES if found is RUNNING and lines.FIRST.search(data) else found

"""The stream: a print-out begins with ``LM…`` and its number; only quiet ends it, for its last sign is not proved."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading
from protocols.visionix_vl.lenses import HEADING, lenses

DIALECT = "visionix_vl"
WHOLE = Recognition(90, "LM… No=… with R: and L: lenses as key=value and E at the end")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return lenses(raw, DIALECT)


GRAMMAR = Grammar(re.compile(HEADING), None, _read, "LM2RK No=… R: S=… L: S=… E", limit=4096)


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    return recognised(GRAMMAR, data, WHOLE, "a heading LM… No=… without lenses that can be read")

"""The stream: two CR, the date, an empty line and the heading with IOP begin a print-out; EOT ends it."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading
from protocols.reichert.pressures import pressures

DIALECT = "reichert"
WHOLE = Recognition(90, "a heading with IOPg, lines of eyes with as many figures, and EOT")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return pressures(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(rb"\r\n?\r\n?(?=[^\r\x04]{3,60}\r\n?\r\n?[^\r\x04]{0,80}IOP)"),
    re.compile(rb"\x04"),
    _read,
    "CR CR, the date, an empty line, IOPcc CH IOPg WS, a line an eye, EOT",
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
    return recognised(GRAMMAR, data, WHOLE, "a date and a heading with IOP without lines of eyes")

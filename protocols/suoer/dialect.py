"""The stream: a file is a print-out. Places are counted from its first line, so nothing may stand before it."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import judged
from protocols.readings import Reading
from protocols.suoer.print_out import print_out

DIALECT = "suoer"
WHOLE = Recognition(85, "Time:, SE:, PS: and PD: in the lines where an SW-800 prints them")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return print_out(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(rb"\A(?=[\x00-\xff])"),
    None,
    _read,
    "lines of text with Time:, SE:, PS: and PD: in their places",
    limit=64 * 1024,
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
    return judged(decode(data), WHOLE, "")

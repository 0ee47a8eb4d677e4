"""The stream: nothing marks the end of a print-out, so a second of quiet does."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Transmission
from protocols.tomey_tagged.grammar import BEGINS, EXPECTED
from protocols.tomey_tagged.printout import read

# Ten readings an eye with keratometry composed from the tables are some 4,000 bytes.
GRAMMAR = Grammar(begins=BEGINS, ends=None, read=read, expected=EXPECTED, limit=32 * 1024)
_HEADED = re.compile(rb"\[FM_IF\],(?:REF|KERATO)")


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture: brackets of these names are nobody else's."""
    if any(isinstance(event, Transmission) for event in decode(data)):
        return Recognition(85 if _HEADED.search(data) else 75, "lines of Tomey's bracketed tags that can be read")
    if BEGINS.search(data):
        return Recognition(30, "begins like Tomey's bracketed tags but could not be read")
    return Recognition(0, "no line of Tomey's bracketed tags")

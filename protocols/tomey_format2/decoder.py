"""The stream: nothing marks the end of a print-out, so a second of quiet does."""

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Transmission
from protocols.tomey_format2.grammar import BEGINS, EXPECTED
from protocols.tomey_format2.printout import read

GRAMMAR = Grammar(begins=BEGINS, ends=None, read=read, expected=EXPECTED, limit=8 * 1024)


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    if any(isinstance(event, Transmission) for event in decode(data)):
        return Recognition(75, "lines Ref_R and Ref_L")
    if BEGINS.search(data):
        return Recognition(20, "begins like an RT-6000 in Format 2 but could not be read")
    return Recognition(0, "no line Ref_R or Ref_L")

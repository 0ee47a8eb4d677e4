"""The stream: A and the letter of an eye begin a transmission, EOT ends it."""

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Transmission
from protocols.topcon_rm.grammar import BEGINS, ENDS, EXPECTED
from protocols.topcon_rm.printout import read

GRAMMAR = Grammar(begins=BEGINS, ends=ENDS, read=read, expected=EXPECTED, limit=4096)


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
        return Recognition(70, "A, eyes and figures a line, EOT")
    if BEGINS.search(data):
        return Recognition(15, "begins like a Topcon RM or KR but could not be read")
    return Recognition(0, "no A, CR, letter of an eye, CR")

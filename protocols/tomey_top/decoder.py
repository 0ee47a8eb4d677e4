"""The stream: the name of the model ends a print-out; a unit that prints none is ended by quiet."""

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Transmission
from protocols.tomey_top.grammar import BEGINS, ENDS, EXPECTED
from protocols.tomey_top.printout import read

# The real print-out is 337 bytes; ten readings an eye would be 700.
GRAMMAR = Grammar(begins=BEGINS, ends=ENDS, read=read, expected=EXPECTED, limit=4096, whole_when_quiet=True)


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    if b"Avg." not in data:
        return Recognition(0, "no rows C.IOP, CCT and Avg.")
    if any(isinstance(event, Transmission) for event in decode(data)):
        return Recognition(80, "a print-out with C.IOP, CCT and Avg. in two columns")
    if BEGINS.search(data):
        return Recognition(20, "begins like a print-out of a TOP-1000 but could not be read")
    return Recognition(0, "no rows C.IOP, CCT and Avg.")

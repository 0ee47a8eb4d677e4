"""The stream: columns have no end but their length, and what stands between them is not told; quiet ends them."""

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Transmission
from protocols.topcon_ct.grammar import BEGINS, EXPECTED
from protocols.topcon_ct.printout import read

GRAMMAR = Grammar(begins=BEGINS, ends=None, read=read, expected=EXPECTED, limit=1024)


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
        return Recognition(75, "the columns of a Topcon CT tonometer")
    if BEGINS.search(data[:64]):
        return Recognition(10, "the name of a Topcon CT tonometer")
    return Recognition(0, "no name of a Topcon CT tonometer")

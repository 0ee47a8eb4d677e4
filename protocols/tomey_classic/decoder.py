"""The stream, and a print-out saved as text with SOH written as a word and the other control bytes lost."""

from protocols import framing
from protocols.framing import Event, Garbled, Gatherer, Grammar, Recognition, Transmission, Unread
from protocols.sheet import Margin
from protocols.tomey_classic.grammar import BEGINS, ENDS, EXPECTED, SOH, lines
from protocols.tomey_classic.printout import from_lines, read

# Nine lines of at most forty characters; ten times that is noise.
GRAMMAR = Grammar(begins=BEGINS, ends=ENDS, read=read, expected=EXPECTED, limit=4096, whole_when_quiet=True)
_WORD = b"SOH*"


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return [_printed(data)] if _as_text(data) else framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    if any(isinstance(event, Transmission) for event in decode(data)):
        framed = 80 if SOH in data else 65
        return Recognition(framed, "lines of Tomey's fixed columns that can be read")
    if BEGINS.search(data):
        return Recognition(20, "begins like Tomey's fixed columns but could not be read")
    return Recognition(0, "no SOH, * and number, and no LM before the lines of a lens")


def _as_text(data: bytes) -> bool:
    return data.startswith(_WORD) and not data.startswith(_WORD + b"PC_") and SOH not in data


def _printed(data: bytes) -> Event:
    margin = Margin()
    margin.note("control_bytes_lost", "This is text without its control bytes; nothing tells whether it is whole.")
    try:
        return Transmission(data, from_lines(data, lines(data.removeprefix(b"SOH")), margin))
    except Unread as refusal:
        return Garbled(data, refusal.why)

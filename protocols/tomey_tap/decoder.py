"""The stream, and a transmission saved as text with its control bytes lost or written as words."""

import re

from protocols import framing
from protocols.framing import Event, Garbled, Gatherer, Grammar, Recognition, Transmission, Unread
from protocols.sheet import Margin
from protocols.tomey_tap.grammar import BEGINS, ENDS, EXPECTED, FIRST, LAST
from protocols.tomey_tap.transmission import from_lines, read

# The manual's example with every section is 1,200 bytes; the same with near values would be twice that.
GRAMMAR = Grammar(begins=BEGINS, ends=ENDS, read=read, expected=EXPECTED, limit=16 * 1024, pause=3.0)
_AS_TEXT = re.compile(rb"(?:SOH)?\*PC_RCV_S(?:EOT)?\r?\n")
_WORDS = re.compile(rb"SOH(\*PC_RCV_[SE])EOT")
_CONTROLS = frozenset(b"\x01\x02\x04\x17")


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return [_printed(data)] if _printed_out(data) else framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture: nobody else says PC_RCV_S."""
    if any(isinstance(event, Transmission) for event in decode(data)):
        return Recognition(70 if _printed_out(data) else 90, "a phoropter's lines between *PC_RCV_S and *PC_RCV_E")
    if FIRST in data:
        return Recognition(40, "begins like a TAP-2000 but could not be read")
    return Recognition(0, "no *PC_RCV_S")


def _printed_out(data: bytes) -> bool:
    return _AS_TEXT.match(data) is not None and _CONTROLS.isdisjoint(data)


def _printed(data: bytes) -> Event:
    told = Margin()
    told.note("control_bytes_lost", "This is text without its control bytes.")
    plain = _WORDS.sub(rb"\1", data)
    if LAST not in plain:
        return Garbled(data, "The transmission broke off before its end.", len(data))
    try:
        return Transmission(data, from_lines(data, plain, told))
    except Unread as refusal:
        return Garbled(data, refusal.why)

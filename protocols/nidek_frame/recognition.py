"""How sure the dialect is that it could have produced some bytes."""

import re

from protocols.framing import Event, Recognition, Request, Transmission
from protocols.nidek_frame import printed
from protocols.nidek_frame.decoder import Decoder
from protocols.nidek_frame.grammar import DATA_HEADERS

_BEGUN = re.compile(rb"\x01(?:" + "|".join(DATA_HEADERS).encode() + rb")\x02")
_STATES = {
    "ok": Recognition(100, "a NIDEK frame whose checksum verifies"),
    "none": Recognition(80, "a NIDEK frame that can be read; it carries no checksum"),
    "bad": Recognition(60, "a NIDEK frame that can be read, but its checksum is wrong"),
}
_NOTHING = Recognition(0, "no SOH, three-letter header and STX, and no NIDEK print-out in text form")


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    if printed.looks_printed(data):
        return [printed.decode(data)]
    decoder = Decoder()
    return [*decoder.feed(data), *decoder.silence()]


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    if printed.looks_printed(data):
        return Recognition(70, "a NIDEK print-out as text, its control bytes lost")
    judged = [_judged(event) for event in decode(data)]
    begun = Recognition(30, "begins like a NIDEK frame but could not be read") if _BEGUN.search(data) else _NOTHING
    return max([*judged, begun], key=lambda recognition: recognition.score)


def _judged(event: Event) -> Recognition:
    match event:
        case Transmission(readings=(first, *_)):
            return _STATES[first.integrity.checksum]
        case Request():
            return Recognition(90, "a NIDEK instrument asking to send (RS)")
        case _:
            return _NOTHING

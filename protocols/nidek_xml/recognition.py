"""Documents of this dialect on a wire or in files, and how sure it is that it could have produced some bytes."""

from protocols.framing import Event, Recognition, Transmission
from protocols.nidek_xml.document import ROOT, read
from protocols.xml import Documents
from protocols.xml import decode as decode_documents

_EXPECTED = "NIDEK's XML with the root element Data."
_NOTHING = Recognition(0, "no XML document with the root element Data")


def Decoder() -> Documents:  # noqa: N802 - a dialect's decoder, made without arguments
    """A decoder for one wire or folder."""
    return Documents((ROOT,), read, _EXPECTED)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return decode_documents(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    judged = [_judged(event) for event in decode(data)]
    return max(judged, default=_NOTHING, key=lambda recognition: recognition.score)


def _judged(event: Event) -> Recognition:
    match event:
        case Transmission(readings=(first, *_)):
            ours = first.instrument.maker.upper() == "NIDEK"
            return Recognition(95 if ours else 70, "an XML document with the root element Data that can be read")
        case _:
            begun = Decoder().begun_in(event.raw)
            return Recognition(30, "begins like NIDEK's XML but could not be read") if begun else _NOTHING

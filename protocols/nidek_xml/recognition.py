"""Documents of this dialect on a wire or in files, and how sure it is that it could have produced some bytes."""

from protocols.framing import Event, Recognition
from protocols.nidek_xml.document import ROOT, read
from protocols.xml import Documents
from protocols.xml import decode as decode_documents
from protocols.xml.recognition import judged


def Decoder() -> Documents:  # noqa: N802 - a dialect's decoder, made without arguments
    """A decoder for one wire or folder."""
    return Documents((ROOT,), read, "NIDEK's XML with the root element Data.")


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return decode_documents(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    return judged(decode(data), Decoder(), ROOT)

"""Documents of this dialect on a wire or in files, and how sure it is that it could have produced some bytes."""

import re

from protocols.framing import Event, Garbled, Recognition, Transmission, Unread
from protocols.joia.document import FRAGMENTS, ROOTS, read
from protocols.xml import Documents
from protocols.xml import decode as decode_documents
from protocols.xml.recognition import judged

_EXPECTED = "XML with the root element Ophthalmology."
# Only whole files: inside a document the same elements begin nothing.
_FRAGMENT = re.compile(rb"\s*<(?:[A-Za-z]{1,16}:)?(?:%s)[\s>]" % "|".join(FRAGMENTS).encode())


def Decoder() -> Documents:  # noqa: N802 - a dialect's decoder, made without arguments
    """A decoder for one wire or folder."""
    return Documents(ROOTS, read, _EXPECTED)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return [_fragment(data)] if _FRAGMENT.match(data) else decode_documents(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    if _FRAGMENT.match(data):
        whole = isinstance(_fragment(data), Transmission)
        return Recognition(80 if whole else 30, "a part of a document with the root element Ophthalmology")
    return judged(decode(data), Decoder(), ROOTS[0])


def _fragment(data: bytes) -> Event:
    try:
        return Transmission(data, read(data))
    except Unread as refusal:
        return Garbled(data, refusal.why, refusal.offset)

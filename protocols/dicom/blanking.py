"""Takes people out of a whole file in place, by the list of the refractive room.

A document within the object cannot be blanked word by word and goes whole, as does everything of a deflated file.
Pixels stay: what is burnt into a picture is for whoever hands it on to look at.
"""

import re

from protocols import dicom_refraction
from protocols.dicom.file import begins

_HEAD = 1024
_DEFLATED, _IMPLICIT, _BIG = b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2\x00", b"1.2.840.10008.1.2.2\x00"
_META_LENGTH_AT, _META_AT = 140, 144
# (0042,0011), the document, and how its length is written behind it
_DOCUMENTS = (re.compile(rb"\x42\x00\x11\x00(?:OB|UN)\x00\x00", re.DOTALL), "little")
_IMPLICIT_DOCUMENTS = (re.compile(rb"\x42\x00\x11\x00", re.DOTALL), "little")
_BIG_DOCUMENTS = (re.compile(rb"\x00\x42\x00\x11(?:OB|UN)\x00\x00", re.DOTALL), "big")


def blank(data: bytes) -> bytes:
    """The same bytes without people, as long as before."""
    if not begins(data):
        return dicom_refraction.blank(data)
    head = data[:_HEAD]
    if _DEFLATED in head:
        at = _META_AT + int.from_bytes(data[_META_LENGTH_AT:_META_AT], "little")
        return data[:at] + bytes(len(data) - at) if at < len(data) else data
    without = dicom_refraction.blank(data)
    pattern, order = _IMPLICIT_DOCUMENTS if _IMPLICIT in head else _BIG_DOCUMENTS if _BIG in head else _DOCUMENTS
    return _emptied(without, pattern, order)


def _emptied(data: bytes, pattern: re.Pattern[bytes], order: str) -> bytes:
    without, at = bytearray(data), 0
    while found := pattern.search(without, at):
        at = found.end() + 4
        length = int.from_bytes(without[found.end() : at], "big" if order == "big" else "little")
        if at + length <= len(without):
            without[at : at + length] = bytes(length)
            at += length
    return bytes(without)

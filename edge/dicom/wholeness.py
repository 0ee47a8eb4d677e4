"""Whether an object's bytes hang together to their last one: every length leads to the next element (PS3.5 7, A.4).

Values are skipped, never read, so a volume costs as little as a report.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

IMPLICIT, DEFLATED, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"
LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
ITEM, ITEM_ENDS, SEQUENCE_ENDS = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
UNDEFINED = 0xFFFFFFFF
DEEPEST = 32
INFLATED_MOST = 64 << 20


class Broken(Exception):
    """The bytes are no data set; one sentence."""


def inflated(path: Path, begins: int) -> BytesIO:
    """The data set of a deflated object, never more than INFLATED_MOST of it. Raises Broken."""
    if path.stat().st_size - begins > INFLATED_MOST:  # asked before reading: nobody makes room for gigabytes
        raise Broken("The deflated bytes are more than this gateway reads.")
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = unpacking.decompress(path.read_bytes()[begins:], INFLATED_MOST)
    except zlib.error as refusal:
        raise Broken(f"The deflated bytes cannot be unpacked: {refusal}.") from None
    if not unpacking.eof:
        raise Broken("The deflated bytes do not end, or unpack to more than this gateway reads.")
    return BytesIO(data)


def check(file: BinaryIO, size: int, syntax: str) -> None:
    """Walk from where ``file`` stands to ``size``. Raises Broken."""
    walk = _Walk(file, size, "explicit" if syntax != IMPLICIT else "implicit", ">" if syntax == BIG else "<")
    while walk.at < size:
        walk.element(0)


class _Walk:
    def __init__(self, file: BinaryIO, size: int, style: str, order: str) -> None:
        self._file, self._size, self._style = file, size, style
        self._tag, self._long = struct.Struct(f"{order}HH"), struct.Struct(f"{order}L")
        self._short = struct.Struct(f"{order}H")
        self.at = file.tell()

    def element(self, depth: int) -> tuple[int, int]:
        """Over one element; its tag."""
        tag = self._read_tag()
        if tag[0] == 0xFFFE:
            self._skip(self._read_long())
            return tag
        vr, length = self._vr_and_length()
        if length != UNDEFINED:
            self._skip(length)
        else:
            self._items(depth + 1, implicit=vr == b"UN")
        return tag

    def _vr_and_length(self) -> tuple[bytes, int]:
        if self._style == "implicit":
            return b"", self._read_long()
        vr = self._read(2)
        if not (vr.isalpha() and vr.isupper()):
            raise Broken(f"There is no value representation at byte {self.at - 2}.")
        if vr not in LONG:
            return vr, self._short.unpack(self._read(2))[0]
        self._read(2)
        return vr, self._read_long()

    def _items(self, depth: int, *, implicit: bool) -> None:
        """Over the items of a sequence or of pixel data until its end."""
        if depth > DEEPEST:
            raise Broken("Sequences are nested deeper than any instrument does.")
        style, self._style = self._style, "implicit" if implicit else self._style
        while (tag := self._read_tag()) == ITEM:
            length = self._read_long()
            if length != UNDEFINED:
                self._skip(length)
            else:
                self._until_item_ends(depth)
        if tag != SEQUENCE_ENDS:
            raise Broken(f"A sequence holds no item at byte {self.at - 4}.")
        self._read_long()
        self._style = style

    def _until_item_ends(self, depth: int) -> None:
        while self.element(depth) != ITEM_ENDS:
            pass

    def _read_tag(self) -> tuple[int, int]:
        group, element = self._tag.unpack(self._read(4))
        return group, element

    def _read_long(self) -> int:
        return int(self._long.unpack(self._read(4))[0])

    def _read(self, count: int) -> bytes:
        found = self._file.read(count)
        self.at += count
        if len(found) != count:
            raise Broken(f"The object ends at byte {self._size}, in the middle of an element.")
        return found

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > self._size:
            raise Broken(f"An element reaches to byte {self.at}, and the object ends at {self._size}.")
        self._file.seek(count, 1)

"""A file into a data set, without its pixels.

pydicom is generous: it takes what is left of a file that was cut off. Here a file that breaks off is refused.
"""

import zlib
from typing import BinaryIO, cast

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from protocols.dicom_refraction.part10 import whole
from protocols.dicom_refraction.silence import quiet
from protocols.framing import Unread

PREFIX_AT, PREFIX = 128, b"DICM"
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_UNDEFINED = 0xFFFFFFFF
_DELIMITER = b"\xfe\xff\xdd\xe0"  # the end of encapsulated pixels
_TAIL = 1 << 16  # bytes within which it stands; some writers pad what follows
_CHUNK = 8192  # how pydicom looks for the end of a value without a length; only there a short answer is no damage
_MOST_INFLATED = 1 << 28  # bytes; a deflated object holds no large picture


File = BinaryIO | DicomBytesIO


def begins(raw: bytes) -> bool:
    """Whether a DICOM file begins here: its prefix, and the group of its own."""
    return raw[PREFIX_AT : PREFIX_AT + 6] == PREFIX + b"\x02\x00"


def opened(source: File) -> Dataset:
    """The attributes before the pixels, with ``file_meta``. Raises Unread with the offset, and nothing else."""
    try:
        with quiet():
            return _opened(source)
    except Unread:
        raise
    except RecursionError:
        raise Unread("Sequences stand in sequences deeper than any object of an eye goes.") from None
    except Exception:  # pydicom raises whatever its decoders raise
        raise Unread("The file is damaged: an attribute cannot be decoded.", source.tell()) from None


def _opened(source: File) -> Dataset:
    if not begins(source.read(PREFIX_AT + 6)):
        raise Unread("No DICOM file begins here: DICM after 128 bytes was expected.")
    source.seek(PREFIX_AT + len(PREFIX))
    meta = whole(read_dataset(_whole_of(source), False, True, stop_when=lambda tag, vr, length: tag.group != 2))
    syntax = UID(str(meta.get("TransferSyntaxUID") or ImplicitVRLittleEndian))
    file = _inflated(source) if syntax == DeflatedExplicitVRLittleEndian else source
    stop = _Pixels()
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != "1.2.840.10008.1.2.2"
    dataset = whole(read_dataset(_whole_of(file), implicit, little, stop_when=stop))
    if stop.length is not None:
        _check_pixels(file, stop.head, stop.length)
    dataset.file_meta = meta  # type: ignore[assignment]  # what a FileMetaDataset would refuse is only looked at
    return dataset


class _Pixels:
    """Asked before every attribute: reading ends where pixels begin."""

    def __init__(self) -> None:
        self.length: int | None = None
        self.head = 8

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        self.length = length if tag in _PIXELS else None
        self.head = 8 if vr is None else 12  # what stands before the value: tag, length, and how it is written
        return self.length is not None


class _Whole:
    """A file that refuses to hand over a part of what was asked for: there it was cut off."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.tell, self.seek = file.tell, file.seek
        begin = file.tell()
        self._end = file.seek(0, 2)
        file.seek(begin)

    def read(self, size: int = -1) -> bytes:
        at = self.tell()
        if at < self._end < at + size and size != _CHUNK:  # asked before reading: nobody makes room for four gigabytes
            raise Unread("The file breaks off inside an attribute.", at)
        return self._file.read(size)


def _whole_of(file: File) -> BinaryIO:
    return cast(BinaryIO, _Whole(file))


def _inflated(source: File) -> File:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data = inflater.decompress(source.read(), _MOST_INFLATED)
    if inflater.unconsumed_tail or not inflater.eof:
        raise Unread(
            "The deflated object breaks off, or it would grow larger than any object of an eye.", source.tell()
        )
    return DicomBytesIO(data)


def _check_pixels(file: File, head: int, length: int) -> None:
    """The pixels are all there: as many as they say, or up to the mark that ends them."""
    begin = file.tell() + head
    end = file.seek(0, 2)
    file.seek(max(begin, end - _TAIL))
    ended = _DELIMITER in file.read() if length == _UNDEFINED else begin + length <= end
    if not ended:
        raise Unread("The file breaks off inside its pixels.", end)

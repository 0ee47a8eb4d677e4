"""The pictures in a file: the printed page and a cut-out of it, in base64."""

import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from protocols.readings import Blob

PARTS = {b"image_scan_data": "page", b"image_scan_crop_data": "field"}
FIND = re.compile(rb'<(image_scan_data|image_scan_crop_data)\b[^<>]{0,200}?\bvalue="([^"<>]*)"')
_MAGIC = {
    b"GIF8": "image/gif",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
_MOST = 4


class Picture(NamedTuple):
    """Which part of the print-out it is, its bytes and their type."""

    part: str
    data: bytes
    media_type: str

    def blob(self) -> Blob:
        """How a reading names it."""
        digest = hashlib.sha256(self.data).hexdigest()
        return Blob(sha256=digest, bytes=len(self.data), media_type=self.media_type)


def pictures(raw: bytes) -> Iterator[Picture]:
    """Every picture that can be taken out; what is no picture we know is left in the file."""
    for found, _ in zip(FIND.finditer(raw), range(_MOST), strict=False):
        try:
            data = binascii.a2b_base64(found[2])
        except binascii.Error:
            continue
        kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
        if kind is not None:
            yield Picture(PARTS[found[1]], data, kind)

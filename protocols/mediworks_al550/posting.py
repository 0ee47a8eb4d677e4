"""What the biometer posts: multipart/form-data with one part named ``file`` (RFC 7578)."""

import re
from typing import NamedTuple

from protocols.framing import Unread

PART = "file"
_BOUNDARY = re.compile(
    r"""multipart/form-data\s*;.*?boundary\s*=\s*(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))""", re.IGNORECASE | re.DOTALL
)
_NAME = re.compile(rb"""content-disposition\s*:[^\r\n]*?;\s*name\s*=\s*"?([^";\r\n]*)""", re.IGNORECASE)
_MOST_PARTS = 20


class Unpacked(NamedTuple):
    """The bytes of the part and how many parts there were beside it."""

    data: bytes
    others: int


def unpacked(content_type: str, body: bytes) -> Unpacked:
    """The file that was posted. Raises Unread, in words for whoever stands before the instrument."""
    found = _BOUNDARY.match(content_type.strip())
    if found is None:
        raise Unread("The upload is not multipart/form-data.")
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise Unread("The upload broke off before its end.")
    if len(pieces) > _MOST_PARTS:
        raise Unread("The upload has too many parts.")
    files = [piece for piece in map(_part, pieces[1:-1]) if piece is not None]
    if len(files) != 1:
        raise Unread(f"The upload must have one part named {PART}; it has {len(files)}.")
    return Unpacked(files[0], len(pieces) - 3)


def _part(piece: bytes) -> bytes | None:
    """What stands in a part, when it is the file."""
    head, parted, data = piece.partition(b"\r\n\r\n")
    named = _NAME.search(head)
    return data if parted and named and named[1].strip() == PART.encode() else None

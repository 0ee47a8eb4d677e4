"""How a file is written tells who wrote it: an L80 in ASCII, a VX100 in UTF-16. oph4py @43dd269; grade B."""

from typing import NamedTuple

from protocols import labelled
from protocols.framing import Unread

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Written(NamedTuple):
    """The text, and whether it was UTF-16."""

    text: str
    wide: bool


def text(raw: bytes) -> Written:
    """The text of a file, with or without a byte order mark. Raises Unread."""
    codec = _MARKS.get(raw[:2]) or ("utf-16-le" if raw[1:2] == b"\x00" else None)
    if codec is None:
        return Written(labelled.text(raw), False)
    try:
        return Written(raw.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").decode(codec), True)
    except UnicodeDecodeError:
        raise Unread("The UTF-16 of the file is broken.") from None

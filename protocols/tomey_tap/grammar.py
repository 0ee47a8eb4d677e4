"""The words: a first and a last message, lines between STX and ETB, a tag behind a star, fields behind bars.

    SOH *PC_RCV_S EOT            phoropter to computer; *PC_SND_S the other way
    STX *SP| -0.25| 0.50| ETB    left first
    SOH *PC_RCV_E EOT

Behind each stands CR LF, or LF alone. Source: the manual's example quoted by ukinoki/Rufus ``procedures.cpp``
@70a2597; grade B.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from protocols.sheet import readable

DIALECT = "tomey_tap"
EXPECTED = "SOH *PC_RCV_S EOT"
FIRST, LAST = b"*PC_RCV_S", b"*PC_RCV_E"
BEGINS = re.compile(rb"\x01\*PC_RCV_S\x04")
ENDS = re.compile(rb"\x01\*PC_RCV_E\x04")
_BETWEEN = re.compile(rb"[^\x01\x02\x04\x17\r\n]+")
_LONGEST_TAG = 24


class Line(NamedTuple):
    """The tag without its star, the fields between the bars, and whether the last bar came."""

    tag: str
    fields: tuple[str, ...]
    ended: bool
    text: str


def lines(raw: bytes) -> Iterator[Line]:
    """What stands between the control bytes; the first and the last message left out."""
    for found in _BETWEEN.findall(raw):
        if found not in (FIRST, LAST):
            yield _line(readable(found))


def _line(text: str) -> Line:
    tag, *fields = text.split("|")
    ended = not fields or not fields[-1].strip()
    return Line(tag.removeprefix("*").strip()[:_LONGEST_TAG], tuple(fields[:-1] if ended else fields), ended, text)

"""Which encoding a document is really in. Its own declaration is one witness, and not the best one.

A byte order mark or the zero bytes of UTF-16 decide. NIDEK documents saved by others declare UTF-16 and are UTF-8;
Topcon writes ``Shift-JIS``, which no XML library knows by that name. In every encoding tried here the figures and
the angle brackets are the same bytes, so a wrong guess can cost a name but never a value.
"""

import re
from typing import NamedTuple

from protocols.framing import Unread

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WIDE = ((re.compile(rb"(?:[ \t\r\n]\x00)*<\x00"), "utf-16-le"), (re.compile(rb"(?:\x00[ \t\r\n])*\x00<"), "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_NAMES = {
    "cp932": ("shiftjis", "xsjis", "sjis", "cp932", "ms932", "windows31j", "mskanji", "csshiftjis"),
    "euc_jp": ("eucjp",),
    "gb18030": ("gb2312", "gbk", "gb18030"),
    "cp1252": ("windows1252", "cp1252"),
    "latin-1": ("iso88591", "latin1"),
}
_CODECS = {name: codec for codec, names in _NAMES.items() for name in names}
_OTHERS = ("utf-8", "cp932", "latin-1")  # the last takes every byte


class Written(NamedTuple):
    """A document's text, the codec it was in, how many bytes stood before it, and whether that is a guess."""

    text: str
    codec: str
    before: int
    doubtful: bool


def written(raw: bytes) -> Written:
    """The text of a document. Raises Unread where UTF-16 is broken."""
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return _certain(raw, codec, len(mark)) if codec != "utf-8" else _tried(raw, len(mark), ["utf-8"])
    for pattern, codec in _WIDE:
        if pattern.match(raw):
            return _certain(raw, codec, 0)
    return _tried(raw, 0, [_declared(raw)])


def _certain(raw: bytes, codec: str, before: int) -> Written:
    even = before + (len(raw) - before) // 2 * 2  # half a character at the end is none
    try:
        return Written(raw[before:even].decode(codec), codec, before, False)
    except UnicodeDecodeError as broken:
        raise Unread("The UTF-16 of the document is broken.", before + broken.start) from None


def _tried(raw: bytes, before: int, first: list[str]) -> Written:
    for codec in (*first, *_OTHERS):
        try:
            return Written(raw[before:].decode(codec), codec, before, codec not in first)
        except UnicodeDecodeError:
            continue
    raise Unread("The document is in no encoding we know.")


def _declared(raw: bytes) -> str:
    """The codec of the declaration; UTF-8 where there is none, or none that single bytes could be in."""
    found = _DECLARED.search(raw[:512])
    name = re.sub(r"[^a-z0-9]", "", found[1].decode("ascii").lower()) if found else ""
    return _CODECS.get(name, "utf-8")

"""Which character set an answer is in, and what a text becomes that it cannot carry.

A set that cannot carry Chinese would give ``?^?`` and only a warning; the name in Latin letters is sent instead.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

UTF8 = "ISO_IR 192"
# Defined terms of (0008,0005) and the codec that says whether a text arrives; for ISO_IR 13 (katakana) only what is
# the same everywhere.
SETS = {
    "ISO_IR 6": "ascii",
    "ISO_IR 13": "ascii",
    "ISO_IR 100": "latin_1",
    "ISO_IR 101": "iso8859_2",
    "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4",
    "ISO_IR 126": "iso8859_7",
    "ISO_IR 127": "iso8859_6",
    "ISO_IR 138": "iso8859_8",
    "ISO_IR 144": "iso8859_5",
    "ISO_IR 148": "iso8859_9",
    "ISO_IR 166": "iso8859_11",
    UTF8: "utf_8",
    "GB18030": "gb18030",
    "GBK": "gbk",
}
CHINESE_BY_ESCAPES = ("", "ISO 2022 IR 58")


class Unknowable(ValueError):
    """A character set that nobody here can write."""


class Charset(NamedTuple):
    """``value`` as it stands in (0008,0005), ``codec`` as Python calls what it carries."""

    value: str | list[str]
    codec: str


def charset(set_up: str | None, asked: Sequence[str] = ()) -> Charset:
    """The set configured for a device, else that of its query, else UTF-8. Raises Unknowable for a configured one."""
    if set_up is not None and set_up not in SETS:
        raise Unknowable(f"The character set {set_up!r} is not known.")
    if set_up is not None:
        return Charset(set_up, SETS[set_up])
    wanted = tuple(one.strip() for one in asked)
    if wanted == CHINESE_BY_ESCAPES:
        return Charset(list(wanted), "gb2312")
    first = wanted[0] if len(wanted) == 1 else UTF8
    return Charset(first, SETS[first]) if first in SETS else Charset(UTF8, SETS[UTF8])


def encodable(text: str, how: Charset) -> bool:
    """Whether every letter arrives."""
    try:
        return text.isprintable() and bool(text.encode(how.codec) or not text)
    except UnicodeError:
        return False


def carried(how: Charset, *choices: str) -> str:
    """The first choice that arrives whole; else what Latin letters the first one has."""
    for choice in choices:
        if choice and encodable(choice, how):
            return choice
    plain = unicodedata.normalize("NFKD", choices[0]).encode("ascii", "ignore").decode()
    return " ".join("".join(letter for letter in plain if letter.isprintable()).split())

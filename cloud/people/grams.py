"""Pieces of words as numbers, so that any part of a word can be looked up in an index without an extension.

A piece is two or three signs of a word, a single sign in scripts that put no spaces between words, and the first
signs of a word with the space before it. The chain's number goes into each, so an index over many chains answers
for one of them. Two pieces may share a number; whoever asks checks the words afterwards.
"""

from collections.abc import Iterable, Iterator
from zlib import crc32

from cloud.people.names import UNSPACED


def numbers(tenant_id: int, words: Iterable[str]) -> list[int]:
    """The numbers of all pieces of these words, sorted, each a signed 32-bit integer."""
    return sorted({number(tenant_id, piece) for word in words for piece in pieces(word)})


def asked(tenant_id: int, needle: str) -> list[int]:
    """The numbers that every line holding this needle has; none when it is too short to be looked up."""
    return sorted({number(tenant_id, piece) for piece in _asked(needle)})


def number(tenant_id: int, piece: str) -> int:
    """A piece as PostgreSQL's ``integer``, the same for ever."""
    return crc32(f"{tenant_id}:{piece}".encode()) - 2**31


def pieces(word: str) -> Iterator[str]:
    """Every piece under which a word is kept."""
    framed = f" {word} "
    yield from _windows(framed, 3)
    yield framed[:2]
    yield framed[:4]
    if not word.isdecimal():
        yield from _windows(word, 2)
    yield from UNSPACED.findall(word)


def _asked(needle: str) -> Iterator[str]:
    if len(needle) >= 3:
        yield from _windows(needle, 3)
        if needle[0] == " " and len(needle) >= 4:
            yield needle[:4]
    elif UNSPACED.fullmatch(needle) or (len(needle) == 2 and not needle.isdecimal() and needle[1] != " "):
        yield needle


def _windows(text: str, width: int) -> Iterator[str]:
    return (text[at : at + width] for at in range(len(text) - width + 1))

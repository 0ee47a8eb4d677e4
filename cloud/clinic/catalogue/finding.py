"""Looking a code up by any part of its name, in either language, the way people type it."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from cloud.clinic.catalogue.shapes import Diagnosis

_NOWHERE = 9


def nearest(rows: Iterable[Diagnosis], typed: str) -> list[Diagnosis]:
    """The rows in which every typed word stands somewhere: whole names first, then beginnings, then middles."""
    words = _folded(typed).split()
    if not words:
        return []
    found = []
    for row in rows:
        texts = _texts(row)
        ranks = [_rank(texts, word) for word in words]
        if max(ranks) < _NOWHERE:
            found.append((_rank(texts, " ".join(words)), sum(ranks), row.code, row))
    return [row for *_, row in sorted(found, key=lambda one: one[:3])]


@cache
def _texts(row: Diagnosis) -> tuple[str, ...]:
    return tuple(_folded(text) for text in (row.code, row.title.en, row.title.zh, *row.words))


def _rank(texts: tuple[str, ...], word: str) -> int:
    """How near a word is; the code stands first among the texts, and is also known without its dot."""
    code, *names = texts
    if word in (code, code.replace(".", ""), *names):
        return 0
    if code.startswith(word) or code.replace(".", "").startswith(word):
        return 1
    if any(name.startswith(word) for name in names):
        return 2
    if any(f" {word}" in name for name in names):
        return 3
    return 4 if any(word in name for name in names) else _NOWHERE


def _folded(text: str) -> str:
    """One spelling for British and American words, full and half width, and what stands between them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = plain.replace("ae", "e").replace("oe", "e").replace("our", "or")
    return re.sub(r"[\s,;:()\[\]〔〕（）、，/-]+", " ", plain).strip()

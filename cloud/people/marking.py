"""Which part of what is shown is what was typed: also the sign behind its pinyin, and digits between spaces."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cloud.people import asked
from cloud.people.names import FAMILY, GIVEN, HAN, fold, syllables

Piece = tuple[str, bool]


def marked(shown: str, typed: str) -> list[Piece]:
    """The text in pieces, each with whether it is to be marked; together they are the text."""
    needles = dict.fromkeys(needle.strip() for meaning in asked.meanings(typed) for needle in meaning)
    lit = {at for needle in needles for at in _lit(shown, needle)}
    grouped = groupby(range(len(shown)), key=lambda at: at in lit)
    return [("".join(shown[at] for at in run), mark) for mark, run in grouped]


def _lit(shown: str, needle: str) -> set[int]:
    for view in _views(shown):
        text = "".join(sound for _at, sound in view)
        begin = text.find(needle)
        if needle and begin >= 0:
            covered = list(_covered(view, begin, begin + len(needle)))
            return set(range(covered[0], covered[-1] + 1))
    return set()


def _views(shown: str) -> Iterator[Sequence[tuple[int, str]]]:
    """The text as it is searched: folded; without what stands between; in pinyin; in initials."""
    plain = [(at, fold(sign) or sign) for at, sign in enumerate(shown)]
    yield plain
    yield [(at, sign) for at, sign in plain if sign.isalnum()]
    if HAN.search(shown):
        said = [(at, _said(sign, at)) for at, sign in enumerate(shown) if not sign.isspace()]
        yield said
        yield [(at, sound[:1]) for at, sound in said]


def _said(sign: str, at: int) -> str:
    return syllables(sign, GIVEN if at else FAMILY)[0] if HAN.match(sign) else fold(sign)


def _covered(view: Sequence[tuple[int, str]], begin: int, end: int) -> Iterator[int]:
    reached = 0
    for at, sound in view:
        if reached < end and reached + len(sound) > begin:
            yield at
        reached += len(sound)

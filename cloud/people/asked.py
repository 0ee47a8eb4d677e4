"""What was typed into a search, read as names, numbers, telephones and birth dates.

One text may mean several things: ``270384`` is part of a telephone or the 27th of March 1984. Each meaning is a list
of needles, and a person answers to it when the line of their words holds every needle. Needles know a word's begin
and end by the spaces around it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import product

from cloud.kernel.clock import now
from cloud.people.names import UNSPACED, fold

Meaning = tuple[str, ...]
MOST_SIGNS, MOST_WORDS, MOST_MEANINGS = 100, 6, 4
_DATES = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?")
_PHONE = re.compile(r"[+(]?[\d\s().+/-]*\d[\d\s().+/-]*")
_EDGES = ",;，；、"


def meanings(typed: str) -> list[Meaning]:
    """What was typed, in each way it can be meant; empty when nothing was."""
    text = fold(typed[:MOST_SIGNS])
    words = _words(_DATES.sub(lambda found: found.group().replace(" ", ""), text))[:MOST_WORDS]
    if not words:
        return []
    ways = [*_phones(text), *(tuple(way) for way in product(*(_meant(word) for word in words)))]
    return list(dict.fromkeys(ways))[:MOST_MEANINGS]


def _words(text: str) -> list[str]:
    """Words, parted also where Chinese signs meet letters."""
    found = list[str]()
    for word in text.split():
        word = word.strip(_EDGES) or word
        found += [word] if born(word) else re.findall(f"{UNSPACED.pattern}+|[^{UNSPACED.pattern[1:-1]}]+", word)
    return found


def _meant(word: str) -> list[str]:
    dates = [f" {day:%Y%m%d} " for day in born(word)]
    if dates and _DATES.fullmatch(word):
        return dates
    joined = word.replace("'", "")  # xi'an is kept as xian
    return list(dict.fromkeys([word, *([joined] if joined else []), *dates]))


def _phones(text: str) -> Iterator[Meaning]:
    """A whole telephone number, also without the zeros before a country or an area."""
    if not _PHONE.fullmatch(text) or born(text.replace(" ", "")):
        return
    digits = re.sub(r"\D", "", text)
    if digits != text and len(digits) >= 3:
        yield (digits,)
    if digits.startswith("0") and len(digits) >= 6:
        yield (digits.lstrip("0"),)


def born(word: str) -> list[date]:
    """Birth dates this word can mean, the likelier first: year first, then day first, then month first."""
    parts = _DATES.fullmatch(word)
    figures = parts.groups() if parts else ()
    found = list(dict.fromkeys(_dates(figures) if figures else _run_together(word)))
    return [day for day in found if date(1900, 1, 1) <= day <= now().date()]


def _dates(parts: tuple[str, ...]) -> Iterator[date]:
    first, second, third = parts
    if len(first) == 4:
        yield from _day(first, second, third)
        return
    for day, month in ((first, second), (second, first)):
        yield from _day(third, month, day)


def _run_together(word: str) -> Iterator[date]:
    if not word.isdecimal() or len(word) not in (6, 8):
        return
    wide = len(word) - 4
    if wide == 4:
        yield from _day(word[:4], word[4:6], word[6:])
    yield from _day(word[4:], word[2:4], word[:2])
    yield from _day(word[4:], word[:2], word[2:4])
    if wide == 2:
        yield from _day(word[:2], word[2:4], word[4:])


def _day(year: str, month: str, day: str) -> Iterator[date]:
    if len(year) not in (2, 4):
        return
    with suppress(ValueError):
        yield date(_century(int(year)) if len(year) == 2 else int(year), int(month), int(day))


def _century(year: int) -> int:
    """Nobody is born in the future: 84 is 1984, 12 is 2012."""
    return 2000 + year if 2000 + year <= now().year else 1900 + year

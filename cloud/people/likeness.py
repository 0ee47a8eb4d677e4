"""How much two records look like one person: pure, in points with reasons.

Names are compared in any order and across scripts (Chinese by pinyin), then by sound. The sound is Soundex
(Russell and Odell, US patent 1261167) over spellings in which the commonest pinyin slips are levelled first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cloud.people import names

LIKELY = 40
POINTS = {
    "id_number": 100,
    "same_name": 40,
    "like_name": 25,
    "birth_date": 30,
    "birth_year": 10,
    "birth_slip": 15,
    "telephone": 30,
    "email": 30,
    "other_birth": -25,
    "other_sex": -10,
}
_CODES = {
    letter: code for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in letters
}
_LEVELLED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("ph", "f"), ("ck", "k"))


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a person; ``tails`` are ends of telephone numbers, ``emails`` in small letters."""

    name_key: str = ""
    sound_key: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    sex: str | None = None
    id_number: str | None = None
    tails: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Points, and the codes of what they were given for, the weightiest first."""

    points: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Worth showing to a person."""
        return self.points >= LIKELY


def name_key(family: str, given: str) -> str:
    """Both names folded and in pinyin, each run together, in alphabetical order; at most 200 characters."""
    return " ".join(sorted(_parts(family, given)))[:200]


def sound_key(family: str, given: str) -> str:
    """What both names sound like, in alphabetical order; at most 40 characters."""
    return " ".join(sorted(filter(None, map(sound, _parts(family, given)))))[:40]


def _parts(family: str, given: str) -> list[str]:
    if names.HAN.search(family + given):
        family, given = names.apart(family, given)
    said = (names.sort_key(name, "") if names.HAN.search(name) else names.fold(name) for name in (family, given))
    return [bare for one in said if (bare := re.sub(r"[\W_]+", "", one))]


def sound(word: str) -> str:
    """Soundex of a folded word; a word in no Latin letters sounds as it is written."""
    for written, levelled in _LEVELLED:
        word = word.replace(written, levelled)
    if not (word.isascii() and word[:1].isalpha()):
        return word[:20]
    digits, last = "", _CODES.get(word[0])
    for letter in word[1:]:
        code = _CODES.get(letter)
        if code and code != last:
            digits += str(code)
        last = last if letter in "hw" else code
    return f"{word[0].upper()}{digits[:3]:0<3}"


def compare(one: Traits, other: Traits) -> Likeness:
    """How alike two people are."""
    reasons = tuple(sorted(_reasons(one, other), key=lambda code: -POINTS[code]))
    return Likeness(sum(POINTS[code] for code in reasons), reasons)


def _reasons(one: Traits, other: Traits) -> Iterator[str]:
    if one.id_number and one.id_number == other.id_number:
        yield "id_number"
    if one.name_key and one.name_key == other.name_key:
        yield "same_name"
    elif one.sound_key and one.sound_key == other.sound_key:
        yield "like_name"
    yield from _births(one, other)
    if one.tails & other.tails:
        yield "telephone"
    if one.emails & other.emails:
        yield "email"
    if {one.sex, other.sex} == {"female", "male"}:
        yield "other_sex"


def _births(one: Traits, other: Traits) -> Iterator[str]:
    if one.birth_date and other.birth_date:
        yield _dates(one.birth_date, other.birth_date)
        return
    years = {traits.birth_date.year if traits.birth_date else traits.birth_year for traits in (one, other)}
    if None not in years:
        yield "birth_year" if len(years) == 1 else "other_birth"


def _dates(one: date, other: date) -> str:
    if one == other:
        return "birth_date"
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    differing = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return "birth_slip" if swapped or differing == 1 else "other_birth"

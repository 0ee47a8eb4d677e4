"""A call as the phrases a voice says, one after the other."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from protocols.envelope.calls import Called

TABLE = Path(__file__).with_name("phrases.toml")
CHIME, PAUSE = "chime", "pause"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COUNTED = 30  # rooms with a number up to here are spoken once and kept
_PIECES = re.compile(r"\d+|[^\d]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """``id`` names its clip (``en/digit.0``), ``text`` is what espeak-ng says; one of a person is not ``kept``."""

    id: str
    text: str = ""
    language: str = ""
    kept: bool = True


def sentence(called: Called, languages: list[str], repeat: int) -> list[Phrase]:
    """The chime, then everything ``repeat`` times in each language, with a pause between."""
    said = [piece for language in languages for piece in [list(_spoken(called, language))] * repeat]
    found = [Phrase(CHIME)]
    for at, piece in enumerate(said):
        found += [Phrase(PAUSE)] * bool(at) + piece
    return found


def known() -> tuple[str, ...]:
    """The languages there is a table for."""
    return tuple(_table())


def lasting(language: str) -> list[Phrase]:
    """All that is the same for every call: made once, so that no call waits for it."""
    words = [_word(language, name) for name in _table()[language]["phrases"]]
    letters = [_letter(language, one) for one in LETTERS]
    return words + letters + [_count(language, n) for n in range(1, COUNTED + 1)]


def voice(language: str) -> tuple[str, int]:
    """espeak-ng's voice, and its speed in words a minute."""
    table = _table()[language]
    return table["voice"], table["speed"]


def _spoken(called: Called, language: str) -> Iterator[Phrase]:
    for part in _table()[language]["order"]:
        if part == "TICKET":
            yield from (_letter(language, one) for one in called.ticket.upper() if one.isalnum())
        elif part == "PLACE":
            yield from _place(called, language)
        elif part == "WHO":
            yield from _who(called, language)
        elif part != "to" or called.place:
            yield _word(language, part)


def _who(called: Called, language: str) -> Iterator[Phrase]:
    """A name is spoken without its mask, and kept nowhere."""
    if name := re.sub(r"[*＊·•.]+", " ", called.who).strip():
        yield Phrase(f"{language}/who", name, language, kept=False)


def _place(called: Called, language: str) -> Iterator[Phrase]:
    """What is written on the door; numbers as numbers, the rest as phrases where the table knows it."""
    written = called.place.get(language) or next(iter(called.place.values()), "")  # type: ignore[call-overload]
    for piece in _PIECES.findall(written):
        if piece.isdecimal():
            yield _count(language, int(piece))
        elif re.search(r"\w", piece):
            yield from _words(language, piece.strip(" -–,.#"))


def _words(language: str, text: str) -> Iterator[Phrase]:
    names = _table()[language]["places"].get(text.casefold())
    if names is None:
        yield Phrase(f"{language}/said", text, language)
    for name in [names] if isinstance(names, str) else names or []:
        yield _word(language, name)


def _word(language: str, name: str) -> Phrase:
    return Phrase(f"{language}/{name}", _table()[language]["phrases"][name], language)


def _letter(language: str, one: str) -> Phrase:
    if one.isdecimal():
        return _word(language, f"digit.{int(one)}")
    return Phrase(f"{language}/letter.{one}", one, language)


def _count(language: str, number: int) -> Phrase:
    return Phrase(f"{language}/count.{number}", str(number), language)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))

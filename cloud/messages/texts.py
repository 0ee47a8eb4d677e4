"""The words of letters: files of ``texts/``, one a template, by version and language. Old versions stay readable.

``[1]`` says how the template behaves; ``[1.en]`` and ``[1.zh]`` are its words. ``{word}`` is filled in; a line whose
words are all empty is left out.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from cloud.messages.errors import NoSuchText

FOLDER = Path(__file__).with_name("texts")
LANGUAGES = ("en", "zh")
OURS = ("name", "sender")  # words every letter has


@dataclass(frozen=True)
class Text:
    """A template in one language. ``text`` is the whole of it for a telephone.

    ``action`` is what a button says and where it leads, ``scan`` the same of a QR code in an e-mail.
    ``at_once``: it answers what the person has just done, so quiet hours do not hold it back. ``asks``: the person may
    answer C or X.
    """

    name: str
    version: int
    language: str
    at_once: bool
    asks: bool
    subject: str
    title: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    action: tuple[str, str] | None
    scan: tuple[str, str] | None
    after: tuple[str, ...]
    text: str

    def wants(self) -> frozenset[str]:
        """Every word that has to be given."""
        parts = [self.subject, self.title, *self.lines, *self.after, self.text, *(self.action or ())]
        parts += self.scan or ()
        parts += [one for fact in self.facts for one in fact]
        return frozenset(name for part in parts for name in fields(part)) - set(OURS)


def fields(line: str) -> set[str]:
    """Words a line asks for."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(line) if name}


def filled(line: str, words: Mapping[str, str]) -> str:
    """A line with its words; empty where every word of it is empty. Raises NoSuchText."""
    asked = fields(line)
    try:
        if asked and not any(words[one] for one in asked):
            return ""
    except KeyError as missing:
        raise NoSuchText(f"the word {missing} is not given") from missing
    return line.format_map(words)


def current(name: str) -> int:
    """The version written today. Raises NoSuchText."""
    return max(int(one) for one in _read(name))


def names() -> list[str]:
    """Every template."""
    return sorted(one.stem for one in FOLDER.glob("*.toml"))


@cache
def text(name: str, version: int, language: str) -> Text:
    """A template in a language, else in English. Raises NoSuchText."""
    found = _read(name).get(str(version))
    if found is None:
        raise NoSuchText(f"{name} has no version {version}")
    spoken = spoken_of(language)
    said = found[spoken]
    return Text(
        name,
        version,
        spoken,
        bool(found.get("at_once", False)),
        bool(found.get("asks", False)),
        said["subject"],
        said["title"],
        tuple(said.get("lines", ())),
        tuple((label, value) for label, value in said.get("facts", ())),
        _pair(said.get("action")),
        _pair(said.get("scan")),
        tuple(said.get("after", ())),
        said["text"],
    )


def _pair(said: list[str] | None) -> tuple[str, str] | None:
    return (said[0], said[1]) if said else None


def spoken_of(language: str) -> str:
    """The language of ours that comes nearest."""
    start = language.replace("_", "-").split("-")[0].lower()
    return start if start in LANGUAGES else LANGUAGES[0]


@cache
def _read(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.toml"
    if not name.replace("_", "").isalnum() or not path.is_file():
        raise NoSuchText(f"no template is called {name!r}")
    return tomllib.loads(path.read_text())

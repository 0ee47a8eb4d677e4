"""Versioned data of the patients' pages: red flags, limits, how countries dial."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("tables")


@dataclass(frozen=True)
class Question:
    """A question about a red flag, in words by language."""

    code: str
    words: dict[str, str]

    def said(self, language: str) -> str:
        """In this language, else in English."""
        return self.words.get(language, self.words["en"])


@dataclass(frozen=True)
class Limit:
    """At most so many times within so long."""

    times: int
    within: timedelta


@cache
def read(name: str) -> dict[str, Any]:
    """A file of data, by its name."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def red_flags() -> tuple[str, tuple[Question, ...]]:
    """The version of the questions, and the questions in order."""
    told = read("red_flags")
    return told["version"], tuple(
        Question(one["code"], {key: value for key, value in one.items() if key != "code"}) for one in told["question"]
    )


def word(code: str, language: str) -> str:
    """What the practice reads in its queue, in this language, else in English."""
    said: dict[str, str] = read("answers")[code]
    return said.get(language, said["en"])


def limit(of: str, deed: str) -> Limit | None:
    """What holds for a deed by an ``address`` or a ``contact``; None where nothing is counted."""
    told = read("limits")[of].get(deed)
    return Limit(told["times"], timedelta(minutes=told["minutes"])) if told else None


def setting(of: str, name: str) -> Any:
    """A single figure of ``limits.toml``."""
    return read("limits")[of][name]

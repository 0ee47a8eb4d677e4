"""When somebody has to be told about a gateway: versioned data with its words, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

HERE = Path(__file__).parent


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in every language of the pages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """In this language, else in English."""
        return self.zh if language.startswith("zh") else self.en


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: its default amount in its own unit with the bounds a chain may set, and its words."""

    severity: Literal["danger", "warning"]
    unit: Literal["minutes", "days", "megabytes", "rows", "none"]
    calm_s: int
    title: Words
    said: Words
    advice: Words
    setting: Words
    amount: int | None = None
    least: int = 0
    most: int = 0
    urgent: bool = False
    heard: bool = False


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name, in the order of the file."""
    read = tomllib.loads((HERE / "alerts.toml").read_text())
    read.pop("version")
    return msgspec.convert(read, dict[str, Rule])


@cache
def edition() -> str:
    """The edition of the table."""
    return str(tomllib.loads((HERE / "alerts.toml").read_text())["version"])

"""The words of consents, with their versions, as ``consents.toml`` has them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("consents.toml")


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


def current(purpose: str) -> str:
    """The version asked for today."""
    return str(max(_read()[purpose], key=int))


def words(purpose: str, version: str, language: str) -> str:
    """What was or is asked, in this language, else in English; empty when no such version is known any more."""
    text = _read().get(purpose, {}).get(version, {})
    return str(text.get(language) or text.get("en") or "")


def guardian_below() -> int:
    """The age, in years, below which a guardian answers."""
    return int(_read()["guardian_below_age"])

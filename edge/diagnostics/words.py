"""Sentences in the store's language, out of the TOML files beside their code."""

import functools
import tomllib
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")


@functools.cache
def sentences(file: Path) -> dict[str, Any]:
    """A file of words; every text is a table of languages."""
    return tomllib.loads(file.read_text("utf-8"))


def in_language(text: dict[str, str], language: str) -> str:
    """The text as the store reads it; English where it was never translated."""
    return text.get(language) or text["en"]

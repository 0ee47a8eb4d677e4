"""What an instrument sent beyond the vocabulary, under its own names: a screener's gaze, its verdict, its settings."""

from collections.abc import Iterator
from typing import Any

from cloud.web.cards.shape import Fact


def also(extra: dict[str, Any]) -> list[Fact]:
    """Every value with the path of its names, in the order it came."""
    return [Fact(name, text) for name, text in _flat("", extra)]


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(f"{name} {key}".strip(), part)
    elif isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        for number, part in enumerate(value, 1):
            yield from _flat(f"{name} {number}".strip(), part)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)

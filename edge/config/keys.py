"""What a key of the configuration may hold: a test, and how to say what was expected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def shown(value: Any) -> str:
    """A value as TOML writes it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: a test, and how to say what was expected."""

    fits: Callable[[Any], bool]
    expected: str
    needed: bool = False
    secret: bool = False


def text(expected: str = "a text in quotes", needed: bool = False) -> Key:
    """A non-empty string."""
    return Key(lambda value: isinstance(value, str) and value.strip() != "", expected, needed)


def number(expected: str, least: float = 0) -> Key:
    """A number; TOML keeps true and false apart, Python does not."""
    return Key(lambda v: isinstance(v, int | float) and not isinstance(v, bool) and v >= least, expected)


def one_of(*values: Any, needed: bool = False) -> Key:
    """One of a few."""
    return Key(lambda v: v in values and not isinstance(v, bool), "one of " + ", ".join(map(shown, values)), needed)


def whole(least: int, most: int, needed: bool = False) -> Key:
    """A whole number."""
    return Key(lambda v: type(v) is int and least <= v <= most, f"a whole number from {least} to {most}", needed)


def switch() -> Key:
    """On or off."""
    return Key(lambda v: isinstance(v, bool), "true or false")


def some(fits: Callable[[Any], bool], expected: str, needed: bool = False) -> Key:
    """A list of at least one."""
    return Key(lambda v: isinstance(v, list) and len(v) > 0 and all(map(fits, v)), expected, needed)

"""What a heading means: what the chain chose for it last, else what other systems mean by it. Pure but for its data."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from cloud.imports.choices import REPEATED, Field
from cloud.people.names import fold


@cache
def meanings() -> dict[str, Any]:
    """By field: what is shown for it, an example, and the headings that mean it."""
    return tomllib.loads(files(__package__).joinpath("headings.toml").read_text("utf-8"))


@cache
def _fields() -> dict[str, str]:
    return {word: field for field, told in meanings().items() for word in (*told["means"], *_shown(told))}


def _shown(told: Mapping[str, Any]) -> list[str]:
    return [key(one) for one in told["shown"].values()]


def key(heading: str) -> str:
    """A heading by which it is remembered: folded, without spaces and signs; at most 100 characters."""
    return re.sub(r"[\W_]+", "", fold(heading))[:100]


def guess(headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """A field for each column, empty where none is known; a field that cannot stand twice goes to the first."""
    found = list[str]()
    for heading in headings:
        told = key(heading)
        field = remembered[told] if told in remembered else _fields().get(told, "")
        taken = field in found and field not in REPEATED
        found.append("" if taken or field not in set(Field) else field)
    return found

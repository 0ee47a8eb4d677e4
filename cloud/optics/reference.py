"""Reference tables: numbers from the literature as versioned data, never as code.

A table (``tables/<name>.toml``) holds one or more editions. Where sources disagree each reading is an edition and
the chain chooses; the first one serves until it has chosen.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from cloud.optics.words import Words


class NoSuchEdition(LookupError):
    """The table has no edition of this name."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One reading of a table: whom it was measured on, where it was printed, whether anybody checked it."""

    table: str
    id: str
    version: str
    title: Words
    population: Words
    source: str
    unverified: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A reference table with its editions in order; the first is the default."""

    id: str
    title: Words
    editions: tuple[Edition, ...]

    def edition(self, name: str | None = None) -> Edition:
        """One of them, the default for None. Raises NoSuchEdition."""
        if name is None:
            return self.editions[0]
        for found in self.editions:
            if found.id == name:
                return found
        raise NoSuchEdition(f"{self.id} has no edition {name!r}")


@cache
def table(name: str) -> Table:
    """The table of this name. Raises FileNotFoundError."""
    text = (files("cloud.optics") / "tables" / f"{name}.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text, parse_float=Decimal)
    editions = tuple(_edition(name, part) for part in raw["edition"])
    return Table(id=name, title=Words.read(raw["title"]), editions=editions)


def _edition(name: str, raw: Mapping[str, Any]) -> Edition:
    return Edition(
        table=name,
        id=raw["id"],
        version=raw["version"],
        title=Words.read(raw["title"]),
        population=Words.read(raw["population"]),
        source=raw["source"],
        unverified=raw.get("unverified", False),
        data=_exact(raw["data"]),
    )


def _exact(raw: Any) -> Any:
    """Whole numbers as decimals too, so that a table's 4 and 4.0 are one."""
    if isinstance(raw, dict):
        return {key: _exact(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_exact(value) for value in raw]
    return Decimal(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


@cache
def tables() -> tuple[Table, ...]:
    """Every table there is, by name."""
    places = (files("cloud.optics") / "tables").iterdir()
    return tuple(table(name) for name in sorted(p.name[:-5] for p in places if p.name.endswith(".toml")))

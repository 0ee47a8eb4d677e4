"""Which column means what: an alias table that is data, because no maker has published one.

A name is compared without case, blanks and marks, and without its unit. A unit that is named must be the expected
one: the same figure in another unit is another value.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

_UNIT = re.compile(r"[\[(]\s*([^\])]*?)\s*[\])]\s*$")
_UNITS = {
    "mmhg": "mmHg",
    "ms": "ms",
    "m/s": "m/s",
    "mm": "mm",
    "um": "um",
    "µm": "um",
    "μm": "um",
    "micron": "um",
    "microns": "um",
    "mmhg/mm": "mmHg/mm",
    "mm^-1": "1/mm",
    "mm-1": "1/mm",
    "1/mm": "1/mm",
    "d": "D",
    "dpt": "D",
    "dptr": "D",
    "°": "deg",
    "deg": "deg",
    "mm^3": "mm3",
    "mm³": "mm3",
    "mm3": "mm3",
}


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value: the names it goes by, its unit, and between what an eye can have it (inclusive)."""

    names: tuple[str, ...]
    least: Decimal
    most: Decimal
    unit: str = ""
    whole: bool = False


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alias table: ``who`` are the columns about a person and an examination, ``values`` what was measured.

    ``indices`` are a maker's own figures that keep the maker's name.
    """

    version: str
    source: str
    who: dict[str, tuple[str, ...]] = {}
    values: dict[str, Column] = {}
    indices: dict[str, tuple[str, ...]] = {}

    def person(self) -> dict[str, str]:
        """Plain names of columns about a person or an examination, and what each is."""
        return {plain(name)[0]: key for key, names in self.who.items() for name in names}

    def measured(self) -> dict[str, str]:
        """Plain names of measured columns, and the key of each."""
        return {plain(name)[0]: key for key, column in self.values.items() for name in column.names}

    def own(self) -> dict[str, str]:
        """Plain names of the maker's indices, and the name under which each is kept."""
        return {plain(name)[0]: key for key, names in self.indices.items() for name in names}


def columns_of(file: Path) -> Columns:
    """An alias table that stands beside its dialect."""
    return _columns(tomllib.loads(file.read_text("utf-8")))


def _columns(said: Mapping[str, Any]) -> Columns:
    return msgspec.convert(said, Columns, strict=False)


def plain(name: str) -> tuple[str, str]:
    """A name without case, blanks and marks, and the unit that stood behind it (empty where none did)."""
    found = _UNIT.search(name)
    unit = _UNITS.get(found[1].lower().replace(" ", ""), "") if found else ""
    bare = name[: found.start()] if found and unit else name
    return re.sub(r"[^a-z0-9]", "", bare.lower()), unit

"""Limits beyond which a value is doubted: versioned data, never numbers in code."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("limits.toml")


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in every language of the pages."""

    en: str
    zh: str


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is still believed, both ends included."""

    low: Decimal
    high: Decimal
    words: Said
    unit: str

    def holds(self, value: Decimal) -> bool:
        """Whether it may be."""
        return self.low <= value <= self.high


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a perimetry may miss, in percent."""

    fixation_losses: Decimal
    false_positives: Decimal
    false_negatives: Decimal


class Signal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least signal that a maker (in small letters) calls good, and what its scale ends at."""

    maker: str
    least: Decimal
    of: Decimal


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table; ``unverified`` until somebody has held it against its sources."""

    version: str
    unverified: bool
    values: dict[str, Range]
    field: Field
    signal: tuple[Signal, ...]


@cache
def limits() -> Limits:
    """The table as it stands."""
    read = tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal)
    return msgspec.convert(read, Limits, strict=False)

"""Limits of checks, comparisons and warnings: versioned data with its source, never numbers in code.

``checks.toml`` and ``warnings.toml`` hold a row for each finding, with its weight and its words in every language;
``repeatability.toml`` says how much two measurements of one eye may differ. ``unverified`` marks what nobody has
held against the source yet.
"""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec
from babel.dates import format_date
from flask_babel import get_locale

from cloud.clinic.catalogue.shapes import Words
from cloud.clinic.choices import Level
from cloud.web import times

HERE = Path(__file__).parent


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One finding: how much it weighs, its limits by name, and its words by what was found."""

    version: str
    level: Level
    source: str
    words: dict[str, Words]
    limits: dict[str, Decimal] = {}
    elements: tuple[str, ...] = ()
    unverified: bool = False

    def __getitem__(self, limit: str) -> Decimal:
        return self.limits[limit]

    def said(self, which: str, **numbers: object) -> str:
        """The words of what was found, in the reader's language, with its numbers."""
        return self.words[which].said(language()).format(**numbers)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far apart two measurements of one kind may lie; a change of ``limit`` or more is marked.

    ``fields`` names the plain figures it holds for; powers, acuities and pressures are compared in their own ways.
    """

    limit: Decimal
    unit: str
    source: str
    unverified: bool = False
    fields: tuple[str, ...] = ()


@cache
def rows(name: str) -> dict[str, Row]:
    """The findings of a table, by id."""
    return msgspec.convert(_read(name)["rows"], dict[str, Row], strict=False)


@cache
def steps() -> dict[str, Step]:
    """Repeatability, by what is measured."""
    return msgspec.convert(_read("repeatability")["steps"], dict[str, Step], strict=False)


@cache
def step_of(element: str, field: str) -> Step | None:
    """The repeatability of a plain figure; None where none is known."""
    return next((step for step in steps().values() if f"{element}.{field}" in step.fields), None)


def tonometers() -> list[dict[str, Any]]:
    """How instruments measure pressure, by maker and beginning of model."""
    return list(_read("tonometers")["instruments"])


def phrase(which: str, **numbers: object) -> str:
    """A change in the reader's language."""
    return put("repeatability", which, **numbers)


def put(name: str, which: str, **numbers: object) -> str:
    """Words of a table in the reader's language, with their numbers."""
    return _words(name)[which].said(language()).format(**numbers)


@cache
def _words(name: str) -> dict[str, Words]:
    return msgspec.convert(_read(name)["words"], dict[str, Words])


def version(name: str) -> str:
    """Which version of a table is in use."""
    return str(_read(name)["version"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)


def language() -> str:
    """The reader's language; English where nobody asks."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def day(moment: datetime) -> str:
    """The day on the store's calendar, in the reader's language; also where there is no page."""
    return _day(times.in_store(moment).date(), language())


@lru_cache(maxsize=1024)
def _day(one: date, spoken: str) -> str:
    return format_date(one, "y年M月d日" if spoken == "zh" else "d MMM y", locale=spoken)

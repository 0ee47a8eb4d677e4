"""The catalogue, read once from the TOML files beside this module."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cloud.clinic.catalogue import finding
from cloud.clinic.catalogue.shapes import Codes, Diagnosis, Element, Field, Group, Option, Template, Unit

HERE = Path(__file__).parent
Shape = TypeVar("Shape")


class NoSuchElement(LookupError):
    """The catalogue has no element or field of this name."""


@cache
def elements() -> dict[str, Element]:
    """Every element type by code, newest version."""
    return {one.code: one for one in _read_all("elements", Element)}


@cache
def templates() -> dict[str, Template]:
    """Every visit template by code, in the order they are offered."""
    found = sorted(_read_all("templates", Template), key=lambda one: (one.order, one.code))
    return {one.code: one for one in found}


@cache
def groups() -> dict[str, Group]:
    """The headings of an examination, in their order on the page."""
    found = msgspec.convert(_parsed(HERE / "groups.toml")["groups"], tuple[Group, ...])
    return {one.code: one for one in found}


@cache
def units() -> dict[str, Unit]:
    """Units by what the pages write for them."""
    found = msgspec.convert(_parsed(HERE / "units.toml")["units"], tuple[Unit, ...])
    return {one.code: one for one in found}


@cache
def lists() -> dict[str, tuple[Option, ...]]:
    """Choices that several fields share, by name; a field names one as ``options = "eye"``."""
    found: dict[str, tuple[Option, ...]] = {}
    for path in sorted((HERE / "lists").glob("*.toml")):
        found |= msgspec.convert(_parsed(path), dict[str, tuple[Option, ...]])
    return found


@cache
def codes(system: str) -> Codes:
    """A code list. Raises NoSuchElement."""
    path = HERE / "codes" / f"{system}.toml"
    if not system.isidentifier() or not path.is_file():
        raise NoSuchElement(system)
    return msgspec.convert(_parsed(path), Codes)


def find_codes(system: str, words: str, limit: int = 20) -> list[Diagnosis]:
    """Rows of a code list by code, abbreviation or any part of a name in either language. Raises NoSuchElement."""
    return finding.nearest(codes(system).rows, words)[:limit]


def element(code: str) -> Element:
    """One element type. Raises NoSuchElement."""
    try:
        return elements()[code]
    except KeyError:
        raise NoSuchElement(code) from None


def field(element_code: str, field_code: str) -> Field:
    """One field of an element type. Raises NoSuchElement."""
    found = element(element_code).field(field_code)
    if found is None:
        raise NoSuchElement(f"{element_code}.{field_code}")
    return found


def for_age(years: int | None) -> list[Template]:
    """The templates meant for somebody of this age, in the catalogue's order; all of them when it is not known."""
    return [one for one in templates().values() if years is None or one.from_age <= years <= one.to_age]


def _read_all(folder: str, shape: type[Shape]) -> Iterator[Shape]:
    for path in sorted((HERE / folder).glob("*.toml")):
        try:
            yield msgspec.convert(_with_lists(_parsed(path)), shape)
        except (msgspec.ValidationError, KeyError) as trouble:
            raise ValueError(f"{path.name}: {trouble}") from trouble


def _with_lists(parsed: dict[str, Any]) -> dict[str, Any]:
    for one in parsed.get("fields", ()):
        if isinstance(one.get("options"), str):
            one["options"] = lists()[one["options"]]
    return parsed


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)

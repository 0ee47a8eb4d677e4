"""What a signed sheet says in the figures that cases are looked for by, as rows that can be searched."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

from cloud.clinic import models
from cloud.clinic.catalogue.shapes import Words
from cloud.clinic.models import Encounter, Version
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet

THOUSAND = 1000


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure to look for; where ``half`` names a field, half of that is added, as for the spherical equivalent."""

    code: str
    element: str
    field: str
    unit: str
    words: Words
    half: str = ""


@cache
def figures() -> dict[str, Figure]:
    """The figures one may ask for, by code."""
    read = tomllib.loads((Path(__file__).parent / "tables" / "cases.toml").read_text("utf-8"))
    return {one.code: one for one in msgspec.convert(read["figures"], tuple[Figure, ...])}


def rows(visit: Encounter, version: Version, sheet: Sheet) -> Iterator[models.Figure]:
    """A row for each of them on the sheet that is being signed."""
    for figure in figures().values():
        for place, item in sheet.of(figure.element):
            if place.field == figure.field and item.value and item.value.number is not None:
                whole = item.value.number + _half(sheet, place, figure)
                yield _row(visit, version, place, item, figure.code, whole)


def _half(sheet: Sheet, place: Place, figure: Figure) -> Decimal:
    other = sheet.number(place.element, place.n, figure.half, place.side) if figure.half else None
    return (other or Decimal(0)) / 2


def _row(visit: Encounter, version: Version, place: Place, item: Item, code: str, whole: Decimal) -> models.Figure:
    return models.Figure(
        version_id=version.id,
        encounter_id=visit.id,
        patient_id=visit.patient_id,
        element=place.element,
        n=place.n,
        side=place.side.value,
        code=code,
        thousandths=round(whole * THOUSAND),
        found_at=item.measured_at or visit.began_at,
    )

"""One row of a table: who was examined and when, which eye, the values that are known, and everything else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from protocols.export.columns import Column, Columns, plain
from protocols.export.days import Days
from protocols.export.table import Table
from protocols.readings import PatientRef

Side = Literal["right", "left"]
EYES: dict[str, Side] = {"right": "right", "r": "right", "od": "right", "left": "left", "l": "left", "os": "left"}
_FIGURE = re.compile(r"([+-]?)\s*(\d{1,6}(?:[.,]\d{1,8})?)\s*(°?)")
_MISSING = frozenset({"", "-", "--", "---", "n/a", "nan", "#"})


@dataclass
class Row:
    """Values by key, ``indices`` by the maker's names, ``rest`` by the columns' own; ``told`` is who and when."""

    told: dict[str, str] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)
    indices: dict[str, Decimal] = field(default_factory=dict)
    rest: dict[str, str] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    @property
    def eye(self) -> Side | None:
        """Right or left, when the row says so."""
        return EYES.get(self.told.get("eye", "").strip().lower())

    def patient(self, days: Days) -> PatientRef | None:
        """Who was examined."""
        name = ", ".join(filter(None, (self.told.get("last_name", ""), self.told.get("first_name", ""))))
        birth = self.told.get("birth", "")
        known = PatientRef(
            id=self.told.get("id") or None, name=name or None, birth_date=days.iso(birth) if birth else None
        )
        return known if known != PatientRef() else None

    def moment(self, days: Days) -> str | None:
        """When it was measured, by the clock of the computer that wrote the file."""
        return days.moment(self.told.get("day", ""), self.told.get("time", ""))


def rows_of(table: Table, known: Columns) -> Iterator[Row]:
    """Every row once: exports that grow repeat rows."""
    places = list(_places(table.columns, known))
    for cells in dict.fromkeys(table.rows):
        yield _row(places, cells)


class _Place(NamedTuple):
    """What a column is: its name, and the key of one of the three if it is known."""

    name: str
    person: str | None
    measured: tuple[str, Column] | None
    own: str | None


def _places(names: tuple[str, ...], known: Columns) -> Iterator[_Place]:
    person, measured, own = known.person(), known.measured(), known.own()
    for name in names:
        bare, unit = plain(name)
        key = measured.get(bare)
        column = known.values[key] if key else None
        fits = column is not None and unit in ("", column.unit)
        yield _Place(name, person.get(bare), (key, column) if key and column and fits else None, own.get(bare))


def _row(places: Sequence[_Place], cells: tuple[str, ...]) -> Row:
    row = Row()
    for place, cell in zip(places, cells, strict=True):
        if place.person is not None:
            row.told.setdefault(place.person, cell)
        elif cell.strip().lower() in _MISSING:
            continue
        elif place.measured is not None:
            _measure(row, *place.measured, place.name, cell)
        elif place.own is not None and (value := _figure(cell)) is not None:
            row.indices.setdefault(place.own, value)
        else:
            row.rest[place.name] = cell
    return row


def _measure(row: Row, key: str, column: Column, name: str, cell: str) -> None:
    """A figure an eye can have; two columns that disagree about one value are both kept as they came."""
    value = _figure(cell)
    fits = value is not None and column.least <= value <= column.most
    whole = value is not None and (not column.whole or value == value.to_integral_value())
    if value is None or not fits or not whole or row.values.get(key, value) != value:
        row.rest[name] = cell
        row.unreadable.append(name)
        return
    row.values[key] = value


def _figure(cell: str) -> Decimal | None:
    found = _FIGURE.fullmatch(cell.strip())
    return Decimal(found[1] + found[2].replace(",", ".")) if found else None

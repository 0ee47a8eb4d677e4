"""Rows become readings: one of each kind that a row has values of. What cannot be read refuses the whole file."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from protocols.envelope.table_map import MappedColumn, TableMap
from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.labelled import Heading
from protocols.mapped_table import formats
from protocols.mapped_table.table import Cell, Record, Sheet, sheet, sides
from protocols.mapped_table.vocabulary import KINDS, UNITS, Word, is_measured, of_an_eye, unit, word
from protocols.readings import UNNAMED, OrderRef, PatientRef, Reading

MOST_TOLD = 5
BY_MAP = "The maker has not described this table; its columns were named by whoever set this gateway up."
_CHAMBER = {"acd_epithelium_mm": "epithelium", "acd_endothelium_mm": "endothelium"}
Side = str | None
Parts = dict[Side, dict[str, Any]]


def readings(raw: bytes, drawn: TableMap, name: str, dialect: str) -> tuple[Reading, ...]:
    """Everything measured in a file called ``name``. Raises Unread with line and column of what is wrong."""
    found = sheet(raw, drawn)
    reader = Reader(raw, drawn, dialect, _eye_of_the_file(found, drawn, name))
    told = tuple(reading for record in found.records for reading in reader.row(record))
    if reader.problems:
        more = len(reader.problems) - MOST_TOLD
        raise Unread(" ".join(reader.problems[:MOST_TOLD]) + (f" {more} more." if more > 0 else ""))
    if not told:
        raise Unread("No row holds a value.")
    return told


def _eye_of_the_file(found: Sheet, drawn: TableMap, name: str) -> Side:
    """The eye that a name or a line above the table tells for all rows. Raises Unread."""
    eye = drawn.eye
    if eye is None or eye.column:
        return None
    said, where = name, "The file's name"
    if eye.line is not None:
        said = " ".join(cell for line, cells in found.above if line == eye.line for cell in cells)
        where = f"Line {eye.line}"
    spoken = sides(said, eye)
    if len(spoken) != 1:
        raise Unread(f"{where} does not say one eye by the words of the map.")
    return spoken.pop()


class Reader:
    """Reads row after row and remembers what is wrong."""

    def __init__(self, raw: bytes, drawn: TableMap, dialect: str, side: Side) -> None:
        self._proof, self._drawn, self._dialect, self._side = integrity(raw), drawn, dialect, side
        self._figure = re.compile(rf"([+-]?)(\d{{1,6}})(?:{re.escape(drawn.decimal)}(\d{{1,8}}))?")
        self._missing = {one.casefold() for one in drawn.missing} | {""}
        self.problems: list[str] = []

    def row(self, record: Record) -> Iterator[Reading]:
        """What a row holds, kind by kind."""
        kinds, told = self._gathered(record)
        self._eyeless(record, any(None in parts for parts in kinds.values()))
        for kind, parts in kinds.items():
            if set(parts) - {"reading"} and not self.problems:
                yield self._reading(kind, parts, told, record)

    def _gathered(self, record: Record) -> tuple[dict[str, Parts], dict[str, str]]:
        """Values by kind and eye, and what is said of person, day and order."""
        kinds: dict[str, Parts] = defaultdict(lambda: defaultdict(dict))
        told, side = dict[str, str](), self._row_side(record)
        for column, cell in self._filled(record):
            if not is_measured(column.key):
                told[column.key] = self._text(column, cell)
                continue
            kind, _, place = column.key.partition(".")
            of = (column.eye or side) if of_an_eye(column.key) else "reading"
            _put(kinds[kind][of], place, self._value(column, cell))
        return kinds, told

    def _filled(self, record: Record) -> Iterator[tuple[MappedColumn, Cell]]:
        for column in self._drawn.column:
            cell = record[column.name]
            if cell.said.casefold() not in self._missing:
                yield column, cell

    def _row_side(self, record: Record) -> Side:
        eye = self._drawn.eye
        if eye is None or not eye.column:
            return self._side
        said = record[eye.column].said.casefold()
        return next((side for side in ("right", "left") if said in _folded(getattr(eye, side))), None)

    def _eyeless(self, record: Record, values: bool) -> None:
        """Values without an eye; a row that has no values needs none."""
        if values and self._drawn.eye is not None and self._drawn.eye.column:
            name = self._drawn.eye.column
            self._say(record[name], name, "is no word for an eye that the map knows")

    def _text(self, column: MappedColumn, cell: Cell) -> str:
        known = word(column.key)
        if known is None or known.dated is None:
            return cell.said
        form = str(getattr(self._drawn, known.dated))
        found = formats.told(known.dated, form, cell.said)
        if found is None:
            self._say(cell, column.name, f"is no {known.dated} written as {form}")
        return found or ""

    def _value(self, column: MappedColumn, cell: Cell) -> Any:
        known = word(column.key)
        if known is None or known.text:
            return cell.said
        value = self._number(cell, column.name)
        return None if value is None else self._fitted(column, cell, known, value)

    def _number(self, cell: Cell, name: str) -> Decimal | None:
        found = self._figure.fullmatch(cell.said)
        if found is None:
            mark = "point" if self._drawn.decimal == "." else "comma"
            self._say(cell, name, f"is no number with a decimal {mark}")
            return None
        return Decimal(f"{found[1]}{found[2]}{'.' + found[3] if found[3] else ''}")

    def _fitted(self, column: MappedColumn, cell: Cell, known: Word, written: Decimal) -> Decimal | int:
        """The figure in the vocabulary's unit, within what an eye can have."""
        value = _moved(written, UNITS[known.unit].get(unit(column.unit or ""), 0))
        if not known.least <= value <= known.most:
            named = column.unit or "none"
            self._say(cell, column.name, f"lies outside of what {column.key} can be; is its unit {named}?")
        if known.whole and value != value.to_integral_value():
            self._say(cell, column.name, "is no whole number")
        return int(value) if known.whole else value

    def _say(self, cell: Cell, name: str, what: str) -> None:
        self.problems.append(f"Line {cell.line}, column {name!r}: the cell {what}{'' if what.endswith('?') else '.'}")

    def _reading(self, kind: str, parts: Parts, told: dict[str, str], record: Record) -> Reading:
        drawn, (whole, eye) = self._drawn, KINDS[kind]
        heading = Heading(self._proof, self._dialect, maker=drawn.maker or UNNAMED, model=drawn.model or UNNAMED)
        heading.note("by_a_map", BY_MAP)
        heading.patient_ref, heading.measured_at = _patient(told), _moment(told)
        for name in drawn.keep:
            if name in record and record[name].said:
                heading.keep(name, record[name].said)
        keys = heading.keys() | parts.get("reading", {})
        eyes: dict[str, Any] = {
            side: msgspec.convert(values, eye) for side, values in parts.items() if side and side != "reading"
        }
        accession = told.get("order.accession")
        made: Reading = whole(**keys, **eyes, order=OrderRef(accession=accession) if accession else None)
        return made


def _folded(words: list[str]) -> set[str]:
    return {one.casefold() for one in words}


def _put(values: dict[str, Any], place: str, value: Any) -> None:
    """A value at its place, however deep; a chamber says where it begins."""
    if place in _CHAMBER:
        values |= {"acd_mm": value, "acd_from": _CHAMBER[place]}
        return
    stem, _, last = place.rpartition(".")
    (values.setdefault(stem, {}) if stem else values)[last] = value


def _moved(value: Decimal, by: int) -> Decimal:
    """Moved by a power of ten, all digits kept and no exponent shown."""
    moved = value.scaleb(by)
    return moved.quantize(Decimal(1)) if moved.as_tuple().exponent > 0 else moved  # type: ignore[operator]


def _patient(told: dict[str, str]) -> PatientRef | None:
    apart = ", ".join(filter(None, (told.get("patient.last_name"), told.get("patient.first_name"))))
    found = PatientRef(
        id=told.get("patient.id"),
        name=told.get("patient.name") or apart or None,
        birth_date=told.get("patient.birth_date") or None,
    )
    return found if found != PatientRef() else None


def _moment(told: dict[str, str]) -> str | None:
    day, time = told.get("exam.day"), told.get("exam.time")
    return told.get("exam.moment") or (f"{day}T{time}" if day and time else day)

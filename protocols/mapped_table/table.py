"""The cells of a file by the names on the map, each with its line; whatever the map does not name is refused."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protocols.envelope.table_map import EyeFrom, TableMap
from protocols.framing import Unread

MOST_ROWS = 5000
MOST_CELLS = 400_000
_WORD = re.compile(r"[\W_]+")


class Cell(NamedTuple):
    """A cell and the line it stands in, from 1."""

    line: int
    said: str


Record = dict[str, Cell]
Line = tuple[int, tuple[str, ...]]


class Sheet(NamedTuple):
    """What stands above the table, line by line, and the table."""

    above: tuple[Line, ...]
    records: tuple[Record, ...]


def sheet(raw: bytes, drawn: TableMap) -> Sheet:
    """The table of a file; rows that repeat are there once. Raises Unread where lines or columns are not the map's."""
    lines = list(_lines(text(raw, drawn.encoding), drawn.delimiter))
    above = tuple(line for line in lines if line[0] < drawn.header)
    below = list(_until(drawn.until, (line for line in lines if line[0] >= drawn.header)))
    if drawn.layout == "pairs":
        return Sheet(above, (_pairs(below, drawn),))
    return Sheet(above, tuple(_wanted(_rows(below, drawn), drawn)))


def text(raw: bytes, encoding: str) -> str:
    """The file's text. Raises Unread."""
    try:
        said = raw.decode(encoding)
    except UnicodeDecodeError as failure:
        why = f"The file is not written in {encoding}: byte {failure.start} does not belong there."
        raise Unread(why, failure.start) from None
    except (LookupError, ValueError):
        raise Unread(f"The file cannot be read as {encoding}.") from None
    return said.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _lines(said: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(said.split("\n"), delimiter=delimiter, strict=True)
    count = 0
    try:
        for cells in reader:
            told = tuple(cell.strip(" \t\x00\x1a\xa0") for cell in cells)
            count += len(told)
            if count > MOST_CELLS:
                raise Unread(f"The file has more than {MOST_CELLS} cells.")
            if any(told):
                yield reader.line_num, told
    except csv.Error:
        raise Unread(f"Line {reader.line_num}: its quotation marks or cells do not end as they should.") from None


def _until(end: str | None, lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        if end is not None and line[1][0] == end:
            return
        yield line


def _rows(lines: list[Line], drawn: TableMap) -> Iterator[Record]:
    if not lines:
        raise Unread(f"There is nothing in line {drawn.header or 1} or below it.")
    if drawn.header == 0:
        names, first = tuple(str(at + 1) for at in range(len(_trimmed(lines[0][1])))), 1
    else:
        (first, head), *lines = lines
        names = named(head)
    _compared(names, first, drawn)
    seen = set()
    for line, cells in lines:
        fitted = _fitted(line, cells, len(names))
        if fitted not in seen:
            seen.add(fitted)
            yield {name: Cell(line, said) for name, said in zip(names, fitted, strict=True)}
        if len(seen) > MOST_ROWS:
            raise Unread(f"The table has more than {MOST_ROWS} rows.")


def named(head: tuple[str, ...]) -> tuple[str, ...]:
    """The names of columns; one that comes again is called ``name (2)``."""
    seen: Counter[str] = Counter()
    names = []
    for name in _trimmed(head):
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _fitted(line: int, cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A delimiter behind the last cell is no cell."""
    found = len(_trimmed(cells))
    if found > width or len(cells) < width:
        raise Unread(f"Line {line} has {len(cells)} cells, but there are {width} columns.")
    return cells[:width]


def _compared(names: Iterable[str], line: int, drawn: TableMap) -> None:
    """Every name on the map is there, and none that is not on it."""
    wanted = {column.name for column in drawn.column} | {one.column for one in drawn.only}
    wanted |= {drawn.eye.column} if drawn.eye and drawn.eye.column else set()
    there = set(names)
    strange = [name or "(without a name)" for name in there - wanted - {*drawn.keep, *drawn.ignore}]
    absent = wanted - there
    said = [
        f"Line {line}: the map knows no column {name!r}; map it, or list it under keep or ignore." for name in strange
    ]
    said += [f"Line {line}: there is no column {name!r}, which the map names." for name in absent]
    if said:
        raise Unread(" ".join(sorted(said)[:10]))


def _pairs(lines: list[Line], drawn: TableMap) -> Record:
    found: Record = {}
    for line, cells in lines:
        name, said, *rest = (*cells, "")
        if any(rest) and name not in drawn.ignore:
            raise Unread(f"Line {line} is no name with one value.")
        if name in found and name not in drawn.ignore:
            raise Unread(f"Line {line}: {name!r} stands there a second time.")
        found[name] = Cell(line, said)
    _compared_pairs(found, drawn)
    return found


def _compared_pairs(found: Record, drawn: TableMap) -> None:
    first = min((cell.line for cell in found.values()), default=drawn.header)
    strange = [name for name in found if name not in {column.name for column in drawn.column}]
    line = found[strange[0]].line if strange else first
    _compared(found, line, drawn)


def _wanted(records: Iterable[Record], drawn: TableMap) -> Iterator[Record]:
    """Rows that the filter lets through."""
    for record in records:
        if all(record[one.column].said in one.values for one in drawn.only):
            yield record


def sides(said: str, eye: EyeFrom) -> set[str]:
    """Which eyes a name or a line speaks of."""
    spoken = {one.casefold() for one in _WORD.split(said)}
    return {side for side in ("right", "left") if spoken & {one.casefold() for one in getattr(eye, side)}}

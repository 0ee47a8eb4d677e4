"""Tables as makers write them: Windows-1252 or UTF-8, a delimiter, names of columns that end in a colon.

A degree sign that went through two conversions arrives as ``Â°`` and is mended; nothing else is.
"""

import csv
from typing import NamedTuple

from protocols.framing import Unread

DELIMITERS = ";\t,"
MOST_ROWS, MOST_COLUMNS = 5000, 8000
_HEAD = 64 * 1024


class Table(NamedTuple):
    """Names as they stand in the first line, without colon and blanks, and the cells of every row below."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def words(raw: bytes) -> str:
    """The text of a file; every byte is a character where it is no UTF-8."""
    for codec in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(codec).replace("Â°", "°")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def delimiter(head: str) -> str:
    """What parts the columns: of the usual ones the one that the first line has most of."""
    return max(DELIMITERS, key=head.count)


def name_of(cell: str) -> str:
    """A column's name as people write it."""
    return " ".join(cell.strip().rstrip(":").split())


def first_line(text: str) -> str:
    """The line with the names, however long the file."""
    return text.lstrip("\ufeff\r\n \t").partition("\n")[0][:_HEAD]


def first_cells(raw: bytes) -> list[str]:
    """The cells of the first line as they stand, without blanks and quotes around them."""
    head = first_line(words(raw[:_HEAD]))
    return [cell.strip(' \r"') for cell in head.split(delimiter(head))]


def parted(raw: bytes) -> Table:
    """The table of a file. Raises Unread."""
    text = words(raw).replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n\x00\x1a ")
    head, *rows = _cells(text) or [()]
    columns = tuple(map(name_of, head))
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise Unread(f"The table has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.")
    return Table(columns, tuple(_fitted(row, len(columns)) for row in rows))


def _cells(text: str) -> list[tuple[str, ...]]:
    reader = csv.reader(text.split("\n"), delimiter=delimiter(first_line(text)))
    try:
        return [tuple(cell.strip() for cell in row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise Unread("The lines are not parted into columns as they should be.") from None


def _fitted(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A trailing delimiter is no cell; a cell too many is a row whose values cannot be assigned."""
    if any(row[width:]):
        raise Unread("A row has more cells than the first line has names, so nothing can be assigned with certainty.")
    return (*row[:width], *[""] * (width - len(row)))

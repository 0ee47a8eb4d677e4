"""A file's bytes as a table of texts: CSV in the encodings and with the separators that are about, or XLSX. Pure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import python_calamine

from cloud.imports.errors import Unreadable

SEPARATORS = ",;\t|"
_LOOKED_AT = 20  # rows by which a separator is told
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MOST_COLUMNS, MOST_SIGNS = 200, 2000
_WIDEST_CELL = 1_000_000
_MOST_UNPACKED = 600_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows, all texts; ``spelt`` says how the file was read.

    A row is its line as a spreadsheet counts, and cells as many as there are headings. Empty lines are left out.
    """

    headings: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[str, ...]]]
    spelt: str


def read(content: bytes, most: int) -> Table:
    """The table in a file, with at most ``most`` rows below its headings. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("empty")
    lines, spelt = _sheet(content) if content.startswith((_ZIP, _OLD_EXCEL)) else _separated(content)
    filled = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    if not filled:
        raise Unreadable("empty")
    if len(filled) - 1 > most:
        raise Unreadable("too_many")
    return _squared(filled[0][1], filled[1:], spelt)


def _squared(heads: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], spelt: str) -> Table:
    wide = max((at + 1 for at, head in enumerate(heads) if head), default=0)
    if wide == 0 or wide > MOST_COLUMNS:
        raise Unreadable("no_headings" if wide == 0 else "too_wide")
    even = [(number, tuple(islice((*row, *[""] * wide), wide))) for number, row in rows]
    if not even:
        raise Unreadable("no_rows")
    return Table(tuple(heads[:wide]), even, spelt)


def _sheet(content: bytes) -> tuple[list[list[str]], str]:
    _refuse_swelling(content)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.iter_rows()], sheet.name
    except python_calamine.PasswordError:
        raise Unreadable("locked") from None
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, ValueError, OSError):
        raise Unreadable("no_workbook") from None


def _refuse_swelling(content: bytes) -> None:
    """A workbook is a ZIP file; one that unpacks to more than memory holds is none of ours."""
    if not content.startswith(_ZIP):
        return
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile:
        raise Unreadable("no_workbook") from None
    if unpacked > _MOST_UNPACKED:
        raise Unreadable("too_large")


def _text(cell: object) -> str:
    """A spreadsheet's cell as somebody would write it: no ``.0`` behind a number, dates year first."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _clean(str(cell))


def _clean(text: str) -> str:
    """Trimmed, without what PostgreSQL cannot keep, and without the apostrophe our own lists put before a plus."""
    plain = text.replace("\x00", "\ufffd").strip()[:MOST_SIGNS]
    return plain[1:] if plain[:1] == "'" and plain[1:2] in ("=", "+", "-", "@") else plain


def _separated(content: bytes) -> tuple[list[list[str]], str]:
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    if sum(sign in "\x00\ufffd" for sign in text[:4000]) > 40:
        raise Unreadable("no_table")
    csv.field_size_limit(_WIDEST_CELL)
    separator = separator_of(text)
    try:
        lines = [
            [_clean(cell) for cell in line] for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error:
        raise Unreadable("no_table") from None
    return lines, f"{encoding} {'tab' if separator == chr(9) else separator}"


def encoding_of(content: bytes) -> str:
    """UTF-16 and UTF-8 by their marks or by what they are made of, then GB 18030, else Latin-1."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    begin = content[:2000]
    if begin.count(b"\x00") > len(begin) // 4:
        return "utf-16-le" if begin[1::2].count(0) >= begin[::2].count(0) else "utf-16-be"
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _chinese(content):
            return encoding
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _chinese(content: bytes) -> bool:
    """Accented Latin letters also decode as GB 18030; Chinese ones come in pairs of high bytes."""
    runs = re.findall(rb"[\x80-\xff]+", content)
    even = sum(len(run) for run in runs if len(run) % 2 == 0)
    return even > 0.8 * sum(map(len, runs))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(text: str) -> str:
    """The sign that parts the first rows most evenly; a comma when none does."""
    return max(SEPARATORS, key=lambda one: (_evenness(text, one), -SEPARATORS.index(one)))


def _evenness(text: str, separator: str) -> int:
    begin = io.StringIO("".join(islice(io.StringIO(text, newline=""), _LOOKED_AT)), newline="")
    try:
        widths = [len(line) for line in csv.reader(begin, delimiter=separator) if line]
    except csv.Error:
        return 0
    first = widths[0] if widths else 0
    return first * sum(width == first for width in widths) if first > 1 else 0

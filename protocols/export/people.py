"""Takes people out of a table: the cells of columns about a person are masked, byte for byte."""

import csv
import re

from protocols.export.columns import Columns, plain
from protocols.export.table import delimiter, first_line, name_of, words
from protocols.framing.masking import SHAPE, masked_id

PERSONAL = frozenset({"last_name", "first_name", "id", "birth", "comment", "operator"})
_KEPT = SHAPE + b'"'


def people_masked(data: bytes, known: Columns) -> bytes:
    """The same bytes, as long as before; a file without a first line that we know stays as it is."""
    head = first_line(words(data))
    mark = delimiter(head).encode()
    columns = _personal(head, known)
    if not columns:
        return data
    cell = rb'(?:"(?:[^"]|"")*"[^%b\r\n]*|[^%b\r\n]*)' % (re.escape(mark), re.escape(mark))
    line = re.compile(rb"%b(?:%b%b)*" % (cell, re.escape(mark), cell))
    return _below(data, line, re.compile(rb"(?:\A|(?<=%b))%b" % (re.escape(mark), cell)), columns)


def _personal(head: str, known: Columns) -> set[int]:
    person = known.person()
    try:
        cells = next(csv.reader([head], delimiter=delimiter(head)), [])
    except csv.Error:
        return set()
    return {at for at, cell in enumerate(cells) if person.get(plain(name_of(cell))[0]) in PERSONAL}


def _below(data: bytes, line: re.Pattern[bytes], cell: re.Pattern[bytes], columns: set[int]) -> bytes:
    """Every line below the first that says anything."""
    pieces, at, headed = [], 0, False
    while at < len(data):
        found = line.match(data, at)
        said = found[0] if found and found.end() > at else data[at : at + 1]
        pieces.append(_masked(said, cell, columns) if headed else said)
        headed = headed or bool(said.strip(b"\xef\xbb\xbf \t\r\n"))
        at += len(said)
    return b"".join(pieces)


def _masked(line: bytes, cell: re.Pattern[bytes], columns: set[int]) -> bytes:
    cells = iter(range(len(line) + 1))
    return cell.sub(lambda found: masked_id(found[0], _KEPT) if next(cells) in columns else found[0], line)

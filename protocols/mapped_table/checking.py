"""Whether a map can be followed: every reason why not, before a file is opened."""

from collections import Counter
from collections.abc import Iterator

from protocols.envelope.table_map import EyeFrom, MappedColumn, TableMap
from protocols.export.columns import plain
from protocols.mapped_table import formats
from protocols.mapped_table.vocabulary import UNITS, is_measured, of_an_eye, unit, word


def faults(drawn: TableMap) -> list[str]:
    """Sentences without a full stop; none where the map can be followed."""
    found = [*_whole(drawn), *_eye(drawn.eye)]
    for column in drawn.column:
        found += [f"column {column.name!r}: {fault}" for fault in _column(column, drawn)]
    return found


def _whole(drawn: TableMap) -> Iterator[str]:
    try:
        b"    ".decode(drawn.encoding)  # of no bytes at all nobody looks which encoding it is
    except UnicodeDecodeError:
        pass
    except LookupError:
        yield f"encoding = {drawn.encoding!r} is none that Python knows"
    if drawn.delimiter == drawn.decimal or drawn.delimiter in '"\r\n':
        yield "delimiter must be another character than decimal, and no quotation mark or end of a line"
    if drawn.layout == "pairs" and drawn.header == 0:
        yield 'header is the first line of the pairs with layout = "pairs"; write it from 1'
    for what in ("day", "time", "moment"):
        form = getattr(drawn, what)
        if form and (wrong := formats.fault(what, form)):
            yield wrong
    if not any(is_measured(column.key) for column in drawn.column):
        yield "no column holds anything measured"
    yield from _twice(drawn)


def _twice(drawn: TableMap) -> Iterator[str]:
    listed = [column.name for column in drawn.column] + [*drawn.keep, *drawn.ignore]
    for name, count in Counter(listed).items():
        if count > 1:
            yield f"column {name!r} is on the map {count} times"
    for (key, eye), count in Counter((column.key, column.eye) for column in drawn.column).items():
        if count > 1:
            yield f"key {key!r}{f' of the {eye} eye' if eye else ''} is filled by {count} columns"
    if drawn.eye is None or not (drawn.eye.column or drawn.eye.file or drawn.eye.line):
        return
    eyes = {column.key for column in drawn.column if column.eye} & {c.key for c in drawn.column if not c.eye}
    yield from (f"key {key!r} is of one eye in one column and of the row's eye in another" for key in sorted(eyes))


def _eye(eye: EyeFrom | None) -> Iterator[str]:
    if eye is None:
        return
    if [bool(eye.column), eye.file, eye.line is not None].count(True) != 1:
        yield "[eye] names one place: column, file or line"
    if not eye.right or not eye.left:
        yield "[eye] needs the words that mean right and those that mean left"
    if {one.casefold() for one in eye.right} & {one.casefold() for one in eye.left}:
        yield "[eye] gives one word to both eyes"


def _column(column: MappedColumn, drawn: TableMap) -> Iterator[str]:
    known = word(column.key)
    if known is None:
        yield f"key {column.key!r} is no word of the vocabulary; `emmetra map --keys` lists them"
        return
    yield from _unit(column, known.unit)
    if of_an_eye(column.key) and column.eye is None and drawn.eye is None:
        yield 'nothing says of which eye; write eye = "right" here, or [eye] for all rows'
    if column.eye and not of_an_eye(column.key):
        yield f"{column.key} belongs to no eye"
    if known.dated and getattr(drawn, known.dated) is None:
        yield f"is a {known.dated}; write how: {known.dated} = {_example(known.dated)!r}"


def _example(what: str) -> str:
    return {"day": "DD.MM.YYYY", "time": "hh:mm:ss"}.get(what, "YYYY-MM-DD hh:mm:ss")


def _unit(column: MappedColumn, wanted: str) -> Iterator[str]:
    named = plain(column.name)[1]
    if not wanted:
        if column.unit is not None:
            yield f"{column.key} has no unit; leave unit out"
        return
    if column.unit is None:
        yield f"has no unit; write one of {', '.join(UNITS[wanted])}"
    elif unit(column.unit) not in UNITS[wanted]:
        yield f"unit {column.unit!r} is none of {', '.join(UNITS[wanted])}, in which {column.key} may be given"
    elif named and named != unit(column.unit):
        yield f"its own name says {named}, the map says {column.unit}"

"""A row has two columns, right and left; an eye that was not measured leaves dashes or nothing in its own."""

import re
from decimal import Decimal
from typing import NamedTuple

from protocols.sheet import Margin, figure

# The middle of the real print-out: right stands in columns 9 to 12, left in 23 to 26.
MIDDLE = 18
_FIELD = re.compile(r"[^ \t]+")
_DASHES = re.compile(r"[-.]+")
_HEADS = re.compile(r"\s*Right(\s+)Left\s*")


class Pair(NamedTuple):
    """What stands in both columns of a row; absent where nothing was measured."""

    right: Decimal | None
    left: Decimal | None


def middle(lines: list[str]) -> int:
    """Where the columns part, by the row that names the eyes."""
    for line in lines:
        if _HEADS.fullmatch(line):
            return (line.index("Right") + len("Right") + line.index("Left")) // 2
    return MIDDLE


def pair(text: str, parting: int, start: int = 0) -> Pair | None:
    """Both columns of a row from ``start`` on; nothing when something else stands there."""
    columns: dict[bool, Decimal | None] = {}
    fields = list(_FIELD.finditer(text, start))
    for number, found in enumerate(fields):
        left = bool(number) if len(fields) == 2 else (found.start() + found.end()) // 2 >= parting
        value = figure(found[0])
        if left in columns or (value is None and not _DASHES.fullmatch(found[0])):
            return None
        columns[left] = value
    return Pair(columns.get(False), columns.get(True))


def taken(tag: str, text: str, parting: int, margin: Margin) -> Pair:
    """The row behind its name; kept as it came when it is no pair of figures."""
    found = pair(text, parting, text.index(tag) + len(tag))
    if found is None:
        margin.unreadable(tag, text)
    return found or Pair(None, None)

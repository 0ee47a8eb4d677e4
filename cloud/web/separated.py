"""CSV as spreadsheets take it: marked as UTF-8, and no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(rows: Iterable[Iterable[object]]) -> str:
    """Rows as text; a mark in front tells spreadsheets that it is UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([tame(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def tame(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula; a number stays one, whatever its sign."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text

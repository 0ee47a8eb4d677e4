"""Files to take away: what is wrong row by row, and the template to begin with. No cell can be a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.imports import headings, queries, wording
from cloud.imports.models import Batch, Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe before it says it is text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def wrong(session: Session, batch: Batch) -> Iterator[list[str]]:
    """Headings, then every row that was not taken in: its line, its cells as they were, and what is wrong."""
    heads = [str(column["heading"]) for column in batch.columns]
    yield [_("Line"), *heads, _("What is wrong")]
    for row in queries.refused(session, batch.id):
        yield [str(row.number), *row.cells, _said(row)]


def _said(row: Row) -> str:
    found = [wording.problem(one, row) for one in row.problems]
    return " ".join([*found, *([wording.left(row.why)] if row.why and not (found and row.why == "bad") else [])])


def template(language: str) -> list[list[str]]:
    """Our own headings and one example."""
    told = headings.meanings().values()
    return [[one["shown"][language] for one in told], [one["example"][language] for one in told]]


def separated(rows: Iterable[Sequence[str]]) -> bytes:
    """As CSV in UTF-8 with its mark, which spreadsheets need to see."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """As XLSX, every cell a text."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, harmless(cell), bold if number == 0 else None)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return content.getvalue()

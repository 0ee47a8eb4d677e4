"""Files as other systems write them: a thousand rows, 37 of them wrong in different ways."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

HEADINGS = ("病历号", "姓名", "Given name", "性别", "DOB", "手机号", "E-mail", "Branch", "Tags", "Language")
FAMILIES = ("张", "Okoro", "Müller", "欧阳", "Silva", "Novak", "李", "Haddad")
GIVENS = ("伟", "Grace", "Änne", "锋", "Mariana", "Eva", "建国", "Yusuf")


def good(at: int) -> list[str]:
    """A row with nothing wrong, unlike every other."""
    family, given = FAMILIES[at % 8], GIVENS[at % 8]
    born = f"{1 + at % 28:02}/{1 + at % 12:02}/{1930 + at % 80}"
    return [
        f"I-{at:05}",
        f"{family}{at}",
        given,
        "FM女男"[at % 4],
        born,
        f"+44 7700 {at:06}",
        f"p{at}@example.test",
        "",
        "",
        "",
    ]


# what is wrong: the column, what stands there, and the code it is refused with
WRONG = (
    *((1, "", "no_name"), (1, "x" * 201, "too_long"), (1, "Bell\x07", "unseen"), (2, "y" * 101, "too_long")),
    *((0, "n" * 41, "too_long"), (0, "I-00001", "twice"), (3, "perhaps", "no_sex"), (3, "1", "no_sex")),
    *(
        (4, "31/02/1990", "no_date"),
        (4, "soon", "no_date"),
        (4, "01/01/1899", "birth_range"),
        (4, "01/01/2999", "birth_range"),
    ),
    *((4, "13/13/1990", "no_date"), (5, "12", "no_phone"), (5, "call my son", "no_phone"), (5, "1" * 20, "no_phone")),
    *((6, "nobody", "no_email"), (6, "a@b", "no_email"), (7, "The Moon", "no_store"), (8, "t" * 61, "too_long")),
    *((9, "Klingon", "no_language"), (2, "Ev\u202ea", "unseen"), (6, "a b@example.test", "no_email")),
)
BAD = 37


def thousand() -> list[list[str]]:
    """Headings, and a thousand rows of which 37 are wrong."""
    rows = [good(at) for at in range(1, 1001)]
    for at in range(BAD):
        column, cell, _code = WRONG[at % len(WRONG)]
        rows[27 * (at + 1)][column] = cell
    return [list(HEADINGS), *rows]


def separated(rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """As CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """As XLSX."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()

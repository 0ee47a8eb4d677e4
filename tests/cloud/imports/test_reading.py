"""Bytes as tables, cells as facts: in every encoding that is about, and whatever stands in them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.imports import cells, dates, headings, reading
from cloud.imports.cells import Way
from cloud.imports.choices import Field, Order
from cloud.imports.errors import Unreadable
from tests.cloud.imports.files_here import HEADINGS, good, separated, workbook

TODAY = date(2026, 11, 22)
LATIN = [["Name", "Ort"], ["Müller", "Köln"], ["Øre", "Århus"], ["D'Été", "Nîmes"]]
CHINESE = [["姓名", "地址"], ["张伟", "北京市朝阳区"], ["欧阳锋", "上海"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "cp1252"]
)
def test_a_list_is_read_in_every_encoding_and_separator(encoding, separator):
    rows = CHINESE if encoding == "gb18030" else LATIN
    found = reading.read(separated(rows, encoding, separator), 10)
    assert list(found.headings) == rows[0]
    assert [list(row) for _line, row in found.rows] == rows[1:]


@given(st.lists(st.lists(st.text("abcÄ张,;\"' \n0", max_size=6), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_a_spreadsheet_writes_is_read_back(rows):
    heads = ["Name", "Second"]
    found = (
        reading.read(separated([heads, *rows], "utf-8-sig"), 100)
        if any(any(c.strip() for c in r) for r in rows)
        else None
    )
    kept = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert [list(row) for _line, row in found.rows] == kept if found else kept == []


def test_a_workbooks_numbers_and_dates_are_as_somebody_would_write_them():
    found = reading.read(workbook([["A", "B", "C"], [13912345678, 1.5, "x"], ["", "", ""], [True, "", 7]]), 10)
    assert found.rows == [(2, ("13912345678", "1.5", "x")), (4, ("True", "", "7"))]
    assert reading._text(datetime(1984, 3, 27)) == "1984-03-27"
    assert reading._text(date(1984, 3, 27)) == "1984-03-27"


def test_lines_are_counted_as_a_spreadsheet_counts_them():
    found = reading.read(b"Name,No\n\nAsh,1\n,\nBirch,2\n", 10)
    assert found.rows == [(3, ("Ash", "1")), (5, ("Birch", "2"))]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content):
    try:
        found = reading.read(content, 10)
    except Unreadable as refusal:
        assert refusal.code
    else:
        assert all(len(row) == len(found.headings) for _line, row in found.rows)


def test_a_workbook_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_UNPACKED", 100)
    with pytest.raises(Unreadable, match="too_large"):
        reading.read(workbook([["A"], ["b"]]), 10)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *(
            ("Record No.", "record_number"),
            ("MRN", "record_number"),
            ("病历号", "record_number"),
            ("姓 名", "full_name"),
        ),
        *(
            ("Last_Name", "family_name"),
            ("Surname", "family_name"),
            ("名", "given_name"),
            ("Date of Birth", "birth_date"),
        ),
        *(
            ("出生日期", "birth_date"),
            ("手机号码", "mobile"),
            ("Tel.", "phone"),
            ("联系电话", "phone"),
            ("Geburtsdatum", "birth_date"),
        ),
        *(("E-Mail", "email"), ("微信", "wechat"), ("住址", "address"), ("门店", "home_store"), ("Shoe size", "")),
    ],
)
def test_a_heading_is_understood(heading, field):
    assert headings.guess([heading], {}) == [field]


def test_what_the_chain_chose_comes_before_what_others_mean():
    assert headings.guess(["Name", "Name", "Tel", "Tel"], {"name": "family_name"}) == [
        "family_name",
        "",
        "phone",
        "phone",
    ]
    assert headings.guess(["Name"], {"name": ""}) == [""]


DAYS = [
    *(("1984-03-27", "ymd", "1984-03-27"), ("27.03.1984", "dmy", "1984-03-27"), ("3/27/84", "mdy", "1984-03-27")),
    *(("27/3/12", "dmy", "2012-03-27"), ("27/3/27", "dmy", "1927-03-27"), ("19840327", "dmy", "1984-03-27")),
    *(
        ("1984年3月27日", "ymd", "1984-03-27"),
        ("30768", "dmy", "1984-03-27"),
        ("1984-03-27 00:00:00", "dmy", "1984-03-27"),
    ),
    *(("31/02/1984", "dmy", None), ("27/03/1984", "mdy", None), ("soon", "dmy", None), ("27/03/1984", "ymd", None)),
    *(("", "dmy", None), ("1", "dmy", None), ("99999999", "dmy", None)),
]


@pytest.mark.parametrize(("text", "order", "day"), DAYS)
def test_a_date_is_read_in_the_columns_order(text, order, day):
    assert dates.born(text, order, TODAY) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        *((["27/03/1984", "01/02/1990"], Order.DMY), (["03/27/1984"], Order.MDY), (["1984-03-27"], Order.YMD)),
        *((["01/02/1990"], None), (["27/03/1984", "03/27/1984"], None), ([], Order.YMD), (["x"], Order.YMD)),
    ],
)
def test_a_column_shows_its_order_or_it_is_asked_for(column, order):
    assert dates.told(dates.orders(column)) == order


@given(
    st.dates(date(1930, 1, 1), TODAY), st.sampled_from([("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%Y-%m-%d", "ymd")])
)
def test_every_day_is_read_back(day, way):
    assert dates.born(day.strftime(way[0]), way[1], TODAY) == day


def way(*mapping: str) -> Way:
    return Way(mapping, TODAY, Order.DMY, {"pier": 7})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        *(
            ("Okafor, Grace", ("Okafor", "Grace")),
            ("Grace Ada Okafor", ("Okafor", "Grace Ada")),
            ("张伟", ("张", "伟")),
        ),
        *(
            ("欧阳锋", ("欧阳", "锋")),
            ("张 伟", ("张", "伟")),
            ("Cher", ("Cher", "")),
            ("Grace  Okafor ", ("Okafor", "Grace")),
        ),
    ],
)
def test_a_whole_name_is_parted(name, parts):
    assert cells.in_two(name) == parts


def test_a_row_says_what_is_known():
    entry = cells.parse(
        good(1), way(*("record_number", "full_name", "given_name", "sex", "birth_date", "mobile", "email"))
    )
    assert entry.problems == []
    assert entry.person | {"home_store_id": None} == {
        **{"record_number": "I-00001", "family_name": "Okoro1", "given_name": "Grace", "sex": "male"},
        **{"birth_date": "1931-02-02", "home_store_id": None},
    }
    assert entry.contacts == [("mobile", "+44 7700 000001"), ("email", "p1@example.test")]
    assert len(HEADINGS) == len(good(1))


def test_several_telephones_and_tags_stand_in_one_cell_or_several():
    entry = cells.parse(
        ["Ash", "139 1234 5678；010-88886666", "0770 090 0123", "a; b，a", "Pier"],
        way("full_name", "phone", "phone", "tags", "home_store"),
    )
    assert entry.contacts == [("phone", "139 1234 5678"), ("phone", "010-88886666"), ("phone", "0770 090 0123")]
    assert (entry.tags, entry.person["home_store_id"]) == (["a", "b"], 7)


@given(st.lists(st.text(max_size=30), min_size=17, max_size=17))
def test_whatever_stands_in_cells_is_read_or_refused(row):
    entry = cells.parse(row, way(*Field))
    assert all(problem["code"] for problem in entry.problems)
    assert entry.problems or entry.person["family_name"]

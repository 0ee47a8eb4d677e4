"""Codes on boxes: what real scanners send, and what is no code."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.loops import gs1
from cloud.loops.errors import Unreadable
from cloud.loops.gs1 import Box

TODAY = date(2026, 11, 23)
GTIN = "09506000134352"
END = date(2029, 12, 31)
FULL = Box(GTIN, "ABC-1/2", END, "S9")


@pytest.mark.parametrize(
    "code",
    [
        f"01{GTIN}1729123110ABC-1/2\x1d21S9",
        f"]d201{GTIN}1729123110ABC-1/2\x1d21S9",
        f"]C1\x1d01{GTIN}10ABC-1/2\x1d1729123121S9",
        f"21S9\x1d10ABC-1/2\x1d17291231\x1d01{GTIN}",
        f"(01){GTIN}(17)291231(10)ABC-1/2(21)S9",
        f"  (01){GTIN}(21)S9(10)ABC-1/2(17)291200\r\n",
    ],
)
def test_every_order_and_way_of_writing_says_the_same(code):
    assert gs1.parse(code, TODAY) == FULL


def test_what_else_is_on_the_box_is_passed_over():
    code = f"01{GTIN}1126010117291231310300123410L1\x1d24012345\x1d30100\x1d71012345"
    assert gs1.parse(code, TODAY) == Box(GTIN, "L1", END)


@pytest.mark.parametrize("code", ["9506000134352", "09506000134352"])
def test_a_bare_product_number_is_one(code):
    assert gs1.parse(code, TODAY) == Box(GTIN)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("291231", date(2029, 12, 31)),
        ("290200", date(2029, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("990101", date(1999, 1, 1)),
    ],
)
def test_a_day_is_of_the_nearest_century_and_00_is_the_months_end(text, day):
    assert gs1.day(text, TODAY) == day


def test_late_in_a_century_the_next_one_begins():
    assert gs1.day("050101", date(2090, 1, 1)) == date(2105, 1, 1)


@pytest.mark.parametrize(
    "code",
    [
        *(
            "",
            "L-7",
            "4006381333932",
            "01",
            f"01{GTIN[:-1]}",
            f"01{GTIN[:-1]}3",
            f"01{GTIN}17291331",
            f"01{GTIN}17290230",
        ),
        *(f"01{GTIN}17ABCDEF", f"01{GTIN}10", f"(01){GTIN[:-1]}(10)L", f"(01){GTIN}(10)", "(10)" + "x" * 21),
        *(f"01{GTIN}10L\x00", f"01{GTIN}10批号", "]d2", "\x1d\x1d", "(x)"),
    ],
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(Unreadable):
        gs1.parse(code, TODAY)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    with suppress(Unreadable):
        assert isinstance(gs1.parse(text, TODAY), Box)


def test_the_check_digit_is_that_of_the_specification():
    assert gs1.check_digit("629104150021") == "3"  # GS1 General Specifications, 7.9.1
    assert gs1.check_digit("0950600013435") == "2"

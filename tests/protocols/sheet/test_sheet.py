"""Figures, clocks and margins."""

from decimal import Decimal

import pytest

from protocols.readings import Note
from protocols.sheet import Margin, degrees, figure, measured_at, power, readable


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("- 0.25", "-0.25"),
        ("+ 5.25", "5.25"),
        (" 8.38", "8.38"),
        ("-00.00", "-0.00"),
        ("-12.75", "-12.75"),
        ("12", "12"),
    ],
)
def test_a_figure_keeps_its_step_and_the_sign_of_a_zero(text, value):
    assert str(figure(text)) == value


@pytest.mark.parametrize("text", ["", " ", "-", "1.2.3", "1e5", "NaN", "--.-", "1,25", "²", "99999"])
def test_what_is_no_plain_number_is_no_figure(text):
    assert figure(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("  5", 5), ("180", 180), ("0", 0), ("181", None), ("-5", None), ("", None)]
)
def test_an_axis_lies_between_0_and_180(text, value):
    assert degrees(text) == value


def test_what_is_blank_is_absent_and_never_zero():
    assert power("-1.25", "", "") == {"sphere": Decimal("-1.25")}
    assert power(" ", " ", " ") == {}


@pytest.mark.parametrize(
    "texts", [("-1.2x", "", ""), ("-31.00", "0.00", "0"), ("0.00", "+12.25", "5"), ("0.00", "", "9x")]
)
def test_a_power_no_eye_can_have_is_not_read(texts):
    assert power(*texts) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-07-11 09:38:12", "2023-07-11T09:38:12"),
        ("2012/10/06 04:06:58", "2012-10-06T04:06:58"),
        ("2024.2.5 14:07", "2024-02-05T14:07:00"),
        ("", None),
    ],
)
def test_a_clock_is_believed_as_it_stands(text, iso):
    margin = Margin()

    assert measured_at(text, margin, "TIME") == iso
    assert margin.notes == []


@pytest.mark.parametrize(("text", "iso"), [("2023-02-30 09:38", None), ("1998-01-01 00:00", "1998-01-01T00:00:00")])
def test_a_clock_that_cannot_be_right_is_told(text, iso):
    margin = Margin()

    assert measured_at(text, margin, "TIME") == iso
    assert ([note.code for note in margin.notes], margin.extra) == (["clock_implausible"], {"TIME": text})


def test_a_clock_in_a_form_nobody_described_is_kept_as_it_came():
    margin = Margin()

    assert measured_at("05.02.24 14:07", margin, "TIME") is None
    assert ([note.code for note in margin.notes], margin.extra) == (["unreadable_field"], {"TIME": "05.02.24 14:07"})


def test_a_margin_tells_once_and_keeps_all():
    margin = Margin()
    for text in ("a", "b", "c"):
        margin.unknown("XX", text)

    assert margin.extra == {"XX": ["a", "b", "c"]}
    assert margin.notes == [Note(code="unknown_field", text="The instrument sent 'XX', which is kept as it came.")]


def test_control_bytes_are_shown_by_their_pictures():
    assert readable(b"a\x00\r\x7f\xe9") == "a\u2400\u240d\u2421é"

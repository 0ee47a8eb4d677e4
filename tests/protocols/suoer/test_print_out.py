"""Print-outs of an SW-800, from the facts, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye
from protocols.suoer import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

TOP = [b"SW-800", b"", b"Time:2018-12-09 13:50:00", b"", b"", b"OD"]
RIGHT = [b"-0.75 -0.50 90", b"SE:   -1.00", b"PS:5.6", b"Down 3.1", b"Nasal 2.0"]
LEFT = [b"+0.25 +0.00 0", b"SE:   +0.25", b"PS:5.4", b"Up 1.0", b"Nasal 0.5"]
LINES = [*TOP, *RIGHT, b"", b"OS", *LEFT, b"", b"PD:62", b""]
PRINT_OUT = b"\n".join(LINES)


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def without(at, line=b""):
    return b"\n".join([*LINES[:at], line, *LINES[at + 1 :]])


def test_a_print_out_is_read():
    reading = read(PRINT_OUT)

    assert reading.right == AutorefractionEye(
        sphere=Decimal("-0.75"), cylinder=Decimal("-0.50"), axis=90, se=Decimal("-1.00"), pupil_mm=Decimal("5.6")
    )
    assert reading.left == AutorefractionEye(
        sphere=Decimal("0.25"), cylinder=Decimal("0.00"), axis=0, se=Decimal("0.25"), pupil_mm=Decimal("5.4")
    )
    assert (reading.measured_at, reading.pd) == ("2018-12-09T13:50:00", None)


def test_the_gaze_keeps_its_words_for_nobody_has_told_what_is_plus():
    assert read(PRINT_OUT).extra == {
        "right GV": "Down 3.1",
        "right GH": "Nasal 2.0",
        "left GV": "Up 1.0",
        "left GH": "Nasal 0.5",
        "PD": "62",
        "text": ["SW-800", "OD", "OS"],
    }


@pytest.mark.parametrize(("first", "side"), [(6, "right"), (13, "left")])
def test_an_eye_with_an_empty_line_is_absent(first, side):
    reading = read(without(first))

    assert getattr(reading, side) is None
    assert (reading.right is None) != (reading.left is None)


def test_lines_may_end_in_cr_lf():
    assert read(PRINT_OUT.replace(b"\n", b"\r\n")).right.pupil_mm == Decimal("5.6")


def test_an_equivalent_that_is_no_figure_is_kept_and_told():
    reading = read(without(7, b"SE:   ---"))

    assert (reading.right.se, reading.extra["right SE"]) == (None, "---")


def test_a_time_that_could_be_two_days_is_kept():
    reading = read(without(2, b"Time:09/12/2018 13:50"))

    assert (reading.measured_at, reading.extra["Time"]) == (None, "09/12/2018 13:50")


@pytest.mark.parametrize(
    "bad",
    [
        without(6, b"-0.75 -0.50"),
        without(6, b"-0.75 -0.50 90 4"),
        without(6, b"-0.75 -0.50 190"),
        without(6, b"-0.7 -0.5O 90"),
        without(2, b"Tim"),
        b"\n" + PRINT_OUT,
        b"\n".join(LINES[:15]),
        without(6).replace(LINES[13], b""),
    ],
)
def test_lines_that_are_not_certainly_eyes_are_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter(size):
    assert fed(Decoder(), PRINT_OUT, size) == decode(PRINT_OUT)


@settings(deadline=None, max_examples=150)
@given(wires(PRINT_OUT))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@pytest.mark.parametrize(("data", "score"), [(PRINT_OUT, 85), (b"\n" + PRINT_OUT, 0), (b"", 0), (b"Time:\nSE:", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

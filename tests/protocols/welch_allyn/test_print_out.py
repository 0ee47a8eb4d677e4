"""Print-outs of a Spot, from the facts, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye
from protocols.welch_allyn import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

LINES = [
    b"Spot",
    b"Doe Jane",
    b"",
    b"6y-20y",
    b"",
    b"OD -0.75 DS -0.50 DC @90 -1.00 SE",
    b"OS +0.25 DS +0.00 DC @0 +0.25 SE",
    b"5.6mm 5.4mm",
    b"62mm",
    b"+1 -2 3 4",
    b"",
    b"",
    b"2018-12-9 1:50 pm",
    b"",
]
PRINT_OUT = b"\r\n".join(LINES)


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
    assert reading.extra == {
        "age_range": "6y-20y",
        "PD": "62",
        "gaze": ["+1", "-2", "3", "4"],
        "text": ["Spot", "Doe Jane"],
    }


def test_the_time_may_stand_a_line_later():
    assert read(without(12, b"\n" + LINES[12])).measured_at == "2018-12-09T13:50:00"


def test_without_names_the_eyes_are_told_by_their_lines():
    reading = read(PRINT_OUT.replace(b"OD ", b"").replace(b"OS ", b""))

    assert (reading.right.axis, reading.left.axis) == (90, 0)


@pytest.mark.parametrize(("at", "side"), [(5, "right"), (6, "left")])
def test_an_eye_without_a_line_is_absent(at, side):
    reading = read(without(at).replace(b"OD ", b"").replace(b"OS ", b""))

    assert getattr(reading, side) is None
    assert (reading.right is None) != (reading.left is None)


@pytest.mark.parametrize(
    "bad",
    [
        without(5, b"OD -0.75 DS -0.50 DC"),
        without(5, b"OD -0.75 DS -0.50 DC @900"),
        without(5, b"OD -0.75 DS -0.50 DC @190"),
        without(5, b"OD -70.75 DS -0.50 DC @90"),
        without(5, b"OS -0.75 DS -0.50 DC @90"),
        without(3, b"-0.75 DS -0.50 DC @90"),
        without(5).replace(LINES[6], b""),
        b"\n".join(LINES[:7]),
        b"just a letter\n",
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


def test_a_file_too_large_is_given_up_in_pieces():
    decoder = Decoder()
    events = [event for _ in range(40) for event in decoder.feed(b"x" * 5000)]

    assert {type(event) for event in events} == {Garbled}
    assert len(decoder._buffer) <= 64 * 1024 + 5000


@pytest.mark.parametrize(
    ("data", "score"), [(PRINT_OUT, 80), (b"a\n" + PRINT_OUT.replace(b"OD ", b""), 0), (b"", 0), (b"@", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

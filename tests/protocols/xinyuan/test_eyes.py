"""Lines and running figures, from the facts, and what other parsers did to them."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye, Pd
from protocols.xinyuan import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

RIGHT = b"R\nS -1.25\nC -0.50\nA 90\nPD 63\n"
LEFT = b"L\nS +0.00\nC +0.00\nA 0\nPD 63\n"
LINES = RIGHT + LEFT
RUNNING = b"R  -01.25 -00.50 090\r\nL  +10.00 -00.25 180\r\nPD 063\r\n"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def eye(sphere, cylinder, axis):
    return AutorefractionEye(sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis)


def test_lines_are_read():
    reading = read(LINES)

    assert (reading.right, reading.left) == (eye("-1.25", "-0.50", 90), eye("0.00", "0.00", 0))
    assert reading.pd == Pd(far=Decimal(63))
    assert (reading.instrument.maker, reading.instrument.model) == ("Xinyuan", "FA-6500")


def test_lines_may_end_in_cr_lf():
    assert read(LINES.replace(b"\n", b"\r\n")).left == eye("0.00", "0.00", 0)


@pytest.mark.parametrize(("one", "side"), [(RIGHT, "right"), (LEFT, "left")])
def test_one_eye_alone_is_read(one, side):
    reading = read(one)

    assert getattr(reading, side) is not None
    assert (reading.right is None) != (reading.left is None)


def test_the_distance_of_the_last_eye_is_not_taken_when_the_eyes_differ():
    reading = read(RIGHT + LEFT.replace(b"63", b"31"))

    assert reading.pd is None
    assert reading.extra == {"PD right": "63", "PD left": "31"}


def test_a_letter_inside_another_word_is_not_that_letter():
    reading = read(RIGHT.replace(b"PD 63\n", b"SE -1.50\nCAS 3\n"))

    assert reading.right == eye("-1.25", "-0.50", 90)
    assert reading.extra == {"right SE": "-1.50", "right CAS": "3"}


@pytest.mark.parametrize(
    "bad",
    [
        RIGHT.replace(b"C -0.50\n", b""),
        RIGHT.replace(b"S -1.25", b"S -1.2"),
        RIGHT.replace(b"S -1.25", b"S -41.25"),
        RIGHT.replace(b"A 90", b"A 190"),
        RIGHT.replace(b"A 90\n", b""),
        RIGHT[:-1],
        LINES[:-3],
    ],
)
def test_an_eye_that_is_not_whole_is_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


def test_running_figures_are_read_in_their_order():
    reading = read(RUNNING)

    assert (reading.right, reading.left) == (eye("-1.25", "-0.50", 90), eye("10.00", "-0.25", 180))
    assert reading.pd == Pd(far=Decimal(63))
    assert [note.code for note in reading.notes] == ["instrument_unnamed"]


@pytest.mark.parametrize(
    "text",
    [
        b"R -1.25 -0.50 90 L 10.00 -0.25 180 PD 63.0 ",
        b"R: S -1.25 C -0.50 A 90; L: S +10.00 C -0.25 A 180; PD: 63 ",
        b"R-1.25-0.50 90L 10.00-0.25 180PD63 ",
    ],
)
def test_whatever_stands_between_the_figures_their_order_tells_them(text):
    reading = read(text)

    assert (reading.right, reading.left) == (eye("-1.25", "-0.50", 90), eye("10.00", "-0.25", 180))


@pytest.mark.parametrize(
    "bad",
    [
        RUNNING.replace(b" 090", b""),
        RUNNING.replace(b" 090", b" 090 63"),
        RUNNING.replace(b"PD 063", b""),
        RUNNING.replace(b"-00.50", b"-00.5"),
        RUNNING.replace(b"090", b"290"),
        RUNNING.replace(b"-01.25", b"-91.25"),
        RUNNING.replace(b" -00.50", b"00.50"),
    ],
)
def test_figures_that_cannot_be_told_by_their_order_are_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


@pytest.mark.parametrize("cut", range(1, len(RUNNING) - 2))
def test_running_figures_that_broke_off_are_refused(cut):
    assert [type(event) for event in decode(RUNNING[:cut])] == [Garbled]


@pytest.mark.parametrize("print_out", [LINES, RUNNING])
def test_two_print_outs_in_one_breath_are_two(print_out):
    assert [event.readings[0].left for event in decode(print_out + print_out)] == [read(print_out).left] * 2


@pytest.mark.parametrize("print_out", [LINES, RUNNING])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(print_out, size):
    noise, event = fed(Decoder(), b"zap\x07\n" + print_out, size)

    assert (noise.raw, event.raw) == (b"zap\x07\n", print_out)


@settings(deadline=None, max_examples=120)
@given(wires(LINES, RUNNING))
@example(b"R\nS " * 90)
@example(b"R" * 500)
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(LINES, RUNNING))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + LINES)[-1].readings[0].left == read(LINES).left


@pytest.mark.parametrize(
    ("data", "score"),
    [
        (LINES, 75),
        (RUNNING, 60),
        (b"zap\n" + LINES, 55),
        (RIGHT[:-1], 15),
        (b"", 0),
        (b"R,-01.25, -00.50, 090     L,+00.00,+00.00,000      PD64", 0),
        (b"REF R L PD", 0),
    ],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

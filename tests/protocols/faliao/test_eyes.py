"""Both forms of Faliao, from the facts, and what other parsers did to them."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from protocols.faliao import Decoder, decode, recognise
from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye, Pd
from tests.protocols.labelled.noise import broken, fed, wires

RIGHT, LEFT = b"R,-01.25, -00.50, 090    ", b"L,+00.00,+00.00,000      "
COMMAS = RIGHT + LEFT + b"PD64\r\n"
RECORD_R = b"#!>0001 202402051407 REFR    -01.25-00.50090"
RECORD_L = b"#!>0001 202402051407 REFL    +01.75-10.00180"
FIXED = RECORD_R + b" x" + RECORD_L + b" x#!>"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def eye(sphere, cylinder, axis):
    return AutorefractionEye(sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis)


def test_the_23_characters_are_counted_right():
    assert (len(RIGHT), len(LEFT)) == (25, 25)


def test_an_fr_8900_is_read():
    reading = read(COMMAS)

    assert (reading.right, reading.left) == (eye("-1.25", "-0.50", 90), eye("0.00", "0.00", 0))
    assert reading.pd == Pd(far=Decimal(64))
    assert (reading.instrument.maker, reading.instrument.model) == ("Faliao", "FR-8900")


@pytest.mark.parametrize(
    "said",
    [
        b"-01.25 -00.50 090      ",
        b"-01.25-00.50 90        ",
        b" -01.25 , -00.50 ,  90  ",
        b"-01.25\r\n-00.50\r\n90     ",
    ],
)
def test_whatever_parts_the_figures_they_are_told_apart(said):
    assert read(b"R," + said + b"PD64").right == eye("-1.25", "-0.50", 90)


@pytest.mark.parametrize(("one", "side"), [(RIGHT, "right"), (LEFT, "left")])
def test_one_eye_alone_is_read(one, side):
    reading = read(one + b"\r\n")

    assert getattr(reading, side) is not None
    assert (reading.right is None) != (reading.left is None)
    assert reading.pd is None


@pytest.mark.parametrize(
    "bad",
    [
        b"R,-01.25,-00.50          PD64",
        b"R,-01.25,-00.50,090,64   PD64",
        b"R,-41.25,-00.50,090      PD64",
        b"R,-01.25,-00.50,190      PD64",
        b"R,-01.25-00.50090        PD64",
        b"R,-1.25,-00.50,090       PD64",
        RIGHT[:-1],
        RIGHT + LEFT[:-1],
    ],
    ids=["two", "four", "sphere", "axis", "run together", "a digit less", "22", "left 22"],
)
def test_characters_that_are_not_certainly_a_power_are_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


def test_a_distance_no_face_has_is_kept_apart():
    reading = read(COMMAS.replace(b"PD64", b"PD99"))

    assert (reading.pd, reading.extra) == (None, {"PD both": "99"})


def test_an_fr_710_is_read():
    reading = read(FIXED)

    assert (reading.right, reading.left) == (eye("-1.25", "-0.50", 90), eye("1.75", "-10.00", 180))
    assert (reading.instrument.model, reading.pd) == ("FR-710", None)


def test_the_left_eye_alone_is_not_looked_for_in_the_second_record():
    reading = read(RECORD_L + b"#!>")

    assert (reading.right, reading.left) == (None, eye("1.75", "-10.00", 180))


@pytest.mark.parametrize("bad", [RECORD_R[:-1], RECORD_R.replace(b".25-", b".2-0"), RECORD_R.replace(b"090", b"290")])
def test_a_record_without_its_figures_in_their_places_is_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


@pytest.mark.parametrize("print_out", [COMMAS, FIXED])
def test_two_print_outs_in_one_breath_are_two(print_out):
    assert [event.readings[0].left for event in decode(print_out + print_out)] == [read(print_out).left] * 2


@pytest.mark.parametrize("print_out", [COMMAS, FIXED])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(print_out, size):
    noise, event = fed(Decoder(), b"zap\x07" + print_out, size)

    assert (noise.raw, event.raw) == (b"zap\x07", print_out)


@settings(deadline=None, max_examples=120)
@given(wires(COMMAS, FIXED))
@example(b"R,1" * 60)
@example(b"#!>REFR" * 60)
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(COMMAS, FIXED))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + COMMAS)[-1].readings[0].left == read(COMMAS).left


@pytest.mark.parametrize(
    ("data", "score"),
    [(COMMAS, 75), (FIXED, 75), (b"zap" + COMMAS, 55), (RECORD_R[:-1], 15), (b"", 0), (b"R, and L, and PD64", 0)],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

"""What whole transmissions mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye, Pd, RefractionReading, from_json, to_json
from protocols.topcon_rm import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.topcon_rm.print_outs import LEFT, RIGHT, WHOLE, said


def sca(sphere, cylinder, axis):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis}


def only(data):
    (reading,) = read(decode(data))
    return reading


def test_the_lines_read_as_described():
    reading = only(WHOLE)

    assert reading.right == AutorefractionEye(**sca("-1.25", "-0.50", 90))
    assert reading.left == AutorefractionEye(**sca("0.25", "-1.00", 175))
    assert reading.pd == Pd(far=Decimal(63))
    assert (reading.extra, codes(reading)) == ({}, ["instrument_unnamed"])


def test_a_distance_of_pupils_is_no_letter_of_an_eye():
    """Bug elsewhere: a line of two fell through into the lines of one."""
    reading = only(said("R", "- 1.25", "-0.50", " 90", "63", "L", "+ 0.25", "-1.00", "175"))

    assert (reading.right.axis, reading.left.axis, reading.pd.far) == (90, 175, Decimal(63))


@pytest.mark.parametrize(("lines", "there", "missing"), [(RIGHT, "right", "left"), (LEFT, "left", "right")])
def test_one_eye_alone_costs_nothing(lines, there, missing):
    reading = only(said(*lines))

    assert getattr(reading, there).axis in (90, 175)
    assert getattr(reading, missing) is None


def test_further_lines_of_an_eye_do_not_overwrite_its_value():
    """Bug elsewhere: every line of six was the sphere, so the last one won."""
    reading = only(said(*RIGHT, "  7.80", " 43.2", *LEFT))

    assert reading.right == AutorefractionEye(**sca("-1.25", "-0.50", 90))
    assert reading.extra == {"right": ["  7.80", " 43.2"]}
    assert "unreadable_field" in codes(reading)


def test_of_several_refractions_of_an_eye_none_is_chosen():
    reading = only(said(*RIGHT, "- 1.50", "-0.50", " 85"))

    assert reading.right == AutorefractionEye(
        readings=(RefractionReading(**sca("-1.25", "-0.50", 90)), RefractionReading(**sca("-1.50", "-0.50", 85)))
    )
    assert "representative_missing" in codes(reading)


def test_lines_nobody_can_explain_are_kept_as_they_came():
    reading = only(said(*RIGHT, "K1 43.25", *LEFT))

    assert reading.extra == {"line": "K1 43.25"}
    assert "unknown_field" in codes(reading)


@pytest.mark.parametrize(
    "lines",
    [
        ["R", "- 1.25", " 90", "-0.50"],
        ["R", "- 1.2x", "-0.50", " 90"],
        ["R", "- 1.25", "-0.50", "190"],
        ["R", "-0.50", "- 1.25", " 90"],
        ["R", "-99.25", "-0.50", " 90"],
    ],
)
def test_what_is_not_in_order_or_no_figure_is_no_refraction(lines):
    reading = only(said(*lines, *LEFT))

    assert reading.right is None
    assert reading.left.axis == 175
    assert reading.notes[0].code in ("unreadable_field", "unknown_field")


def test_blank_figures_are_an_eye_that_was_not_measured():
    reading = only(said("R", "      ", "     ", "   ", *LEFT))

    assert reading.right is None
    assert codes(reading) == ["instrument_unnamed"]


@pytest.mark.parametrize("data", [said("R", "L"), said("R", "- 1.25")])
def test_a_transmission_without_an_eye_is_garbled(data):
    assert [type(event) for event in decode(data)] == [Garbled]


def test_a_transmission_that_broke_off_is_garbled():
    assert decode(WHOLE[:-1]) == [Garbled(WHOLE[:-1], "The transmission broke off before its end.", len(WHOLE) - 1)]


def test_two_transmissions_in_one_breath_are_two():
    assert [type(event) for event in decode(WHOLE + WHOLE)] == [Transmission] * 2


def test_readings_survive_their_json():
    assert from_json(to_json(only(WHOLE))) == only(WHOLE)

"""What whole print-outs mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled
from protocols.readings import AutorefractionEye, RefractionReading, from_json, to_json
from protocols.tomey_format2 import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.tomey_format2.print_outs import CORNEAS, LEFT, RIGHT, WHOLE


def sca(sphere, cylinder, axis):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis}


def only(data):
    (reading,) = read(decode(data))
    return reading


def test_the_value_with_the_star_is_the_value():
    reading = only(WHOLE)

    assert reading.right == AutorefractionEye(
        **sca("-1.25", "-0.50", 88),
        readings=(RefractionReading(**sca("-1.25", "-0.50", 90)), RefractionReading(**sca("-1.50", "-0.50", 85))),
    )
    assert reading.left == AutorefractionEye(
        **sca("0.25", "-1.00", 5), readings=(RefractionReading(**sca("0.25", "-1.00", 5)),)
    )


def test_a_cornea_nobody_can_explain_is_kept_as_it_came():
    reading = only(WHOLE)

    assert reading.extra["Kerato_R"] == "7.80,43.25,90,7.70,43.75,7.75,43.50"
    assert codes(reading) == ["unknown_field", "unknown_field", "instrument_unnamed"]


def test_a_distance_of_pupils_nobody_can_explain_is_kept_as_it_came():
    reading = only(RIGHT + LEFT + b"PD,63\r\n")

    assert reading.extra == {"PD": "PD,63"}
    assert reading.pd is None


@pytest.mark.parametrize(("data", "there", "missing"), [(RIGHT, "right", "left"), (LEFT, "left", "right")])
def test_one_eye_alone_costs_nothing(data, there, missing):
    reading = only(data)

    assert getattr(reading, there).sphere is not None
    assert getattr(reading, missing) is None


def test_without_a_star_a_single_reading_is_the_value_and_of_two_none_is():
    assert only(b"Ref_R,-1.25,-0.50,90\r\n").right.sphere == Decimal("-1.25")
    two = only(b"Ref_R,-1.25,-0.50,90\r\nRef_R,-1.50,-0.50,90\r\n")
    assert two.right.sphere is None
    assert "representative_missing" in codes(two)


def test_two_print_outs_in_one_breath_are_two():
    assert [reading.left.axis for reading in read(decode(WHOLE + WHOLE))] == [5, 5]


def test_two_patients_never_share_a_reading():
    """One right eye, then both eyes of somebody else, without quiet between."""
    (event,) = decode(RIGHT + RIGHT + LEFT)

    assert isinstance(event, Garbled)


@pytest.mark.parametrize(
    "line", [b"Ref_R*,-1.25,-0.50\r\n", b"Ref_R*,-1.2x,-0.50,90\r\n", b"Ref_R*,-1.25,-0.50,190\r\n"]
)
def test_a_line_that_is_not_what_it_should_be_is_kept_and_told(line):
    reading = only(line + LEFT)

    assert reading.right is None
    assert "Ref_R*" in reading.extra
    assert "unreadable_field" in codes(reading)


def test_a_line_whose_end_never_came_gives_no_value():
    assert only(RIGHT + LEFT[:-3]).left.readings[0].axis == 5
    assert [type(event) for event in decode(b"Ref_R*,-1.25,-0.50,9")] == [Garbled]


def test_corneas_alone_are_not_understood():
    assert [type(event) for event in decode(CORNEAS)] == [Garbled]


def test_readings_survive_their_json():
    assert from_json(to_json(only(WHOLE))) == only(WHOLE)

"""What the blocks of a refraction mean, by day and by night."""

from decimal import Decimal

import pytest

from protocols.readings import (
    AutorefractionEye,
    Keratometry,
    Meridian,
    Pd,
    Power,
    PrismComponent,
    RefractionReading,
    to_json,
)
from tests.protocols.nidek_frame.frames import CORNEA, DAY, NIGHT, block, summed
from tests.protocols.nidek_frame.spoken import codes, day, lens, only, readings


def test_a_print_out_gives_one_reading_a_kind_and_a_condition():
    night, light, cornea = readings(summed([NIGHT, DAY, CORNEA]))

    assert (night.condition, light.condition) == ("night", "day")
    assert isinstance(cornea, Keratometry)


def test_night_values_never_overwrite_the_days_bug_4():
    night, light, _ = readings(summed([NIGHT, DAY, CORNEA]))

    assert night.right == AutorefractionEye(sphere=Decimal("-1.75"), cylinder=Decimal("-0.50"), axis=170)
    assert light.right.axis == 175
    assert night.extra == {"DL": "-00.25+00.00+10", "DR": "+00.00-00.25-05"}
    assert night.notes == ()


def test_the_same_tag_is_read_inside_its_own_block_bug_5():
    _, _, cornea = readings(summed([NIGHT, DAY, CORNEA]))
    reading = lens(" L-02.00-00.50180", "PL01.25O")

    assert cornea.left.r1 == Meridian(radius_mm=Decimal("7.76"), power_d=Decimal("43.50"), axis=140)
    assert cornea.left.pupil_mm == Decimal("5.7")
    assert reading.left.prism.horizontal == PrismComponent(power=Decimal("1.25"), base="out")


def test_time_and_print_number_belong_to_every_reading():
    for reading in readings(summed([NIGHT, DAY, CORNEA])):
        assert reading.measured_at == "2024-02-05T14:07:00"
        assert reading.print_number == "0042"
        assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", "ARK-1a")


def test_the_line_without_confidence_is_the_representative():
    left = readings(summed([DAY]))[0].left

    assert (left.sphere, left.cylinder, left.axis, left.confidence) == (Decimal("-1.25"), Decimal("-0.25"), 0, None)
    assert [one.axis for one in left.readings] == [0, 5, 0]
    assert left.readings[2] == RefractionReading(
        sphere=Decimal("-1.25"), cylinder=Decimal("0.00"), axis=0, confidence=7, cataract_mode=True
    )
    assert left.contact_lens == Power(sphere=Decimal("-1.25"), cylinder=Decimal("-0.25"), axis=0)


def test_a_single_reading_is_the_value_bug_10():
    right = day("OR-04.50-00.751109 ").right

    assert (right.sphere, right.axis, right.confidence) == (Decimal("-4.50"), 110, 9)
    assert len(right.readings) == 1


def test_two_readings_have_no_representative_and_are_not_averaged_bug_10():
    reading = day("OR-04.50-00.751109 ", "OR-04.75-00.751109 ")

    assert reading.right.sphere is None
    assert [one.sphere for one in reading.right.readings] == [Decimal("-4.50"), Decimal("-4.75")]
    assert codes(reading) == ["representative_missing"]


def test_a_representative_that_does_not_come_first_is_still_the_representative_bug_10():
    right = day("OR-04.50-00.751109 ", "OR-04.75-00.75110").right

    assert right.sphere == Decimal("-4.75")
    assert len(right.readings) == 1


def test_the_sign_of_zero_and_the_step_are_kept_bug_9():
    reading = day("OR+00.12-00.00003", "OL+00.00+00.00000")

    assert to_json(reading).endswith(
        b'"right":{"sphere":"0.12","cylinder":"-0.00","axis":3},"left":{"sphere":"0.00","cylinder":"0.00","axis":0}}'
    )


@pytest.mark.parametrize(
    ("sent", "pd"),
    [
        ("PD64????60", Pd(far=Decimal(64), near=Decimal(60))),
        ("PD68353363", Pd(far=Decimal(68), far_right=Decimal(35), far_left=Decimal(33), near=Decimal(63))),
        ("PD????????", None),
        ("PD64????00", Pd(far=Decimal(64))),
        ("PD        ", None),
        ("PD64", Pd(far=Decimal(64))),
    ],
)
def test_a_distance_that_was_not_measured_is_absent(sent, pd):
    assert day("OR+00.00+00.00000", sent).pd == pd


def test_pd_is_read_only_where_it_is_sent_bug_6():
    assert day("OR+00.00+00.00000").pd is None


def test_pd_alone_is_a_measurement():
    assert day("PD64????60").pd == Pd(far=Decimal(64), near=Decimal(60))


def test_an_eye_that_was_not_measured_is_absent():
    reading = day("OR+00.00+00.00000")

    assert reading.left is None
    assert b"left" not in to_json(reading)


def test_an_eye_error_is_told_and_is_no_value():
    reading = day("EL07", "OR+00.00+00.000009 ", "ER02")

    assert reading.left == AutorefractionEye(error="07", readings=(RefractionReading(error="07"),))
    assert reading.right.sphere == Decimal("0.00")
    assert codes(reading) == ["eye_error", "eye_error"]


def test_an_unknown_tag_is_kept_under_its_own_name():
    reading = day("OR+00.00+00.00000", "ZZ12", "ZZ13", "QX")

    assert reading.extra == {"ZZ": ["12", "13"], "QX": ""}
    assert codes(reading) == ["unknown_field", "unknown_field"]


def test_a_known_tag_of_the_wrong_form_is_kept_as_it_came():
    reading = day("OR+00.00+00.00000", "OL+1.00 -00.50", "PD6x", "VD?", "OLx")

    assert reading.extra == {"OL": ["+1.00 -00.50", "x"], "PD": "6x", "VD": "?"}
    assert set(codes(reading)) == {"unreadable_field"}


def test_an_axis_no_circle_has_is_not_believed():
    assert day("OR+00.00+00.00000", "OL+00.00-00.50190").left is None


def test_a_mark_nobody_knows_is_told():
    reading = day("OR+00.00+00.000009#")

    assert reading.right.confidence == 9
    assert reading.extra == {"OR flag": "#"}
    assert codes(reading) == ["unknown_flag"]


def test_a_block_nobody_knows_is_kept_beside_the_readings():
    reading = only(summed([DAY, block("DXX", "AB12", "CD34")]))

    assert reading.extra == {"DXX": "AB12 | CD34"}
    assert codes(reading) == ["unknown_field"]


def test_control_bytes_inside_a_text_become_pictures_no_database_refuses():
    reading = day("OR+00.00+00.00000", "ZZ\x00\x7f\xe9")

    assert reading.extra == {"ZZ": "␀␡é"}

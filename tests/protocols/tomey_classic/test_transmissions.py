"""What whole print-outs mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.readings import (
    AutorefractionEye,
    CornealCylinder,
    KeratometryEye,
    LensmetryEye,
    MeanCurvature,
    Meridian,
    Pd,
    from_json,
    to_json,
)
from protocols.tomey_classic import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.tomey_classic.print_outs import CORNEAS, EYES, LENSES, PRINTED, WHOLE, framed


def sca(sphere, cylinder, axis):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis}


def corneal(r1, k1, axis, r2, k2, other, mean, cylinder):
    return KeratometryEye(
        r1=Meridian(radius_mm=Decimal(r1), power_d=Decimal(k1), axis=axis),
        r2=Meridian(radius_mm=Decimal(r2), power_d=Decimal(k2), axis=other),
        average=MeanCurvature(radius_mm=Decimal(mean)),
        cylinder=CornealCylinder(power_d=Decimal(cylinder)),
    )


def test_a_print_out_saved_as_text_reads_as_printed():
    refraction, cornea = read(decode(PRINTED))

    assert refraction.right == AutorefractionEye(**sca("4.75", "-0.50", 178))
    assert refraction.left == AutorefractionEye(**sca("2.50", "-1.25", 7))
    assert refraction.pd == Pd(far=Decimal("61.5"))
    assert cornea.right == corneal("7.90", "42.75", 5, "7.70", "43.75", 95, "7.80", "-1.00")
    assert codes(refraction) == ["control_bytes_lost", "instrument_unnamed"]


def test_the_left_cornea_is_read_from_the_left_line():
    """Bug elsewhere: copied from the right."""
    _, cornea = read(decode(WHOLE))

    assert cornea.right == corneal("7.92", "42.50", 89, "7.70", "43.75", 179, "7.81", "-1.25")
    assert cornea.left == corneal("8.00", "42.25", 5, "7.85", "43.00", 95, "7.93", "-0.75")


@pytest.mark.parametrize("mark", ["0", "O"])
def test_an_eye_line_begins_with_zero_or_with_the_letter(mark):
    """Bug elsewhere: one driver looks for OR in an output that says 0R."""
    (refraction,) = read(decode(framed("RK", f"{mark}R+ 4.75- 0.50178")))

    assert refraction.right.sphere == Decimal("4.75")


def test_the_distance_of_pupils_and_the_axis_are_kept_as_they_came():
    """Bugs elsewhere: two digits of four, and steps of five degrees."""
    refraction, _ = read(decode(WHOLE))

    assert (refraction.pd.far, refraction.right.axis) == (Decimal("61.5"), 178)


def test_one_eye_alone_costs_nothing():
    (refraction, cornea) = read(decode(framed("RK", EYES[2], CORNEAS[1])))

    assert (refraction.right, cornea.right) == (None, None)
    assert (refraction.left.axis, cornea.left.r1.axis) == (7, 5)


def test_blank_columns_are_an_eye_that_was_not_measured():
    (refraction,) = read(decode(framed("RK", "0R               ", EYES[2], "CR" + " " * 37)))

    assert refraction.right is None
    assert codes(refraction) == ["instrument_unnamed"]


def test_a_radius_of_zero_was_not_measured():
    (refraction,) = read(decode(framed(*EYES, "CR 0.00 0.00  0 0.00 0.00  0 0.00+ 0.00")))

    assert refraction.right is not None


def test_the_number_is_never_a_patient():
    assert {(one.print_number, one.patient_ref) for one in read(decode(WHOLE))} == {("0815", None)}


def test_a_number_with_letters_is_kept_apart():
    (refraction,) = read(decode(framed(*EYES, number="AB12")))

    assert (refraction.print_number, refraction.patient_ref, refraction.extra) == (None, None, {"ID": "AB12"})


@pytest.mark.parametrize("line", ["0R+ 4.75- 0.50", "0R+ 4.7x- 0.50178", "0R+ 4.75- 0.50999", "0R+99.00- 0.50 90"])
def test_a_line_that_does_not_fit_its_columns_gives_no_value(line):
    (refraction,) = read(decode(framed("RK", line, EYES[2])))

    assert refraction.right is None
    assert refraction.extra == {"0R": line[2:]}
    assert "unreadable_field" in codes(refraction)


def test_a_line_that_comes_twice_is_believed_once_and_told():
    (refraction,) = read(decode(framed("RK", EYES[1], "0R- 1.00- 1.00 10")))

    assert refraction.right.axis == 178
    assert refraction.extra == {"0R": "- 1.00- 1.00 10"}


def test_lenses_read_as_printed():
    (reading,) = read(decode(LENSES))

    assert reading.right == LensmetryEye(**sca("-2.25", "-1.00", 95), add=Decimal("1.50"))
    assert reading.left == LensmetryEye(**sca("-2.75", "-0.25", 85), add=Decimal("2.00"))
    assert (reading.extra, codes(reading)) == ({}, ["instrument_unnamed"])


def test_lenses_inside_a_frame_read_the_same():
    lines = LENSES.decode().splitlines()
    (bare,), (reading,) = read(decode(LENSES)), read(decode(framed(*lines)))

    assert (reading.right, reading.left, reading.print_number) == (bare.right, bare.left, "0815")


def test_a_prism_whose_form_nobody_knows_is_kept():
    (reading,) = read(decode(LENSES.replace(b"PR\n", b"PR1.25 0.50\n")))

    assert reading.right.prism is None
    assert reading.extra == {"PR": "1.25 0.50"}
    assert "unknown_field" in codes(reading)


def test_a_lens_that_was_cut_off_has_no_value():
    (reading,) = read(decode(LENSES[: LENSES.index(b" 85\nAL") + 2]))

    assert reading.left is None


def test_a_frame_without_its_end_is_garbled():
    (event,) = decode(WHOLE[:-1])

    assert event == Garbled(WHOLE[:-1], "The transmission broke off before its EOT.", len(WHOLE) - 1)


@pytest.mark.parametrize("data", [framed("RK"), framed(), b"SOH*0815\nRK\n", framed("XY17")])
def test_a_frame_without_eyes_and_lenses_is_garbled(data):
    assert [type(event) for event in decode(data)] == [Garbled]


def test_two_print_outs_in_one_breath_are_two():
    assert [type(event) for event in decode(WHOLE + WHOLE)] == [Transmission] * 2
    assert [reading.right.axis for reading in read(decode(LENSES + LENSES))] == [95, 95]


@pytest.mark.parametrize("data", [WHOLE, PRINTED, LENSES])
def test_readings_survive_their_json(data):
    for reading in read(decode(data)):
        assert from_json(to_json(reading)) == reading

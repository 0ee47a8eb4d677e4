"""What whole print-outs mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled
from protocols.readings import (
    AutorefractionEye,
    CornealCylinder,
    KeratometryEye,
    KeratometryReading,
    LensmetryEye,
    MeanCurvature,
    Meridian,
    PatientRef,
    Pd,
    Prism,
    PrismComponent,
    RefractionReading,
    from_json,
    to_json,
)
from protocols.tomey_tagged import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.tomey_tagged.print_outs import BOTH, BROKEN_OFF, KERATO, LENSES, REF


def sca(sphere, cylinder, axis):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis}


def corneal(r1, k1, axis, r2, k2, other, mean, k, cylinder):
    return {
        "r1": Meridian(radius_mm=Decimal(r1), power_d=Decimal(k1), axis=axis),
        "r2": Meridian(radius_mm=Decimal(r2), power_d=Decimal(k2), axis=other),
        "average": MeanCurvature(radius_mm=Decimal(mean), power_d=Decimal(k)),
        "cylinder": CornealCylinder(power_d=Decimal(cylinder), axis=axis),
    }


FIRST = ("8.12", "41.56", 12, "7.98", "42.29", 102, "8.05", "41.93", "-0.73")
AVERAGE = ("8.11", "41.62", 15, "7.98", "42.29", 105, "8.04", "41.98", "-0.67")


def only(data):
    (reading,) = read(decode(data))
    return reading


def test_a_keratometry_reads_as_printed():
    reading = only(BROKEN_OFF)

    assert reading.right == KeratometryEye(readings=(KeratometryReading(**corneal(*FIRST)),))
    assert reading.extra == {"KAI_R": "  3.1,251,A,", "KRI_R": "  1.4,A,", "FM_IF": "1-04-02"}
    assert reading.left is None


def test_a_series_that_broke_off_gives_no_value():
    """Four were announced, one came: it may be anything but the representative."""
    assert codes(only(BROKEN_OFF)) == ["representative_missing", "readings_missing", "instrument_unnamed"]


def test_the_average_is_the_value_and_the_readings_stand_below():
    refraction, cornea = read(decode(BOTH))

    assert refraction.right == AutorefractionEye(
        **sca("-1.25", "-0.50", 88),
        readings=(
            RefractionReading(**sca("-1.25", "-0.50", 90)),
            RefractionReading(**sca("-1.50", "-0.50", 85)),
            RefractionReading(**sca("-1.25", "-0.75", 90)),
        ),
    )
    assert (refraction.vertex_mm, refraction.pd) == (Decimal("12.00"), Pd(far=Decimal("63.5")))
    assert cornea.right == KeratometryEye(**corneal(*AVERAGE), readings=(KeratometryReading(**corneal(*FIRST)),))
    assert codes(refraction) == codes(cornea) == ["instrument_unnamed"]


def test_a_single_reading_is_the_value():
    (refraction,) = read(decode(REF))

    assert refraction.left == AutorefractionEye(
        **sca("0.25", "-1.00", 5), readings=(RefractionReading(**sca("0.25", "-1.00", 5)),)
    )


def test_of_two_readings_without_average_none_is_chosen():
    said = b"[FM_IF],REF,1\r\n[N_R],2,1\r\n[POWER_R],1,-1.25,-0.50,90,\r\n[POWER_R],2,-1.50,-0.50,90,\r\n"

    assert only(said).right.sphere is None
    assert len(only(said).right.readings) == 2
    assert "representative_missing" in codes(only(said))


@pytest.mark.parametrize("counted", [3, 4])
def test_the_count_may_include_the_average_or_not(counted):
    said = REF.replace(b"[N_R],3,1", b"[N_R],%d,1" % counted)

    assert "readings_missing" not in codes(read(decode(said))[0])


def test_the_patient_of_the_refraction_is_the_patient_of_the_keratometry_behind_it():
    assert [reading.patient_ref for reading in read(decode(BOTH))] == [PatientRef(id="4711")] * 2


def test_the_next_print_out_never_inherits_a_patient():
    without = REF.replace(b"[PT_ID],*4711\r\n", b"")
    _, _, stranger, cornea = read(decode(BOTH + without + KERATO))

    assert (stranger.patient_ref, cornea.patient_ref) == (None, None)


def test_an_empty_patient_id_is_none():
    assert only(REF.replace(b"*4711", b"*")).patient_ref is None


def test_the_left_eye_alone_is_the_left_eye():
    said = b"[FM_IF],REF,1\r\n[N_L],1,1\r\n[POWER_L],1,-1.25,-0.50,90,\r\n"

    assert only(said).right is None
    assert only(said).left.axis == 90


def test_the_distance_of_pupils_is_not_cut_to_whole_millimetres():
    """Bug elsewhere: int(PD)."""
    assert only(REF).pd.far == Decimal("63.5")


def test_the_axis_is_not_rounded_to_five_degrees():
    """Bug elsewhere."""
    assert only(REF).right.axis == 88


def test_the_last_reading_is_not_taken_for_the_average():
    """Bug elsewhere: every POWER line overwrites the one before."""
    said = b"[FM_IF],REF,1\r\n[POWER_R],A,-1.25,-0.50,88,\r\n[POWER_R],1,-9.00,-0.50,90,\r\n"

    assert only(said).right.sphere == Decimal("-1.25")


def test_lenses_read_as_printed():
    reading = only(LENSES)

    assert reading.right == LensmetryEye(
        **sca("-1.25", "-0.75", 120),
        add=Decimal("2.00"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("0.50"), base="out"),
            vertical=PrismComponent(power=Decimal("0.25"), base="down"),
        ),
    )
    assert reading.left == LensmetryEye(
        **sca("-2.00", "-0.50", 180),
        add=Decimal("2.25"),
        add2=Decimal("2.50"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("1.00"), base="in"),
            vertical=PrismComponent(power=Decimal("0.00")),
        ),
    )
    assert codes(reading) == ["instrument_unnamed"]


def test_a_prism_in_a_form_nobody_described_is_kept_and_not_read():
    reading = only(LENSES.replace(b"[PRISM_SEL_R],1", b"[PRISM_SEL_R],2"))

    assert reading.right.prism is None
    assert reading.extra == {"PRISM_R": "+0.50,-0.25"}
    assert "unknown_field" in codes(reading)


def test_two_pairs_of_spectacles_in_one_breath_are_two():
    assert [reading.right.axis for reading in read(decode(LENSES + LENSES))] == [120, 120]
    half = LENSES[: LENSES.index(b"[POWER_L]")]
    assert [(one.right is None, one.left is None) for one in read(decode(half + LENSES))] == [
        (False, True),
        (False, False),
    ]


def test_an_addition_without_its_lens_belongs_to_no_lens():
    reading = only(LENSES.replace(b"[POWER_R],-1.25", b"[POWER_R],-1.2x"))

    assert reading.right is None
    assert reading.extra == {"POWER_R": "-1.2x,-0.75,120", "ADD_R": "2.00,", "PRISM_R": "+0.50,-0.25"}


def test_a_line_that_was_cut_off_gives_no_value():
    cut = REF[: REF.index(b" 90,") + 2]

    assert [type(event) for event in decode(cut)] == [Garbled]


def test_a_line_whose_end_never_came_is_kept_as_it_came():
    reading = only(REF[:-4])

    assert reading.left is None
    assert reading.extra["POWER_L"] == "1,+0.25,-1.00,  "
    assert "unreadable_field" in codes(reading)


@pytest.mark.parametrize("field", [b"-1.2x", b"-99.00", b"--.--"])
def test_a_power_that_is_none_is_kept_and_told(field):
    reading = only(b"[FM_IF],REF,1\r\n[POWER_R],A," + field + b",-0.50,90,\r\n[POWER_L],A,-1.00,-0.50,90,\r\n")

    assert reading.right is None
    assert "unreadable_field" in codes(reading)


def test_an_unknown_tag_is_kept_under_its_name():
    assert only(REF + b"[XYZ_R],17\r\n").extra["XYZ_R"] == "17"


def test_what_stands_behind_the_axis_is_kept():
    assert only(REF.replace(b" 88,\r\n", b" 88,9\r\n")).extra["POWER_R"] == "A,-1.25,-0.50, 88,9"


def test_a_section_without_eyes_is_garbled():
    (event,) = decode(b"[FM_IF],REF,1-04-02\r\n[VD],12.00\r\n")

    assert isinstance(event, Garbled)


@pytest.mark.parametrize("data", [BOTH, BROKEN_OFF, LENSES])
def test_readings_survive_their_json(data):
    for reading in read(decode(data)):
        assert from_json(to_json(reading)) == reading

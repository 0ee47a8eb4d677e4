"""REF, KM and TM: what is measured, and what only looks like it."""

from decimal import Decimal

import pytest

from protocols.readings import (
    AutorefractionEye,
    CornealCylinder,
    CorrectedIop,
    IopReading,
    KeratometryEye,
    KeratometryReading,
    MeanCurvature,
    Meridian,
    Pd,
    RefractionReading,
    TonometryEye,
)
from tests.protocols.joia.documents import KM, REF, TM, document, measure, power
from tests.protocols.joia.reading import codes, readings

D = Decimal


def test_an_autorefraction_with_everything_that_belongs_to_it():
    (reading,) = readings(document(REF))
    assert (reading.vertex_mm, reading.working_cm, reading.left) == (D("13.75"), None, None)
    assert reading.right == AutorefractionEye(
        sphere=D("0.75"),
        cylinder=D("-0.50"),
        axis=165,
        se=D("0.50"),
        readings=(
            RefractionReading(error="NO CENTER"),
            RefractionReading(sphere=D("0.75"), cylinder=D("-0.25"), axis=165, se=D("0.75"), confidence=9),
            RefractionReading(sphere=D("0.75"), cylinder=D("0.0"), axis=0, se=D("0.75")),
        ),
    )
    assert str(reading.right.readings[2].cylinder) == "0.0"


@pytest.mark.parametrize(
    ("far", "near", "pd"),
    [
        ("66.00", "66.00", Pd(far=D("66.00"))),
        ("66.00", "62.00", Pd(far=D("66.00"), near=D("62.00"))),
        ("", "", None),
        ("0", "", None),
        ("66,5", "", Pd(far=D("66.5"))),
    ],
)
def test_the_near_distance_that_repeats_the_far_one_was_not_measured(far, near, pd):
    distances = f"<PD><Distance>{far}</Distance><Near>{near}</Near></PD>"
    said = f"<REF><R><Median>{power('1', '-1', 90)}</Median></R></REF>{distances}"
    (reading,) = readings(document(measure("REF", said)))
    assert reading.pd == pd


def test_decimal_commas_leading_blanks_and_signs_are_read_value_by_value():
    said = f"<REF><R><Median>{power(' +0,75', '-0.50', '  9')}</Median></R></REF>"
    (reading,) = readings(document(measure("REF", said)))
    assert (reading.right.sphere, reading.right.cylinder, reading.right.axis) == (D("0.75"), D("-0.50"), 9)


def test_the_equivalent_is_the_instruments_own_and_never_computed():
    assert readings(document(REF))[0].right.readings[1].se == D("0.75")  # not 0.625
    said = f"<REF><R><Median>{power('1', '-1', 90)}</Median></R></REF>"
    assert readings(document(measure("REF", said)))[0].right.se is None


def test_a_cornea_and_the_vendors_element_behind_it():
    (reading,) = readings(document(KM))
    curvature = {
        "r1": Meridian(radius_mm=D("8.48"), power_d=D("39.75"), axis=11),
        "r2": Meridian(radius_mm=D("7.79"), power_d=D("43.50"), axis=101),
        "average": MeanCurvature(radius_mm=D("8.14"), power_d=D("41.75")),
        "cylinder": CornealCylinder(power_d=D("-3.75"), axis=11),
    }
    assert reading.right == KeratometryEye(**curvature, readings=(KeratometryReading(**curvature),))
    assert reading.index == D("1.3375")
    assert reading.extra["Confidence"] == {"R": {"Median": {"ConfidenceIndex": "5"}}}


def test_pressure_with_a_doubtful_puff_and_the_correction_in_micrometres():
    (reading,) = readings(document(TM))
    assert reading.right == TonometryEye(
        iop_mmhg=D("19.0"),
        readings=(IopReading(iop_mmhg=D("18.0"), doubtful=True), IopReading(iop_mmhg=D("20.0"))),
        corrected=CorrectedIop(iop_mmhg=D("18.0"), cct_um=D(560), param1=D(545), param2=D("0.050")),
    )


def test_the_vendors_pascals_are_no_pascals_and_are_only_kept():
    (reading,) = readings(document(TM))
    assert all(one.iop_kpa is None for one in reading.right.readings)
    assert reading.extra["CorrectedIOP"] == {"R": {"List": {"@no": "1", "IOP_mmHg": "18", "IOP_Pa": "18"}}}
    assert reading.extra["TM"] == {"RL_Order": "R"}


def test_a_correction_without_a_thickness_is_only_a_formula():
    said = TM.replace("0.560", "").replace("Corrected>", "Nothing>")
    (reading,) = readings(document(said))
    assert reading.right.corrected is None
    assert reading.extra["CorrectedIOP/Formula1/R"]["Param1"] == "0.545"


@pytest.mark.parametrize(("unit", "said", "kpa"), [("hPa", "24.0", "2.40"), ("kPa", "2.40", "2.40")])
def test_a_pressure_in_pascals_is_what_its_unit_says(unit, said, kpa):
    pressure = f'<IOP_mmHg unit="mmHg">18.0</IOP_mmHg><IOP_Pa unit="{unit}">{said}</IOP_Pa>'
    (reading,) = readings(document(measure("TM", f"<TM><R><Average>{pressure}</Average></R></TM>")))
    assert str(reading.right.iop_kpa) == kpa


def test_a_pressure_without_its_unit_is_kept_and_told():
    pressure = "<IOP_mmHg>18.0</IOP_mmHg><IOP_Pa>2.40</IOP_Pa>"
    (reading,) = readings(document(measure("TM", f"<TM><R><Average>{pressure}</Average></R></TM>")))
    assert (reading.right.iop_kpa, reading.extra["R/Average/IOP_Pa"]) == (None, "2.40")
    assert codes(reading) == ["unreadable_field"]

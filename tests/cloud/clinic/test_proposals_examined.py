"""Where lengths, maps, fields, thicknesses and vital signs would stand, and what stays in Readings."""

from decimal import Decimal

from msgspec import structs

from cloud.clinic.choices import Level
from cloud.readings.plausible import Doubt
from protocols.readings import (
    Biometry,
    BiometryEye,
    Blob,
    Image,
    Meridian,
    Oct,
    OctEye,
    Topography,
    TopographyEye,
    VisualField,
    VisualFieldEye,
    VitalSigns,
)
from tests.cloud.clinic.readings_here import made, proposed, shown
from tests.cloud.clinic.test_proposals import codes, values

D = Decimal


def eye(**more):
    flat, steep = Meridian(power_d=D("42.51"), axis=175), Meridian(power_d=D("43.77"), axis=85)
    return BiometryEye(axial_length_mm=D("23.41"), acd_mm=D("3.38"), k1=flat, k2=steep, k_index=D("1.3375"), **more)


def test_biometry_brings_lengths_and_a_keratometry_of_its_own():
    right = eye(acd_from="epithelium", lens_status="phakic IOL", snr=D("122.6"))
    (one,) = proposed(made(Biometry, maker="Lumen", model="A", right=right))
    found = values(one)
    assert found["biometry.1.axial_length.R"] == "23.41"
    assert (found["biometry.1.acd.R"], found["biometry.1.lens_status.R"]) == ("3.38", "phakic_iol")
    assert (found["keratometry.1.r1_power.R"], found["keratometry.1.r2_axis.R"]) == ("42.51", "85")
    assert (found["keratometry.1.index.N"], found["biometry.1.instrument.N"]) == ("1.3375", "Lumen A")
    assert codes(one) == []


def test_the_flatter_meridian_is_the_first_whatever_the_instrument_calls_it():
    right = eye()
    turned = structs.replace(right, k1=right.k2, k2=right.k1)
    (one,) = proposed(made(Biometry, right=turned))
    assert values(one)["keratometry.1.r1_power.R"] == "42.51"


def test_a_chamber_that_begins_elsewhere_stays_in_readings():
    (one,) = proposed(made(Biometry, right=eye(acd_from="endothelium"), left=eye()))
    assert [name for name in values(one) if ".acd." in name] == []
    assert codes(one) == ["chamber_undefined", "chamber_undefined"]


def test_topography_brings_the_indices_the_record_has_by_name():
    right = TopographyEye(kmax_d=D("52.6"), thinnest_um=D(471), indices={"SAI": D("0.41"), "BAD-D": D("4.87")})
    (one,) = proposed(made(Topography, right=right))
    found = values(one)
    assert (found["topography_summary.1.kmax_d.R"], found["topography_summary.1.sai.R"]) == ("52.6", "0.41")
    assert not any("4.87" in entered for entered in found.values())


def test_a_field_brings_its_indices_in_the_words_of_the_record():
    left = VisualFieldEye(md_db=D("-4.21"), psd_db=D("6.9"), vfi_percent=D(88), ght="Outside Normal Limits")
    (one,) = proposed(made(VisualField, maker="Zeiss", test="24-2", strategy="SITA-Standard", left=left))
    found = values(one)
    assert (found["visual_field.1.md_db.L"], found["visual_field.1.ght.L"]) == ("-4.21", "outside")
    assert (found["visual_field.1.test.N"], found["visual_field.1.strategy.N"]) == ("24-2", "sita_standard")


def test_a_loss_written_as_a_positive_number_is_left_to_a_person():
    left = VisualFieldEye(md_db=D("4.2"), vfi_percent=D(88))
    (one,) = proposed(made(VisualField, maker="Haag-Streit", model="Octopus 900", left=left))
    assert [name for name in values(one) if "md_db" in name] == []
    assert codes(one) == ["loss_positive"]


def test_thickness_brings_averages_and_quadrants_and_no_clock_hours():
    right = OctEye(rnfl_um={"average": D(88), "inferior": D(112), "h6": D(120)}, macula_um={"center": D(262)})
    (one,) = proposed(made(Oct, right=right))
    found = values(one)
    assert (found["oct.1.rnfl_average.R"], found["oct.1.macula_central.R"]) == ("88", "262")
    assert not any("120" in entered for entered in found.values())


def test_blood_pressure_goes_into_the_body():
    (one,) = proposed(made(VitalSigns, systolic_mmhg=D(138), diastolic_mmhg=D(86), height_m=D("1.72")))
    found = values(one)
    assert (found["body.1.systolic.N"], found["body.1.diastolic.N"]) == ("138", "86")
    assert D(found["body.1.height_cm.N"]) == D(172)


def test_what_the_cuff_doubted_is_not_taken_over_without_a_word():
    doubted = structs.replace(made(VitalSigns, systolic_mmhg=D(138)), doubts=("movement",))
    (one,) = proposed(shown(doubted, doubts=(Doubt("doubted_by_device", "It doubts."),)))
    assert (one.weight, one.at_once) == (Level.REASON, False)


def test_a_picture_stays_in_readings():
    blob = Blob(sha256="0" * 64, bytes=1, media_type="application/dicom")
    (one,) = proposed(made(Image, blob=blob, modality="OP"))
    assert (one.values, codes(one)) == ((), ["kept"])

"""Axial measurements: what was chosen, by code, in our units."""

from decimal import Decimal

import pytest

from protocols.readings import AxialReading
from tests.protocols.dicom.objects import axial, axial_eye, code, decoded, item, notes, private, segment


def biometry(found):
    document, reading = decoded(found)
    assert document.title == "Ophthalmic Axial Measurements"
    return reading


def test_the_chosen_lengths_come_out_in_our_units():
    right = biometry(axial()).right

    assert str(right.axial_length_mm) == "23.41"
    assert str(right.acd_mm) == "3.12"
    assert str(right.lens_thickness_mm) == "4.35"
    assert str(right.cct_um) == "545"
    assert str(right.snr) == "31.50"
    assert str(right.standard_deviation_mm) == "0.012"


def test_every_single_shot_is_kept_with_its_noise():
    assert biometry(axial()).right.readings == (
        AxialReading(axial_length_mm=Decimal("23.4"), snr=Decimal("29.5")),
        AxialReading(axial_length_mm=Decimal("23.42"), snr=Decimal("29.5")),
    )


def test_each_eye_has_its_own():
    reading = biometry(axial(OphthalmicAxialMeasurementsLeftEyeSequence=axial_eye(24.5)))

    assert (str(reading.right.axial_length_mm), str(reading.left.axial_length_mm)) == ("23.41", "24.5")
    assert decoded(axial())[0].laterality == "right"
    assert decoded(axial(OphthalmicAxialMeasurementsLeftEyeSequence=axial_eye()))[0].laterality == "both"
    assert reading.method == "optical"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (("247049005", "SCT"), "phakic"),
        (("R-2073F", "SRT"), "phakic"),
        (("DA-73460", "SRT"), "pseudophakic"),
        (("PSDPHKC_PMMA", "99CZM"), "pseudophakic, PMMA"),
        (("PGGYBCK_SILICON", "99CZM"), "piggyback IOL, silicone"),
    ],
)
def test_lens_status_is_read_in_three_lists_of_codes(status, word):
    right = biometry(axial(OphthalmicAxialMeasurementsRightEyeSequence=axial_eye(status=status))).right

    assert (right.lens_status, right.vitreous_status) == (word, "post-vitrectomy")


def test_an_unknown_status_keeps_its_own_words_and_says_so():
    odd = axial(OphthalmicAxialMeasurementsRightEyeSequence=axial_eye(status=("X1", "99MINE", "Something new")))

    assert biometry(odd).right.lens_status == "Something new"
    assert notes(decoded(odd)) == ["unknown_code"]


@pytest.mark.parametrize(("value", "begins"), [("111776", "epithelium"), ("111777", "endothelium"), ("1", None)])
def test_where_the_chamber_begins_is_what_the_object_says(value, begins):
    found = axial(AnteriorChamberDepthDefinitionCodeSequence=code(value))

    assert biometry(found).right.acd_from == begins


def test_zeiss_measures_from_the_epithelium_and_does_not_say_so():
    assert biometry(axial()).right.acd_from is None
    assert biometry(axial(Manufacturer="Carl Zeiss Meditec")).right.acd_from == "epithelium"


def test_zero_says_that_it_was_not_measured():
    right = biometry(axial(OphthalmicAxialMeasurementsRightEyeSequence=axial_eye(chamber=0.0, lens=0.0))).right

    assert (right.acd_mm, right.acd_from, right.lens_thickness_mm) == (None, None, None)


def test_a_segment_nobody_knows_is_kept_by_its_code():
    eye = axial_eye()
    chosen = eye.OpticalSelectedOphthalmicAxialLengthSequence[0]
    chosen.SelectedSegmentalOphthalmicAxialLengthSequence.append(segment("111779", 2.5))

    assert "2.5 mm" in str(biometry(axial(OphthalmicAxialMeasurementsRightEyeSequence=eye)).extra)


def test_an_ultrasound_biometer_chooses_elsewhere():
    eye = item(
        UltrasoundSelectedOphthalmicAxialLengthSequence=item(
            OphthalmicAxialLength=22.75, SelectedSegmentalOphthalmicAxialLengthSequence=segment("31636006", 3.0)
        )
    )
    reading = biometry(
        axial(OphthalmicAxialMeasurementsDeviceType="ULTRASOUND", OphthalmicAxialMeasurementsRightEyeSequence=eye)
    )

    assert (reading.method, str(reading.right.axial_length_mm), str(reading.right.acd_mm)) == (
        "ultrasound",
        "22.75",
        "3",
    )


def test_what_has_no_key_is_kept():
    assert "PupilDilated" in str(biometry(axial()).extra)


def test_a_length_typed_in_by_hand_is_told():
    eye = axial_eye()
    (series,) = eye.OphthalmicAxialLengthMeasurementsSequence
    series.OphthalmicAxialLengthMeasurementsTotalLengthSequence[0].OphthalmicAxialLengthMeasurementModified = "YES"

    assert notes(decoded(axial(OphthalmicAxialMeasurementsRightEyeSequence=eye))) == ["entered_by_hand"]


def test_the_refraction_typed_into_an_iolmaster_700_stands_beside_the_lengths():
    creator = "99CZM_IOLMaster_ClinicalPatientInformation"
    refraction = private(item(), 0x1203, creator, {0x04: ("FD", -1.25), 0x05: ("FD", 0.0)})
    right = private(item(), 0x1203, creator, {0x03: ("SQ", [refraction])})
    found = private(axial(), 0x1203, creator, {0x01: ("SQ", [right])})
    internal = private(found, 0x2201, "99CZM_NIM_INTERNAL_01", {0x01: ("LO", "bookkeeping")})
    extra = biometry(internal).extra

    assert extra["patient"] == {"right": [{"refraction": [{"sphere": "-1.25", "cylinder": "0"}]}]}
    assert "bookkeeping" not in str(extra)


def test_an_object_without_eyes_is_a_document():
    (document,) = decoded(axial(OphthalmicAxialMeasurementsRightEyeSequence=item(PupilDilated="NO")))

    assert document.title == "Ophthalmic Axial Measurements"

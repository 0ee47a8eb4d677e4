"""Every class of the standard, attribute by attribute, becomes the reading that it means."""

from decimal import Decimal

import pytest
from pydicom.dataset import Dataset

from protocols.dicom_refraction import Decoder, decode
from protocols.framing import Garbled, Transmission
from protocols.readings import (
    AcuityEye,
    AutorefractionEye,
    Instrument,
    KeratometryEye,
    LensmetryEye,
    Meridian,
    PatientRef,
    Pd,
    Prism,
    PrismComponent,
    SubjectiveEye,
    kind,
    to_json,
)
from tests.protocols.dicom_refraction.objects import (
    BIG,
    EXPLICIT,
    IMPLICIT,
    autorefraction,
    bare,
    dataset,
    filed,
    item,
    power,
)


def reading(found, **how):
    raw = found if isinstance(found, bytes) else filed(found, **how)
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event
    assert event.raw == raw
    assert to_json(event.readings[0])
    return event.readings[0]


def codes(found):
    return [note.code for note in found.notes]


def prism(across, base, upright, other):
    return item(
        HorizontalPrismPower=across, HorizontalPrismBase=base, VerticalPrismPower=upright, VerticalPrismBase=other
    )


def acuity_type(value, scheme, meaning="Meaning"):
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def test_an_autorefraction():
    found = reading(
        dataset(
            "AR",
            AutorefractionRightEyeSequence=power(-2.25, -0.5, 175.0, VertexDistance=12.0, PupilSize=5.7),
            AutorefractionLeftEyeSequence=power(0.0, VertexDistance=12.0, CornealSize=11.8),
            DistancePupillaryDistance=63.5,
            NearPupillaryDistance=60.0,
            MeasurementLaterality="B",
        )
    )

    assert kind(found) == "autorefraction"
    assert found.right == AutorefractionEye(
        sphere=Decimal("-2.25"), cylinder=Decimal("-0.5"), axis=175, pupil_mm=Decimal("5.7")
    )
    assert found.left == AutorefractionEye(sphere=Decimal("0.0"))
    assert (found.vertex_mm, found.pd) == (Decimal("12.0"), Pd(far=Decimal("63.5"), near=Decimal("60.0")))
    assert found.extra == {"SOPInstanceUID": "1.2.3.4.5", "AutorefractionLeftEyeSequence": {"CornealSize": "11.8"}}
    assert (found.notes, found.integrity.checksum) == ((), "none")


def test_who_spoke_whose_eyes_and_when():
    found = reading(autorefraction())

    assert found.instrument == Instrument(
        maker="Maker", model="RX-1", dialect="dicom_refraction", serial="S-77", firmware="1.2, b3"
    )
    assert found.patient_ref == PatientRef(id="P-9", name="Zhang^Wei=张^伟", birth_date="1980-01-02")
    assert found.measured_at == "2024-02-05T14:07:59.250000"


def test_a_keratometry_names_its_meridians_itself():
    flat = item(RadiusOfCurvature=7.84, KeratometricPower=43.0, KeratometricAxis=120.0)
    steep = item(RadiusOfCurvature=7.7, KeratometricPower=43.75, KeratometricAxis=30.0)
    found = reading(
        dataset(
            "KER",
            KeratometryRightEyeSequence=item(SteepKeratometricAxisSequence=steep, FlatKeratometricAxisSequence=flat),
        )
    )

    assert found.right == KeratometryEye(
        r1=Meridian(radius_mm=Decimal("7.84"), power_d=Decimal("43.0"), axis=120),
        r2=Meridian(radius_mm=Decimal("7.7"), power_d=Decimal("43.75"), axis=30),
    )
    assert (found.left, codes(found)) == (None, [])


def test_a_steep_meridian_that_is_flatter_is_told_and_not_turned():
    flat, steep = item(RadiusOfCurvature=7.7), item(RadiusOfCurvature=7.9)
    eye = item(SteepKeratometricAxisSequence=steep, FlatKeratometricAxisSequence=flat)
    found = reading(dataset("KER", KeratometryLeftEyeSequence=eye))

    assert found.left.r1.radius_mm == Decimal("7.7")
    assert codes(found) == ["meridians_contradict"]


def test_a_lensometry_with_prism_and_additions():
    right = power(
        -6.5,
        -1.5,
        10.0,
        PrismSequence=prism(1.25, "IN", 0.5, "UP"),
        AddNearSequence=item(AddPower=2.0, ViewingDistance=40.0),
        AddIntermediateSequence=item(AddPower=1.0),
        LensSegmentType="PROGRESSIVE",
        OpticalTransmittance=92.5,
    )
    left = power(-5.75, PrismSequence=prism(0.0, "OUT", 0.0, "DOWN"), LensSegmentType="PROGRESSIVE")
    found = reading(dataset("LEN", LensDescription="house brand", RightLensSequence=right, LeftLensSequence=left))

    assert found.lens_type == "PROGRESSIVE"
    assert found.right == LensmetryEye(
        sphere=Decimal("-6.5"),
        cylinder=Decimal("-1.5"),
        axis=10,
        add=Decimal("2.0"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("1.25"), base="in"),
            vertical=PrismComponent(power=Decimal("0.5"), base="up"),
        ),
    )
    assert found.left.prism.vertical == PrismComponent(power=Decimal("0.0"), base="down")
    assert found.extra["LensDescription"] == "house brand"
    assert found.extra["RightLensSequence"] == {
        "AddNearSequence": {"ViewingDistance": "40.0"},
        "AddIntermediateSequence": [{"AddPower": "1.0"}],
        "OpticalTransmittance": "92.5",
    }


def test_one_unmarked_lens_is_single():
    found = reading(dataset("LEN", UnspecifiedLateralityLensSequence=power(1.0)))

    assert found.single == LensmetryEye(sphere=Decimal("1.0"))
    assert (found.right, found.left) == (None, None)


def test_lenses_of_two_types_have_none_in_common():
    found = reading(
        dataset(
            "LEN",
            RightLensSequence=power(1.0, LensSegmentType="PROGRESSIVE"),
            LeftLensSequence=power(1.0, LensSegmentType="NONPROGRESSIVE"),
        )
    )

    assert found.lens_type is None
    assert codes(found) == ["lens_types_differ"]


def test_a_base_of_the_wrong_direction_is_no_base():
    found = reading(dataset("LEN", RightLensSequence=power(1.0, PrismSequence=prism(1.0, "UP", 0.5, "DOWN"))))

    assert found.right.prism.horizontal == PrismComponent(power=Decimal("1.0"))
    assert codes(found) == ["unreadable_field"]


def test_a_subjective_refraction():
    right = power(
        -2.0,
        -0.75,
        90.0,
        AddNearSequence=item(AddPower=1.75),
        AddOtherSequence=item(AddPower=0.5),
        VertexDistance=13.75,
    )
    found = reading(
        dataset(
            "SRF",
            SubjectiveRefractionRightEyeSequence=right,
            DistancePupillaryDistance=62.0,
            IntermediatePupillaryDistance=61.0,
        )
    )

    assert (found.stage, found.distance, found.vertex_mm) == ("subjective", "far", Decimal("13.75"))
    assert found.right == SubjectiveEye(sphere=Decimal("-2.0"), cylinder=Decimal("-0.75"), axis=90, add=Decimal("1.75"))
    assert found.pd == Pd(far=Decimal("62.0"))
    assert found.extra["IntermediatePupillaryDistance"] == "61.0"
    assert found.extra["SubjectiveRefractionRightEyeSequence"] == {"AddOtherSequence": [{"AddPower": "0.5"}]}


def test_a_visual_acuity_of_each_eye_and_both():
    found = reading(
        dataset(
            "VA",
            ViewingDistanceType="NEAR",
            BackgroundColor="WHITE",
            VisualAcuityTypeCodeSequence=acuity_type("420050001", "SCT"),
            VisualAcuityRightEyeSequence=item(DecimalVisualAcuity=0.8, VisualAcuityModifiers=[-2, 0]),
            VisualAcuityLeftEyeSequence=item(DecimalVisualAcuity=1.0, VisualAcuityModifiers=[0, 3]),
            VisualAcuityBothEyesOpenSequence=item(DecimalVisualAcuity=1.25, VisualAcuityModifiers=[0, 0]),
            MeasurementLaterality="B",
        )
    )

    assert (found.notation, found.distance, found.correction) == ("decimal", "near", "unaided")
    assert found.right == AcuityEye(va="0.8", letters=-2)
    assert found.left == AcuityEye(va="1.0", letters=3)
    assert found.both == AcuityEye(va="1.25")
    assert found.extra == {"SOPInstanceUID": "1.2.3.4.5", "BackgroundColor": "WHITE"}


def test_letters_of_two_lines_are_not_netted():
    eye = item(DecimalVisualAcuity=1.0, VisualAcuityModifiers=[-1, 2])
    found = reading(dataset("VA", VisualAcuityRightEyeSequence=eye))

    assert found.right == AcuityEye(va="1.0")
    assert found.extra["VisualAcuityRightEyeSequence"] == {"VisualAcuityModifiers": ["-1", "2"]}


@pytest.mark.parametrize(
    ("value", "scheme", "correction"),
    [
        ("420050001", "SCT", "unaided"),
        ("F-04D53", "SRT", "unaided"),
        ("111686", "DCM", "habitual"),
        ("419775003", "SCT", "corrected"),
        ("419475002", "SCT", "pinhole"),
        ("111687", "DCM", None),
        ("420050001", "99XYZ", None),
    ],
)
def test_only_known_codes_become_a_correction(value, scheme, correction):
    eye, code = item(DecimalVisualAcuity=1.0), acuity_type(value, scheme)
    found = reading(dataset("VA", VisualAcuityTypeCodeSequence=code, VisualAcuityRightEyeSequence=eye))

    assert found.correction == correction
    assert ("VisualAcuityType" in found.extra) == (correction is None)


def test_other_distances_than_far_and_near_keep_their_word():
    eye = item(DecimalVisualAcuity=1.0)
    found = reading(dataset("VA", ViewingDistanceType="INTERMEDIATE", VisualAcuityRightEyeSequence=eye))

    assert (found.distance, found.extra["ViewingDistanceType"]) == (None, "INTERMEDIATE")


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG])
def test_every_uncompressed_syntax_reads_the_same(syntax):
    assert reading(autorefraction(), syntax=syntax).right.axis == 175


@pytest.mark.parametrize("implicit", [True, False])
def test_a_data_set_without_the_head_of_a_file(implicit):
    found = reading(bare(autorefraction(), implicit=implicit))

    assert found.right.sphere == Decimal("-2.25")


def test_the_files_own_group_without_preamble():
    assert reading(filed(autorefraction())[132:]).right.axis == 175


@pytest.mark.parametrize(
    ("sent", "axis", "kept"),
    [(0.0, 0, None), (180.0, 180, None), (92.5, None, "92.5"), (181.0, None, "181.0"), (-5.0, None, "-5.0")],
)
def test_an_axis_is_a_whole_degree_or_none(sent, axis, kept):
    found = reading(dataset("AR", AutorefractionRightEyeSequence=power(-1.0, -0.5, sent)))

    assert (found.right.cylinder, found.right.axis) == (Decimal("-0.5"), axis)
    if kept:
        inner = found.extra["AutorefractionRightEyeSequence"]["CylinderSequence"]
        assert inner == {"CylinderAxis": kept}
        assert codes(found) == ["axis_not_whole"]


@pytest.mark.parametrize(
    ("sent", "text"),
    [(-2.25, "-2.25"), (0.1, "0.1"), (-0.0, "-0.0"), (7.760000000000001, "7.760000000000001"), (1e-5, "0.00001")],
)
def test_a_double_is_read_with_the_fewest_digits_that_mean_it(sent, text):
    found = reading(dataset("AR", AutorefractionRightEyeSequence=power(sent)))

    assert str(found.right.sphere) == text


@pytest.mark.parametrize("sent", [float("nan"), float("inf"), 1e300, [1.0, 2.0]])
def test_what_is_no_number_of_an_instrument_stays_apart(sent):
    eye = power(-1.0, PupilSize=5.0)
    eye.PupilSize = sent
    found = reading(dataset("AR", AutorefractionRightEyeSequence=eye))

    assert found.right == AutorefractionEye(sphere=Decimal("-1.0"))
    assert codes(found) == ["unreadable_field"]
    assert "PupilSize" in found.extra["AutorefractionRightEyeSequence"]


def test_an_empty_number_is_absent():
    found = reading(dataset("AR", AutorefractionRightEyeSequence=power(-1.0, PupilSize=None)))

    assert (found.right.pupil_mm, codes(found)) == (None, [])


def test_a_missing_sphere_is_told():
    eye = item(CylinderSequence=item(CylinderPower=-0.5, CylinderAxis=10.0))
    found = reading(dataset("AR", AutorefractionRightEyeSequence=eye))

    assert (found.right.sphere, found.right.axis) == (None, 10)
    assert codes(found) == ["sphere_missing"]


def test_different_vertex_distances_stay_with_their_eyes():
    found = reading(
        dataset(
            "AR",
            AutorefractionRightEyeSequence=power(-1.0, VertexDistance=12.0),
            AutorefractionLeftEyeSequence=power(-1.0, VertexDistance=13.75),
        )
    )

    assert (found.vertex_mm, codes(found)) == (None, ["vertex_differs"])
    assert found.extra["AutorefractionLeftEyeSequence"] == {"VertexDistance": "13.75"}


def test_a_laterality_that_contradicts_the_eyes_is_told():
    found = reading(autorefraction(MeasurementLaterality="L"))

    assert (found.extra["MeasurementLaterality"], codes(found)) == ("L", ["laterality_contradicts"])


def test_private_attributes_are_kept_by_their_makers_word():
    found = autorefraction()
    block = found.private_block(0x771B, "99CZM", create=True)
    block.add_new(0x0D, "FD", 1.3375)
    block.add_new(0x2D, "LO", "a warning")
    kept = reading(found)

    assert (kept.extra["771B,99CZM,0D"], kept.extra["771B,99CZM,2D"]) == ("1.3375", "a warning")
    assert codes(kept) == ["unknown_field"]


def test_what_is_kept_apart_is_bounded():
    found = autorefraction()
    block = found.private_block(0x771B, "99CZM", create=True)
    for place in range(0x10, 0xA0):
        block.add_new(place, "LO", "x")
    block.add_new(0x01, "UT", "y" * 5000)
    inner = Dataset()
    for _ in range(30):
        inner = item(ReferencedRefractiveMeasurementsSequence=inner)
    found.ReferencedRefractiveMeasurementsSequence = [inner]
    kept = reading(found)

    assert len(to_json(kept)) < 30_000
    assert "extra_cut" in codes(kept)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 192", "Zhang^Wei=张^伟"),
        ("GB18030", "Zhang^Wei=张^伟"),
        ("ISO_IR 100", "Müller^Jörg"),
        (None, "Smith^Ann"),
    ],
)
def test_names_in_the_character_sets_of_instruments(charset, name):
    found = autorefraction(SpecificCharacterSet=charset, PatientName=name)

    assert reading(found).patient_ref.name == name


@pytest.mark.parametrize(
    ("day", "hour", "zone", "at", "notes"),
    [
        ("20240205", "140700", None, "2024-02-05T14:07:00", []),
        ("20240205", "1407", "+0800", "2024-02-05T14:07:00+08:00", []),
        ("20240205", "140700.123456", "-0330", "2024-02-05T14:07:00.123456-03:30", []),
        ("20240205", "14", None, None, ["clock_implausible"]),
        ("19990101", "000000", None, "1999-01-01T00:00:00", ["clock_implausible"]),
        ("", "", None, None, []),
    ],
)
def test_the_instruments_clock(day, hour, zone, at, notes):
    found = reading(autorefraction(ContentDate=day, ContentTime=hour, TimezoneOffsetFromUTC=zone))

    assert (found.measured_at, codes(found)) == (at, notes)


def test_an_instrument_without_name_and_a_patient_without_anything():
    empty = dict.fromkeys(("Manufacturer", "ManufacturerModelName", "PatientName", "PatientID", "PatientBirthDate"), "")
    found = reading(autorefraction(**empty, DeviceSerialNumber="unknown", SoftwareVersions="Unknown"))

    assert found.instrument == Instrument(maker="unknown", model="unknown", dialect="dicom_refraction")
    assert found.patient_ref is None
    assert codes(found) == ["instrument_unnamed"]


def test_comments_are_kept_on_one_line():
    assert reading(autorefraction(ImageComments="blinked\r\ntwice")).extra["ImageComments"] == "blinked twice"


@pytest.mark.parametrize(("sent", "name"), [("Smith^Ann^^^", "Smith^Ann"), ("^^", None), ("=", None)])
def test_empty_components_of_a_name_mean_nothing(sent, name):
    assert reading(autorefraction(PatientName=sent)).patient_ref.name == name


def test_a_text_with_control_characters_is_no_text():
    found = reading(filed(autorefraction(PatientID="AB1CD")).replace(b"AB1CD", b"AB\x01CD"))

    assert (found.patient_ref.id, codes(found)) == (None, ["unreadable_field"])


def test_an_object_in_pieces_is_read_when_the_quiet_comes():
    raw, decoder = filed(autorefraction()), Decoder()
    assert decoder.pause is None
    assert [event for at in range(len(raw)) for event in decoder.feed(raw[at : at + 1])] == []
    assert decoder.pause is not None

    assert decoder.silence() == decode(raw)
    assert (decoder.pause, decoder.silence()) == (None, [])


def test_files_run_together_are_read_apart():
    one, other = filed(autorefraction(PatientID="1")), filed(autorefraction(PatientID="2"))
    events = decode(b"leftovers of a line" + one + other + other[:200])

    assert [type(event) for event in events] == [Garbled, Transmission, Transmission, Garbled]
    assert [event.readings[0].patient_ref.id for event in events[1:3]] == ["1", "2"]
    assert b"".join(event.raw for event in events) == b"leftovers of a line" + one + other + other[:200]

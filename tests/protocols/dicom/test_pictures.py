"""The reading that stands for the file: a picture, or a document."""

import hashlib

import pytest

from protocols.readings import Document, Image
from tests.protocols.dicom.objects import code, dataset, decoded, filed, item, notes


def picture(suffix="77.1.5.1", **more):
    return dataset(suffix, **{"Modality": "OP", "Rows": 32, "Columns": 48, "ImageLaterality": "R"} | more)


def one(found):
    (reading,) = decoded(found)
    return reading


@pytest.mark.parametrize(
    "suffix",
    [
        "77.1.5.1",
        "77.1.5.2",
        "77.1.5.4",
        "77.1.5.5",
        "77.1.5.6",
        "77.1.5.7",
        "77.1.5.8",
        "81.1",
        "7",
        "7.2",
        "7.4",
        "77.1.4",
        "77.1.4.1",
    ],
)
def test_what_can_be_seen_is_a_picture(suffix):
    reading = one(picture(suffix, NumberOfFrames=5))

    assert type(reading) is Image
    assert (reading.modality, reading.laterality, reading.frames, reading.rows, reading.columns) == (
        "OP",
        "right",
        5,
        32,
        48,
    )
    assert reading.sop_class == f"1.2.840.10008.5.1.4.1.1.{suffix}"


@pytest.mark.parametrize(
    ("suffix", "title"),
    [("66", "Raw Data"), ("11.1", "Grayscale Softcopy Presentation State"), ("78.7", "Ophthalmic Axial Measurements")],
)
def test_what_cannot_is_a_document_named_after_its_class(suffix, title):
    reading = one(dataset(suffix))

    assert (type(reading), reading.title) == (Document, title)


def test_a_class_of_the_makers_own_is_a_picture_when_it_has_rows():
    private = dataset("7")
    private.SOPClassUID = "1.2.3.4.5.6"

    assert type(one(private)) is Document
    private.Rows = 12
    assert type(one(private)) is Image


def test_the_blob_names_the_file():
    found = picture()
    raw = filed(found)
    reading = one(found)

    assert reading.blob.sha256 == reading.integrity.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert (reading.blob.bytes, reading.blob.media_type) == (len(raw), "application/dicom")


def test_a_report_has_the_title_it_gives_itself():
    assert (
        one(dataset("104.1", DocumentTitle="IOL report", MIMETypeOfEncapsulatedDocument="application/pdf")).title
        == "IOL report"
    )


def test_the_view_is_the_position_before_the_region():
    region = {"AnatomicRegionSequence": code("5665001", "SCT", "Retina")}

    assert one(picture(**region)).view == "Retina"
    assert (
        one(picture(**region, RelativeImagePositionCodeSequence=code("111900", meaning="Macula centered"))).view
        == "Macula centered"
    )


def test_the_scale_comes_from_the_frames_where_the_top_has_none():
    shared = item(
        PixelMeasuresSequence=item(PixelSpacing=["0.0039", "0.0114"]), FrameAnatomySequence=item(FrameLaterality="L")
    )
    reading = one(picture("77.1.5.4", ImageLaterality=None, SharedFunctionalGroupsSequence=shared))

    assert reading.extra["pixel_spacing_mm"] == ["0.0039", "0.0114"]
    assert reading.laterality == "left"


@pytest.mark.parametrize(
    ("attributes", "side"),
    [
        ({"ImageLaterality": "B"}, "both"),
        ({"ImageLaterality": None, "Laterality": "L"}, "left"),
        ({"ImageLaterality": None}, None),
        ({"ImageLaterality": "U"}, None),
    ],
)
def test_the_eye_is_what_the_object_says(attributes, side):
    assert one(picture(**attributes)).laterality == side


def test_the_eye_may_be_coded_with_the_region():
    eye = code("81745001", "SCT", "Eye")
    eye.AnatomicRegionModifierSequence = [code("7771000", "SCT", "Left")]

    assert one(picture(ImageLaterality=None, AnatomicRegionSequence=eye)).laterality == "left"


def test_two_eyes_that_contradict_are_none():
    found = decoded(picture(Laterality="L"))

    assert found[0].laterality is None
    assert found[0].extra["lateralities"] == ["right", "left"]
    assert notes(found) == ["laterality_contradicts"]


def test_what_the_maker_wrote_about_the_picture_is_kept():
    reading = one(
        picture(
            AcquisitionDeviceTypeCodeSequence=code("397247004", "SCT", "Slit Lamp Biomicroscope"),
            HorizontalFieldOfView=45.0,
        )
    )

    assert reading.extra["AcquisitionDeviceTypeCodeSequence"] == "Slit Lamp Biomicroscope (397247004 SCT)"
    assert reading.extra["HorizontalFieldOfView"] == "45"


def test_a_thickness_map_is_a_picture_and_nobody_makes_sectors_of_it():
    """By the attributes of its module (81.1): a value a pixel, and nothing that says which way is up or nasal."""
    found = picture(
        "81.1",
        Modality="OPM",
        OphthalmicMappingDeviceType="OCT",
        OphthalmicThicknessMapTypeCodeSequence=code("111930", meaning="Absolute ophthalmic thickness"),
        RetinalThicknessDefinitionCodeSequence=code("111928", meaning="Total retinal thickness, ILM to RPE"),
        AnatomicStructureReferencePoint=[16.0, 24.0],
        PixelSpacing=["0.1875", "0.125"],
        RealWorldValueMappingSequence=item(
            LUTExplanation="Thickness",
            LUTLabel="um",
            MeasurementUnitsCodeSequence=code("um", "UCUM"),
            RealWorldValueIntercept=0.0,
            RealWorldValueSlope=1.0,
        ),
    )
    (reading,) = decoded(found)

    assert (type(reading), reading.modality, reading.view) == (Image, "OPM", "Absolute ophthalmic thickness")
    assert reading.extra["pixel_spacing_mm"] == ["0.1875", "0.125"]
    assert {"AnatomicStructureReferencePoint", "RealWorldValueMappingSequence"} <= set(reading.extra)

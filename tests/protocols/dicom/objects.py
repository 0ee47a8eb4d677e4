"""Objects made with pydicom attribute by attribute from the standard's tables; nothing of it comes from a real file."""

from pydicom.dataset import Dataset

from protocols.dicom import decode
from protocols.framing import Transmission
from protocols.readings import from_json, to_json
from tests.protocols.dicom_refraction.objects import dataset as based
from tests.protocols.dicom_refraction.objects import filed, item

IMPLICIT = "1.2.840.10008.1.2"


def dataset(suffix, **attributes):
    """A data set of a storage class, with the head that every class has."""
    return based(suffix, **{"Modality": "OT"} | attributes)


def code(value, scheme="DCM", meaning=""):
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning or value)


def decoded(found, syntax="1.2.840.10008.1.2.1"):
    """Every reading of an object, after a round through its JSON."""
    (event,) = decode(filed(found, syntax))
    assert isinstance(event, Transmission), event
    return [from_json(to_json(reading)) for reading in event.readings]


def notes(readings):
    return [note.code for reading in readings for note in reading.notes]


def segment(value, length):
    return item(
        OphthalmicAxialLength=length, OphthalmicAxialLengthMeasurementsSegmentNameCodeSequence=code(value, "SCT")
    )


def axial_eye(total=23.41, cornea=0.545, chamber=3.12, lens=4.35, *, status=("247049005", "SCT"), shots=(23.4, 23.42)):
    metric = item(
        ConceptNameCodeSequence=code("111787"),
        NumericValue="31.50",
        MeasurementUnitsCodeSequence=code("1", "UCUM"),
    )
    spread = item(
        ConceptNameCodeSequence=code("111786"),
        NumericValue="0.012",
        MeasurementUnitsCodeSequence=code("mm", "UCUM"),
    )
    chosen = item(
        SelectedSegmentalOphthalmicAxialLengthSequence=[
            segment("28726007", cornea),
            segment("31636006", chamber),
            segment("111778", lens),
        ],
        SelectedTotalOphthalmicAxialLengthSequence=item(
            OphthalmicAxialLength=total, OphthalmicAxialLengthQualityMetricSequence=[metric, spread]
        ),
    )
    return item(
        PupilDilated="NO",
        LensStatusCodeSequence=code(*status),
        VitreousStatusCodeSequence=code("DA-7930D", "SRT", "Post-Vitrectomy"),
        OphthalmicAxialLengthMeasurementsSequence=item(
            OphthalmicAxialLengthMeasurementsType="TOTAL LENGTH",
            OphthalmicAxialLengthMeasurementsTotalLengthSequence=[
                item(
                    OphthalmicAxialLength=shot,
                    OpticalOphthalmicAxialLengthMeasurementsSequence=item(SignalToNoiseRatio=29.5),
                )
                for shot in shots
            ],
        ),
        OpticalSelectedOphthalmicAxialLengthSequence=chosen,
    )


def axial(**more):
    return dataset(
        "78.7",
        **{
            "OphthalmicAxialMeasurementsDeviceType": "OPTICAL",
            "OphthalmicAxialMeasurementsRightEyeSequence": axial_eye(),
        }
        | more,
    )


def point(x, y, result="SEEN", sensitivity=30.0, normals=None):
    found = item(
        VisualFieldTestPointXCoordinate=x,
        VisualFieldTestPointYCoordinate=y,
        StimulusResults=result,
        SensitivityValue=sensitivity,
    )
    if normals:
        found.VisualFieldTestPointNormalsSequence = [normals]
    return found


def field(**more):
    return dataset(
        "80.1",
        **{
            "Modality": "OPV",
            "MeasurementLaterality": "L",
            "PerformedProtocolCodeSequence": [
                code("111800", meaning="Visual Field 24-2 Test Pattern"),
                code("111817", meaning="Visual Field SITA-Fast Test Strategy"),
            ],
            "VisualFieldTestPointSequence": [point(3.0, 3.0), point(15.0, -3.0, "NOT SEEN", 0.0)],
        }
        | more,
    )


def number(value, unit, name, *children):
    """A NUM content item."""
    found = item(
        RelationshipType="CONTAINS",
        ValueType="NUM",
        ConceptNameCodeSequence=name,
        MeasuredValueSequence=item(NumericValue=value, MeasurementUnitsCodeSequence=code(unit, "UCUM")),
    )
    if children:
        found.ContentSequence = list(children)
    return found


def said(name, value):
    """A CODE content item."""
    return item(
        RelationshipType="HAS CONCEPT MOD", ValueType="CODE", ConceptNameCodeSequence=name, ConceptCodeSequence=value
    )


def side(value):
    return said(code("272741003", "SCT", "Laterality"), code(value, "SCT"))


def container(*children, name=None):
    return item(
        RelationshipType="CONTAINS",
        ValueType="CONTAINER",
        ContinuityOfContent="SEPARATE",
        ConceptNameCodeSequence=name or code("125007", meaning="Measurement Group"),
        ContentSequence=list(children),
    )


def report(*children, suffix="79.1"):
    name = code("111690", meaning="Macular Grid Thickness and Volume Report")
    return dataset(suffix, ValueType="CONTAINER", ConceptNameCodeSequence=name, ContentSequence=list(children))


def private(found, group, creator, values, place=0x10):
    """Put a private block into a data set; ``values`` are ``{element: (VR, value)}``."""
    found.add_new((group, place), "LO", creator)
    for at, (vr, value) in values.items():
        found.add_new((group, place << 8 | at), vr, value)
    return found


def zeiss(values, found=None, place=0x10):
    return private(found if found is not None else Dataset(), 0x771B, "99CZM", values, place)

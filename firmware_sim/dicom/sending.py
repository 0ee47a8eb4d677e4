"""Objects made attribute by attribute from the standard's modules (PS3.3); no real file stands behind them."""

import io
from collections.abc import Callable
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_DEPTHS = 4


def exported(model: str, syntax: str = ExplicitVRLittleEndian, **more: Any) -> bytes:
    """The file that a device of this model writes; ``more`` are further attributes. Raises KeyError."""
    suffix, fill = OBJECTS[model]
    made = _headed(_STORAGE + suffix, model)
    fill(made)
    for keyword, value in more.items():
        setattr(made, keyword, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """One object of this model; its class decides what can be read in it."""
    return exported(model)


def _headed(sop_class: str, model: str) -> Dataset:
    """What every object begins with (patient, study, series, equipment)."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid(entropy_srcs=[model, "object"])
    made.StudyInstanceUID = generate_uid(entropy_srcs=[model, "study"])
    made.SeriesInstanceUID = generate_uid(entropy_srcs=[model, "series"])
    made.PatientName, made.PatientID, made.AccessionNumber = "Doe^Jane", "4711", "77001"
    made.StudyDate, made.StudyTime = "20261122", "101500"
    made.ContentDate, made.ContentTime = "20261122", "101501"
    made.Manufacturer, made.ManufacturerModelName, made.SoftwareVersions = "Emmetra", "Simulator", "1"
    made.SeriesNumber = made.InstanceNumber = 1
    return made


def _picture(made: Dataset, modality: str, frames: int = 1) -> None:
    made.Modality, made.ImageLaterality = modality, "R"
    made.Rows = made.Columns = 8
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    if frames > 1:
        made.NumberOfFrames = frames
    made.PixelData = bytes(range(64)) * frames


def _photograph(made: Dataset) -> None:
    _picture(made, "OP")


def _volume(made: Dataset) -> None:
    _picture(made, "OPT", _DEPTHS)


def _thickness(made: Dataset) -> None:
    _picture(made, "OPM")
    made.OphthalmicThicknessMapTypeCodeSequence = [_code("111930", "DCM", "Absolute ophthalmic thickness")]


def _cornea(made: Dataset) -> None:
    _picture(made, "OPM")
    made.CornealTopographySurface = "A"
    made.FlatKeratometricAxisSequence = [_made(RadiusOfCurvature=7.9, KeratometricPower=42.72, KeratometricAxis=5.0)]
    made.SteepKeratometricAxisSequence = [_made(RadiusOfCurvature=7.7, KeratometricPower=43.83, KeratometricAxis=95.0)]


def _lengths(made: Dataset) -> None:
    made.Modality = "OAM"
    total = _made(OphthalmicAxialLength=23.41)
    chosen = _made(SelectedTotalOphthalmicAxialLengthSequence=[total])
    eye = _made(OpticalSelectedOphthalmicAxialLengthSequence=[chosen])
    made.OphthalmicAxialMeasurementsRightEyeSequence = [eye]


def _field(made: Dataset) -> None:
    made.Modality, made.MeasurementLaterality = "OPV", "R"
    pattern, strategy = _code("111800", "DCM", "24-2"), _code("111817", "DCM", "SITA-Fast")
    made.PerformedProtocolCodeSequence = [pattern, strategy]
    where = {"VisualFieldTestPointXCoordinate": 3.0, "VisualFieldTestPointYCoordinate": 3.0}
    made.VisualFieldTestPointSequence = [_made(**where, StimulusResults="SEEN", SensitivityValue=30.0)]


def _grid(made: Dataset) -> None:
    _report(made, "OPT", _number("57109-1", "LN", "Center subfield thickness", "251", "um"))


def _pentacam(made: Dataset) -> None:
    _report(made, "OPM", _number("DICOM_BAMD", "99OCULUS", "DICOM_BAMD", "1.35", "1"))


def _report(made: Dataset, modality: str, value: Dataset) -> None:
    """An SR whose one group is of the right eye (PS3.16, TID 2100 and its kin)."""
    made.Modality = "SR"
    side = _made(RelationshipType="HAS CONCEPT MOD", ValueType="CODE")
    side.ConceptNameCodeSequence = [_code("272741003", "SCT", "Laterality")]
    side.ConceptCodeSequence = [_code("24028007", "SCT", "Right")]
    group = _made(RelationshipType="CONTAINS", ValueType="CONTAINER", ContentSequence=[side, value])
    group.ConceptNameCodeSequence = [_code("111685", "DCM", modality)]
    made.ValueType, made.ContentSequence = "CONTAINER", [group]


def _number(code: str, scheme: str, meaning: str, value: str, unit: str) -> Dataset:
    made = _made(RelationshipType="CONTAINS", ValueType="NUM")
    made.ConceptNameCodeSequence = [_code(code, scheme, meaning)]
    made.MeasuredValueSequence = [_made(NumericValue=value, MeasurementUnitsCodeSequence=[_code(unit, "UCUM", unit)])]
    return made


def _paper(made: Dataset) -> None:
    made.Modality, made.Laterality = "DOC", "R"
    made.DocumentTitle, made.MIMETypeOfEncapsulatedDocument = "Report", "application/pdf"
    made.EncapsulatedDocument = b"%PDF-1.4 Doe, Jane"


def _humphrey(made: Dataset) -> None:
    """The private group of older HFA software, beside its PDF."""
    _paper(made)
    block = made.private_block(0x7717, "99CZM_HFA_EMR_2", create=True)
    for element, said in ((0x01, "24-2"), (0x02, "SITA-Standard"), (0x16, "-3.21 dB"), (0x18, "2.10 dB")):
        block.add_new(element, "LO", said)


def _page(made: Dataset) -> None:
    """A page of an IOLMaster 500: a capture with the maker's own group 771B (its conformance statement)."""
    _picture(made, "OT")
    del made.ImageLaterality
    lengths = Dataset()
    inner = lengths.private_block(0x771B, "99CZM", create=True)
    inner.add_new(0x08, "CS", "R")
    inner.add_new(0x43, "FD", 23.41)
    made.private_block(0x771B, "99CZM", create=True).add_new(0x30, "SQ", [lengths])


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    return _made(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _made(**attributes: Any) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


OBJECTS: dict[str, tuple[str, Callable[[Dataset], None]]] = {
    "DICOM camera": ("77.1.5.1", _photograph),
    "DICOM OCT": ("77.1.5.4", _volume),
    "DICOM thickness map": ("81.1", _thickness),
    "DICOM macular grid": ("79.1", _grid),
    "DICOM biometer": ("78.7", _lengths),
    "IOLMaster 500": ("7.4", _page),
    "DICOM perimeter": ("80.1", _field),
    "DICOM topographer": ("82.1", _cornea),
    "DICOM document": ("104.1", _paper),
    "Humphrey Field Analyzer (DICOM)": ("104.1", _humphrey),
    "Pentacam (DICOM)": ("88.33", _pentacam),
}

"""Objects of every class, small and whole."""

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

PREFIX = "1.2.840.10008.5.1.4.1.1."
AXIAL, PHOTO, PDF, TOMOGRAPHY = (PREFIX + end for end in ("78.7", "77.1.5.1", "104.1", "77.1.5.4"))


def make(path, sop_class=AXIAL, *, uid=None, syntax=ExplicitVRLittleEndian, rows=0, frames=1, **more):
    """Write an object to a file; its SOP instance UID."""
    one = Dataset()
    one.SOPClassUID, one.SOPInstanceUID = sop_class, uid or generate_uid()
    one.StudyInstanceUID, one.SeriesInstanceUID = more.pop("study", generate_uid()), generate_uid()
    one.Modality, one.PatientName, one.PatientID = more.pop("Modality", "OAM"), "Zhang^Wei", "P-1"
    one.StudyDate, one.StudyTime, one.AccessionNumber = "20261122", "101500", "A-1"
    one.SeriesNumber = one.InstanceNumber = 1
    for keyword, value in more.items():
        setattr(one, keyword, value)
    if rows:
        _picture(one, rows, frames)
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = syntax
    one.file_meta.MediaStorageSOPClassUID, one.file_meta.MediaStorageSOPInstanceUID = sop_class, one.SOPInstanceUID
    one.save_as(path, enforce_file_format=True)
    return str(one.SOPInstanceUID)


def _picture(one, rows, frames):
    one.Rows = one.Columns = rows
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.BitsAllocated = one.BitsStored = 8
    one.HighBit, one.PixelRepresentation, one.NumberOfFrames = 7, 0, frames
    one.PixelData = bytes(range(256)) * (rows * rows * frames // 256)

"""The files in which instruments hand such pictures over: DICOM objects, JPEG, PDF."""

import io
from datetime import datetime

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from firmware_sim.eye_pictures.retina import Macula

TOMOGRAPHY = UID("1.2.840.10008.5.1.4.1.1.77.1.5.4")
PHOTOGRAPHY = UID("1.2.840.10008.5.1.4.1.1.77.1.5.1")
DEEP_PHOTOGRAPHY = UID("1.2.840.10008.5.1.4.1.1.77.1.5.2")
SIDES = {"right": "R", "left": "L"}


def volume(macula: Macula, eye: str, at: datetime) -> bytes:
    """A tomography object with spacing, and the place of each slice on a picture of 512 x 512."""
    file = _object(TOMOGRAPHY, "OPT", "Tomograph 3", eye, at)
    measures = Dataset()
    measures.PixelSpacing = [f"{one:.6f}" for one in macula.pixel_mm]
    measures.SpacingBetweenSlices = f"{macula.slice_mm:.6f}"
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    file.SharedFunctionalGroupsSequence = Sequence([shared])
    file.PerFrameFunctionalGroupsSequence = Sequence([_place(n, macula.slices) for n in range(macula.slices)])
    file.NumberOfFrames = macula.slices
    return _written(file, np.stack(list(macula)))


def photograph(pixels: npt.NDArray[np.uint8], eye: str, at: datetime) -> bytes:
    """A photograph of the fundus as a DICOM object."""
    return _written(_object(PHOTOGRAPHY, "OP", "Fundus Camera 2", eye, at), pixels)


def deep(pixels: npt.NDArray[np.uint16], eye: str, at: datetime, *, bits: int = 12) -> bytes:
    """A photograph with more shades than a byte holds, and two windows it wishes for."""
    file = _object(DEEP_PHOTOGRAPHY, "OP", "Autofluorescence 2", eye, at)
    file.WindowCenter, file.WindowWidth = ["600", "2048"], ["400", "4096"]
    file.WindowCenterWidthExplanation = ["Macula", "Everything"]
    file.RescaleSlope, file.RescaleIntercept = "1", "0"
    return _written(file, pixels, bits)


def jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    """What a camera with a folder leaves."""
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, "JPEG", quality=90)
    return kept.getvalue()


def paper(pixels: npt.NDArray[np.uint8]) -> bytes:
    """A PDF of one page."""
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, "PDF", resolution=120)
    return kept.getvalue()


def _object(kind: UID, modality: str, model: str, eye: str, at: datetime) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = kind, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = generate_uid()
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = kind, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = generate_uid(), generate_uid()
    file.Modality, file.Manufacturer, file.ManufacturerModelName = modality, "Northlight", model
    file.ImageLaterality = SIDES[eye]
    file.ContentDate = file.StudyDate = f"{at:%Y%m%d}"
    file.ContentTime = file.StudyTime = f"{at:%H%M%S}"
    file.PatientName, file.PatientID = "Sample^Person", "SAMPLE"
    return file


def _place(number: int, count: int) -> Dataset:
    location = Dataset()
    row = 512 * (number + 0.5) / count
    location.ReferenceCoordinates = [row, 0.0, row, 511.0]
    group = Dataset()
    group.OphthalmicFrameLocationSequence = Sequence([location])
    return group


def _written(file: FileDataset, pixels: npt.NDArray[np.uint8 | np.uint16], bits: int = 8) -> bytes:
    colour = pixels.shape[-1] == 3
    high, wide = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    file.Rows, file.Columns = high, wide
    file.SamplesPerPixel = 3 if colour else 1
    file.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        file.PlanarConfiguration = 0
    file.BitsAllocated, file.BitsStored = 8 * pixels.itemsize, bits
    file.HighBit, file.PixelRepresentation = bits - 1, 0
    file.PixelData = pixels.tobytes()
    kept = io.BytesIO()
    file.save_as(kept, enforce_file_format=True)
    return kept.getvalue()

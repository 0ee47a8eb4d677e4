"""DICOM refractive objects: lensometry to visual acuity, read and written; see docs/wire/dicom_refraction.md."""

from protocols.dicom_refraction.blanking import blank
from protocols.dicom_refraction.decoder import Decoder, decode
from protocols.dicom_refraction.grammar import DIALECT
from protocols.dicom_refraction.macros import Unwritable
from protocols.dicom_refraction.recognition import recognise
from protocols.dicom_refraction.study import Chart, Patient, Study
from protocols.dicom_refraction.writing import write

__all__ = ["DIALECT", "Chart", "Decoder", "Patient", "Study", "Unwritable", "blank", "decode", "recognise", "write"]

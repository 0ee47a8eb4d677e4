"""DICOM objects of the eye room: pictures, volumes, reports and what was measured; see docs/wire/dicom.md."""

from protocols.dicom.blanking import blank
from protocols.dicom.decoder import Decoder, decode, recognise
from protocols.dicom.file import opened
from protocols.dicom.grammar import DIALECT, MEDIA_TYPE
from protocols.dicom.headers import Header, headers
from protocols.dicom.reading import readings

__all__ = [
    "DIALECT",
    "MEDIA_TYPE",
    "Decoder",
    "Header",
    "blank",
    "decode",
    "headers",
    "opened",
    "readings",
    "recognise",
]

"""Pictures of a slit lamp's camera: the JPEG as it comes, and the DICOM object around it.

See docs/wire/slit_lamp_camera.md.
"""

from protocols.slit_lamp_camera.choices import ILLUMINATIONS, MAGNIFICATIONS
from protocols.slit_lamp_camera.dialect import DIALECT, Decoder, decode, recognise
from protocols.slit_lamp_camera.jpeg import Jpeg, completed, facts
from protocols.slit_lamp_camera.noting import noted, notes
from protocols.slit_lamp_camera.wrapping import DICOM, Shot, magnification, wrapped

NO_PATIENT = "A picture of an eye, without a name; who it is, is known by the lane."

__all__ = [
    "DIALECT",
    "DICOM",
    "ILLUMINATIONS",
    "MAGNIFICATIONS",
    "NO_PATIENT",
    "Decoder",
    "Jpeg",
    "Shot",
    "completed",
    "decode",
    "facts",
    "magnification",
    "noted",
    "notes",
    "recognise",
    "wrapped",
]

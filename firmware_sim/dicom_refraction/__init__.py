"""A refraction unit that exports DICOM files into a folder: one object a press of Print, no maker in particular."""

from firmware_sim.dicom_refraction.acuity import AcuityScreen
from firmware_sim.dicom_refraction.autorefractor import Autorefractor
from firmware_sim.dicom_refraction.instrument import Instrument
from firmware_sim.dicom_refraction.keratometer import Keratometer
from firmware_sim.dicom_refraction.lensmeter import Lensmeter
from firmware_sim.dicom_refraction.models import example
from firmware_sim.dicom_refraction.phoropter import Phoropter

INSTRUMENTS = {
    "dicom-acuity": AcuityScreen,
    "dicom-autorefractor": Autorefractor,
    "dicom-keratometer": Keratometer,
    "dicom-lensmeter": Lensmeter,
    "dicom-phoropter": Phoropter,
}

__all__ = [
    "INSTRUMENTS",
    "AcuityScreen",
    "Autorefractor",
    "Instrument",
    "Keratometer",
    "Lensmeter",
    "Phoropter",
    "example",
]

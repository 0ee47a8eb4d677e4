"""An object of every class, by what the model measures."""

from datetime import datetime
from typing import Any

from firmware_sim.dicom_refraction.acuity import AcuityScreen
from firmware_sim.dicom_refraction.autorefractor import Autorefractor
from firmware_sim.dicom_refraction.keratometer import Keratometer
from firmware_sim.dicom_refraction.lensmeter import Lensmeter
from firmware_sim.dicom_refraction.phoropter import Phoropter
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)
BY_KIND: dict[str, Any] = {
    "autorefraction": Autorefractor,
    "keratometry": Keratometer,
    "lensmetry": Lensmeter,
    "subjective_refraction": Phoropter,
    "visual_acuity": AcuityScreen,
}


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds writes: one file an object, one after the other."""
    return b"".join(_one(model, BY_KIND[kind]) for kind in kinds)


def _one(model: str, kind: Any) -> bytes:
    named = type(kind.__name__, (kind,), {"name": model})
    instrument = named(null_modem()[0], seed=model)
    measured = instrument._look(Patient.by_chance_of(model))
    return bytes(instrument._say(measured, 1, PRESSED))

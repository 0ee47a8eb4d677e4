"""A keratometer: both meridians of each cornea, each with its own axis."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction.instrument import Instrument, eyes, seen
from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.instrument import Shown
from firmware_sim.optics import Curvature, curvatures
from firmware_sim.patients import Patient


@dataclass(frozen=True, slots=True)
class CorneasMeasured:
    """Both corneas, or the one there is."""

    right: Curvature | None = None
    left: Curvature | None = None


class Keratometer(Instrument[CorneasMeasured]):
    """Chooses from three readings, as most do."""

    name = "DICOM keratometer"
    sop_class = "1.2.840.10008.5.1.4.1.1.78.3"
    modality = "KER"

    def _look(self, patient: Patient) -> CorneasMeasured:
        return CorneasMeasured(**{side: curvatures(eye, self._luck, 3).representative for side, eye in seen(patient)})

    def _shown(self, measured: CorneasMeasured) -> Shown:
        return ({"kind": "keratometry"} | {ours: _on_screen(eye) for ours, _, _, eye in eyes(measured)},)

    def _measurements(self, found: Dataset, measured: CorneasMeasured) -> str:
        for _, theirs, _, eye in eyes(measured):
            item = Dataset()
            item.FlatKeratometricAxisSequence = [_meridian(eye.r1_mm, eye.k1_d, eye.axis)]
            item.SteepKeratometricAxisSequence = [_meridian(eye.r2_mm, eye.k2_d, steep(eye.axis))]
            setattr(found, f"Keratometry{theirs}EyeSequence", [item])
        return "".join(letter for _, _, letter, _ in eyes(measured))


def steep(flat: int) -> int:
    """The meridians of a keratometer stand at right angles."""
    return flat + 90 if flat <= 90 else flat - 90


def _meridian(radius: Decimal, power: Decimal, axis: int) -> Dataset:
    item = Dataset()
    item.RadiusOfCurvature, item.KeratometricPower, item.KeratometricAxis = float(radius), float(power), float(axis)
    return item


def _on_screen(eye: Curvature) -> dict[str, Any]:
    return {
        "r1": {"radius_mm": figure(eye.r1_mm), "power_d": figure(eye.k1_d), "axis": eye.axis},
        "r2": {"radius_mm": figure(eye.r2_mm), "power_d": figure(eye.k2_d), "axis": steep(eye.axis)},
    }

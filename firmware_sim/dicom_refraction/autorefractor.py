"""An autorefractor: one value an eye, as its display chose it."""

from dataclasses import dataclass
from decimal import Decimal

from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction import speech
from firmware_sim.dicom_refraction.instrument import Instrument, eyes, seen
from firmware_sim.dicom_refraction.screens import power
from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.instrument import Shown
from firmware_sim.optics import Refraction, refractions
from firmware_sim.patients import Patient
from firmware_sim.rounding import to_step


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye."""

    power: Refraction
    pupil_mm: Decimal
    cornea_mm: Decimal


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """Both eyes, or the one there is."""

    right: EyeMeasured | None = None
    left: EyeMeasured | None = None
    pd_mm: Decimal | None = None


class Autorefractor(Instrument[BothMeasured]):
    """``vertex_mm`` is a setting of the unit."""

    name = "DICOM autorefractor"
    sop_class = "1.2.840.10008.5.1.4.1.1.78.2"
    modality = "AR"
    vertex_mm = Decimal("12.00")

    def _look(self, patient: Patient) -> BothMeasured:
        found = {
            side: EyeMeasured(
                refractions(eye, self._luck, 3).value,
                to_step(eye.pupil_mm, "0.1"),
                to_step(eye.corneal_diameter_mm, "0.1"),
            )
            for side, eye in seen(patient)
        }
        return BothMeasured(**found, pd_mm=to_step(patient.pd_mm, "0.5") if len(found) == 2 else None)

    def _shown(self, measured: BothMeasured) -> Shown:
        sides = {ours: power(eye.power) | {"pupil_mm": figure(eye.pupil_mm)} for ours, _, _, eye in eyes(measured)}
        pd = {"pd": {"far": figure(measured.pd_mm)}} if measured.pd_mm else {}
        return ({"kind": "autorefraction", "vertex_mm": figure(self.vertex_mm)} | pd | sides,)

    def _measurements(self, found: Dataset, measured: BothMeasured) -> str:
        for _, theirs, _, eye in eyes(measured):
            item = speech.power(*eye.power)
            item.VertexDistance = float(self.vertex_mm)
            item.PupilSize, item.CornealSize = float(eye.pupil_mm), float(eye.cornea_mm)
            setattr(found, f"Autorefraction{theirs}EyeSequence", [item])
        if measured.pd_mm:
            found.DistancePupillaryDistance = float(measured.pd_mm)
        return "".join(letter for _, _, letter, _ in eyes(measured))

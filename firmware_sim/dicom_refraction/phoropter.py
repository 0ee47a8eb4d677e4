"""A phoropter: what the patient preferred, with the addition for reading."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction import speech
from firmware_sim.dicom_refraction.instrument import Instrument, eyes, seen
from firmware_sim.dicom_refraction.screens import power
from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.instrument import Shown
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter, to_step


@dataclass(frozen=True, slots=True)
class EyeTried:
    """One eye behind the phoropter."""

    power: Refraction
    add: Decimal | None


@dataclass(frozen=True, slots=True)
class BothTried:
    """Both eyes, or the one there is."""

    right: EyeTried | None = None
    left: EyeTried | None = None
    pd_mm: Decimal | None = None


class Phoropter(Instrument[BothTried]):
    """Rounds cylinder axes to one degree."""

    name = "DICOM phoropter"
    sop_class = "1.2.840.10008.5.1.4.1.1.78.4"
    modality = "SRF"

    def _look(self, patient: Patient) -> BothTried:
        return BothTried(**{side: _tried(eye) for side, eye in seen(patient)}, pd_mm=to_step(patient.pd_mm, "0.5"))

    def _shown(self, measured: BothTried) -> Shown:
        top: dict[str, Any] = {"kind": "subjective_refraction", "stage": "subjective"}
        pd = {"pd": {"far": figure(measured.pd_mm)}} if measured.pd_mm else {}
        return (top | pd | {ours: _on_screen(eye) for ours, _, _, eye in eyes(measured)},)

    def _measurements(self, found: Dataset, measured: BothTried) -> str:
        if measured.pd_mm:
            found.DistancePupillaryDistance = float(measured.pd_mm)
        for _, theirs, _, eye in eyes(measured):
            item = speech.power(*eye.power)
            if eye.add is not None:
                item.AddNearSequence = [speech.addition(eye.add)]
            setattr(found, f"SubjectiveRefraction{theirs}EyeSequence", [item])
        return "".join(letter for _, _, letter, _ in eyes(measured))


def _tried(eye: Eye) -> EyeTried:
    cylinder = quarter(eye.cylinder)
    tried = Refraction(quarter(eye.sphere), cylinder, axis(eye.axis, 1) if cylinder else 0)
    return EyeTried(tried, quarter(eye.addition) if eye.addition >= 0.5 else None)


def _on_screen(eye: EyeTried) -> dict[str, Any]:
    return power(eye.power) | ({"add": figure(eye.add)} if eye.add is not None else {})

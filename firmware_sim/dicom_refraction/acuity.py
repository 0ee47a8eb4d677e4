"""An acuity screen: the smallest line read with the best correction, and the letters beside it."""

from dataclasses import dataclass
from decimal import Decimal

from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction import speech
from firmware_sim.dicom_refraction.instrument import Instrument, eyes, seen
from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.instrument import Shown
from firmware_sim.patients import Patient

LINES = tuple(Decimal(line) for line in ("0.3", "0.5", "0.63", "0.8", "1.0", "1.25"))


@dataclass(frozen=True, slots=True)
class EyeTested:
    """The line, and how many letters more than it or fewer."""

    line: Decimal
    letters: int


@dataclass(frozen=True, slots=True)
class BothTested:
    """Both eyes, or the one there is."""

    right: EyeTested | None = None
    left: EyeTested | None = None


class AcuityScreen(Instrument[BothTested]):
    """Shows Landolt rings in rows, black on white."""

    name = "DICOM acuity screen"
    sop_class = "1.2.840.10008.5.1.4.1.1.78.5"
    modality = "VA"

    def _look(self, patient: Patient) -> BothTested:
        luck = self._luck
        return BothTested(
            **{side: EyeTested(luck.choice(LINES), luck.choice((-2, -1, 0, 1, 2))) for side, _ in seen(patient)}
        )

    def _shown(self, measured: BothTested) -> Shown:
        top = {"kind": "visual_acuity", "correction": "corrected", "distance": "far"}
        return (top | {ours: _on_screen(eye) for ours, _, _, eye in eyes(measured)},)

    def _measurements(self, found: Dataset, measured: BothTested) -> str:
        found.ViewingDistanceType, found.BackgroundColor = "DISTANCE", "WHITE"
        found.Optotype, found.OptotypePresentation = "LANDOLT C", "MULTIPLE"
        found.VisualAcuityTypeCodeSequence = [speech.code("419775003", "SCT", "Best Corrected Visual Acuity")]
        found.ReferencedRefractiveMeasurementsSequence = []
        for _, theirs, _, eye in eyes(measured):
            setattr(found, f"VisualAcuity{theirs}EyeSequence", [_item(eye)])
        return "".join(letter for _, _, letter, _ in eyes(measured))


def _item(eye: EyeTested) -> Dataset:
    item = Dataset()
    item.DecimalVisualAcuity = float(eye.line)
    if eye.letters:
        item.VisualAcuityModifiers = [min(eye.letters, 0), max(eye.letters, 0)]
    return item


def _on_screen(eye: EyeTested) -> dict[str, object]:
    return {"va": figure(eye.line)} | ({"letters": eye.letters} if eye.letters else {})

"""What an autorefractor without a series sees and shows: one power an eye, the pupils, and their distance."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Refraction, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.screens import power


@dataclass(frozen=True, slots=True)
class EyeSeen:
    """Power and pupil as displayed."""

    power: Refraction
    pupil_mm: Decimal


@dataclass(frozen=True, slots=True)
class Seen:
    """Both eyes, or the one there is; the distance only where there are two."""

    right: EyeSeen | None
    left: EyeSeen | None
    pd_mm: int | None

    def eyes(self) -> list[tuple[str, EyeSeen]]:
        """The letters and eyes measured, right first."""
        return [(letter, eye) for letter, eye in (("R", self.right), ("L", self.left)) if eye]


class Refractor(Instrument[Seen]):
    """Shows the value that stands for the series, never the series."""

    def _look(self, patient: Patient) -> Seen:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return Seen(right, left, round(patient.pd_mm) if right and left else None)

    def _eye(self, eye: Eye) -> EyeSeen:
        return EyeSeen(refractions(eye, self._luck, 3).value, to_step(eye.pupil_mm, "0.1"))

    def _shown(self, measured: Seen) -> Shown:
        eyes = {{"R": "right", "L": "left"}[letter]: self._eye_shown(eye) for letter, eye in measured.eyes()}
        return ({"kind": "autorefraction"} | eyes | self._distance_shown(measured),)

    def _eye_shown(self, eye: EyeSeen) -> dict[str, Any]:
        return power(eye.power)

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm else {}

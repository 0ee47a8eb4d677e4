"""What these instruments see of a patient."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from firmware_sim.optics import Curvatures, Refraction, Refractions, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import quarter, to_step
from firmware_sim.tonometer import Pressure, Thickness, pressure, thickness


@dataclass(frozen=True, slots=True)
class EyeSeen:
    """One eye as the display shows it; ``failed`` says that one more refraction was tried and lost."""

    refraction: Refractions
    cataract: tuple[bool, ...]
    failed: bool
    chart: Refraction
    addition: Decimal
    unaided: str
    corrected: str
    cornea: Curvatures
    second_ring: Curvatures
    corneal_diameter_mm: Decimal
    pupil_mm: Decimal
    pressure: Pressure
    thickness: Thickness


@dataclass(frozen=True, slots=True)
class Seen:
    """Both eyes, or the one there is; the distance only where there are two."""

    right: EyeSeen | None
    left: EyeSeen | None
    pd_mm: int | None

    def eyes(self) -> Iterable[tuple[str, str, EyeSeen]]:
        """Letter, side and eye, right first."""
        both = (("R", "right", self.right), ("L", "left", self.left))
        return ((letter, side, eye) for letter, side, eye in both if eye is not None)


def look(patient: Patient, luck: random.Random) -> Seen:
    """Measure this patient."""
    right, left = (_eye(eye, luck) if eye else None for eye in (patient.right, patient.left))
    return Seen(right, left, round(patient.pd_mm) if right and left else None)


def _eye(eye: Eye, luck: random.Random) -> EyeSeen:
    refraction = refractions(eye, luck, 3)
    return EyeSeen(
        refraction=refraction,
        cataract=tuple(luck.random() < 0.1 for _ in refraction.readings),
        failed=luck.random() < 0.3,
        chart=refraction.value,
        addition=quarter(max(eye.addition, 0.25)),
        unaided="<0.1" if eye.sphere < -3 else "0.4",
        corrected=luck.choice(("0.8", "1.0", "1.25")),
        cornea=curvatures(eye, luck, 3),
        second_ring=curvatures(eye, luck, 3),
        corneal_diameter_mm=to_step(eye.corneal_diameter_mm, "0.1"),
        pupil_mm=to_step(eye.pupil_mm, "0.1"),
        pressure=pressure(eye, luck, "0.1"),
        thickness=thickness(eye, luck),
    )

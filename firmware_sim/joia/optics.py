"""What these instruments see of a patient: the same eyes and spectacles, as far as each of them looks."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from firmware_sim.optics import Curvatures, Refraction, Refractions, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter
from firmware_sim.tonometer import Pressure, Thickness, pressure, thickness


@dataclass(frozen=True, slots=True)
class Lens:
    """A lens of the spectacles; prism is signed, positive is base out on the right and up."""

    power: Refraction
    add: Decimal | None
    horizontal: Decimal
    vertical: Decimal


@dataclass(frozen=True, slots=True)
class EyeSeen:
    """One eye as the displays show it; ``failed`` says that the first refraction was lost."""

    refraction: Refractions
    failed: bool
    cornea: Curvatures
    pressure: Pressure
    thickness: Thickness
    spectacles: Lens
    chart: Refraction
    near_sphere: Decimal
    acuity: str
    phoria: Decimal


@dataclass(frozen=True, slots=True)
class Seen:
    """Both eyes, or the one there is; the distance only where there are two."""

    right: EyeSeen | None
    left: EyeSeen | None
    pd_mm: Decimal | None

    def eyes(self) -> Iterable[tuple[str, str, EyeSeen]]:
        """Letter, side and eye, right first."""
        both = (("R", "right", self.right), ("L", "left", self.left))
        return ((letter, side, eye) for letter, side, eye in both if eye is not None)


def look(patient: Patient, luck: random.Random, *, iop_step: str = "0.1") -> Seen:
    """Measure this patient; a tonometer rounds its average to its step."""
    right, left = (_eye(eye, luck, iop_step) if eye else None for eye in (patient.right, patient.left))
    return Seen(right, left, Decimal(round(patient.pd_mm)) if right and left else None)


def _eye(eye: Eye, luck: random.Random, iop_step: str) -> EyeSeen:
    refraction = refractions(eye, luck, 3)
    return EyeSeen(
        refraction=refraction,
        failed=luck.random() < 0.3,
        cornea=curvatures(eye, luck, 3),
        pressure=pressure(eye, luck, iop_step, doubts=0.2),
        thickness=thickness(eye, luck),
        spectacles=_lens(eye, luck),
        chart=refraction.value,
        near_sphere=refraction.value.sphere + quarter(max(eye.addition, 0.25)),
        acuity=luck.choice(("0.8", "1.0", "1.2")),
        phoria=quarter(abs(luck.gauss(2, 1))),
    )


def _lens(eye: Eye, luck: random.Random) -> Lens:
    cylinder = quarter(eye.cylinder)
    power = Refraction(quarter(eye.sphere + 0.25), cylinder, axis(eye.axis, 1) if cylinder else 0)
    add = quarter(eye.addition) if eye.addition >= 0.5 else None
    return Lens(power, add, quarter(luck.gauss(0, 0.3)), quarter(luck.gauss(0, 0.3)))

"""What Tomey's autorefractor-keratometers see of a patient."""

import random
from dataclasses import dataclass
from decimal import Decimal

from firmware_sim import screens
from firmware_sim.instrument import Shown
from firmware_sim.optics import Curvature, Curvatures, Refractions, curvatures, refractions
from firmware_sim.patients import Patient
from firmware_sim.rounding import to_step

SIDES = (("R", "right"), ("L", "left"))


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye as the display shows it."""

    refraction: Refractions
    cornea: Curvatures


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """A patient as the display shows her."""

    right: EyeMeasured | None
    left: EyeMeasured | None
    pd_mm: Decimal | None

    def eyes(self) -> list[tuple[str, EyeMeasured]]:
        """The letters and eyes measured, right first."""
        return [(letter, eye) for letter, side in SIDES if (eye := getattr(self, side)) is not None]


def look(patient: Patient, luck: random.Random, times: int) -> BothMeasured:
    """Measure each eye some times over; the distance between pupils needs both."""
    right, left = (
        EyeMeasured(refractions(eye, luck, times), curvatures(eye, luck, times)) if eye else None
        for eye in (patient.right, patient.left)
    )
    return BothMeasured(right, left, to_step(patient.pd_mm, "0.5") if right and left else None)


def refraction_shown(measured: BothMeasured) -> Shown:
    """The value of each eye, or its series where the instrument chose none."""
    sides = dict(SIDES)
    eyes = {sides[letter]: _power(eye.refraction) for letter, eye in measured.eyes()}
    pd = {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm is not None else {}
    return ({"kind": "autorefraction", **eyes, **pd},)


def cornea_shown(measured: BothMeasured) -> Shown:
    """Both meridians of each eye."""
    sides = dict(SIDES)
    return ({"kind": "keratometry"} | {sides[letter]: _cornea(eye.cornea) for letter, eye in measured.eyes()},)


def _power(series: Refractions) -> dict[str, object]:
    if series.representative or len(series.readings) == 1:
        return screens.power(series.value)
    return {"readings": [screens.power(one) for one in series.readings]}


def _cornea(series: Curvatures) -> dict[str, object]:
    if series.representative or len(series.readings) == 1:
        return screens.cornea(series)
    return {"readings": [_meridians(one) for one in series.readings]}


def _meridians(one: Curvature) -> dict[str, object]:
    return {"r1": {"radius_mm": str(one.r1_mm), "axis": one.axis}, "r2": {"radius_mm": str(one.r2_mm)}}

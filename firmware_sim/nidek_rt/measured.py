"""What stands in a phoropter after a refraction."""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter, to_step

LINES = ("0.5", "0.63", "0.8", "1.0", "1.25")  # the lines of a decimal chart
SIDES = {"R": "right", "L": "left"}


@dataclass(frozen=True, slots=True)
class StageMeasured:
    """One stage by the eyes' letters, at far; ``near`` are total near powers."""

    powers: dict[str, Refraction]
    adds: dict[str, Decimal] = field(default_factory=dict)
    acuities: dict[str, str] = field(default_factory=dict)
    near: dict[str, Refraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refracted:
    """A patient as the phoropter shows her."""

    unaided: dict[str, str]
    lensmeter: StageMeasured
    autorefraction: StageMeasured
    subjective: StageMeasured
    final: StageMeasured
    pd_mm: Decimal
    near_pd_mm: Decimal
    corneas: dict[str, tuple[Decimal, Decimal, int]]
    pressures: dict[str, Decimal]
    nra_d: Decimal
    pra_d: Decimal

    def stages(self) -> dict[str, StageMeasured]:
        """By their names, in the order in which they are printed."""
        return {
            "lensmeter": self.lensmeter,
            "autorefraction": self.autorefraction,
            "subjective": self.subjective,
            "final": self.final,
        }


def refracted(patient: Patient, luck: random.Random, *, near_lines: bool = False) -> Refracted:
    """Refract somebody: spectacles of some years ago, the autorefractor's guess, what she chose, what she gets."""
    eyes = {letter: eye for letter, side in SIDES.items() if (eye := getattr(patient, side)) is not None}
    guess = {letter: _power(eye, luck, 0.2) for letter, eye in eyes.items()}
    chosen = {letter: _power(eye, luck, 0.1) for letter, eye in eyes.items()}
    adds = {letter: quarter(eye.addition) for letter, eye in eyes.items() if eye.addition >= 0.5}
    return Refracted(
        unaided={letter: luck.choice(("0.08", "0.1", "0.32")) for letter in eyes},
        lensmeter=StageMeasured({letter: _power(eye, luck, 0.4) for letter, eye in eyes.items()}),
        autorefraction=StageMeasured(guess),
        subjective=_stage(chosen, adds, luck, near_lines=near_lines),
        final=_stage(chosen, adds, luck, near_lines=False),
        pd_mm=to_step(patient.pd_mm, "0.5"),
        near_pd_mm=to_step(patient.pd_mm - 4.5, "0.5"),
        corneas={letter: _cornea(eye) for letter, eye in eyes.items()},
        pressures={letter: to_step(eye.iop_mmhg, "0.1") for letter, eye in eyes.items()},
        nra_d=quarter(luck.uniform(1.5, 2.5)),
        pra_d=quarter(-luck.uniform(1.0, 3.0)),
    )


def _stage(
    powers: dict[str, Refraction], adds: dict[str, Decimal], luck: random.Random, *, near_lines: bool
) -> StageMeasured:
    near = {letter: _nearer(powers[letter], add) for letter, add in adds.items() if near_lines}
    return StageMeasured(powers, adds, {letter: luck.choice(LINES) for letter in powers}, near)


def _nearer(value: Refraction, add: Decimal) -> Refraction:
    return Refraction(value.sphere + add, value.cylinder, value.axis)


def _power(eye: Eye, luck: random.Random, spread: float) -> Refraction:
    cylinder = quarter(eye.cylinder + luck.gauss(0, spread / 2))
    return Refraction(quarter(eye.sphere + luck.gauss(0, spread)), cylinder, axis(eye.axis) if cylinder else 0)


def _cornea(eye: Eye) -> tuple[Decimal, Decimal, int]:
    return to_step(eye.flat_mm, "0.01"), to_step(eye.steep_mm, "0.01"), axis(eye.flat_axis)

"""What stands in a phoropter after a refraction."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter, to_step

SIDES = ("left", "right")  # in the order of this instrument
LINES = ("0.5", "0.63", "0.8", "1.0", "1.25")


class Prism(NamedTuple):
    """Base and power of one component."""

    base: str
    power: Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage by the eyes; an eye that is not there is missing everywhere."""

    powers: dict[str, Refraction]
    acuities: dict[str, str]
    adds: dict[str, Decimal]
    horizontal: dict[str, Prism]
    vertical: dict[str, Prism]
    near: dict[str, Refraction]


@dataclass(frozen=True, slots=True)
class Refracted:
    """A patient as the phoropter shows her."""

    unaided: dict[str, str]
    stages: dict[str, Stage]
    corneas: dict[str, tuple[Decimal, Decimal, int]]
    halves_mm: dict[str, Decimal]
    nra: tuple[Decimal, Decimal]
    vergence: tuple[Decimal, Decimal, Decimal]


def refracted(patient: Patient, luck: random.Random, *, near: bool) -> Refracted:
    """Spectacles of some years ago, the autorefractor's guess, what she chose, what she gets."""
    eyes = {side: eye for side in SIDES if (eye := getattr(patient, side)) is not None}
    spreads = {"LM": 0.4, "AR": 0.2, "SJ": 0.1, "FN": 0.0}
    blur, broken = quarter(luck.uniform(6, 10)), quarter(luck.uniform(14, 22))
    return Refracted(
        unaided=_acuities(eyes, luck, ("0.08", "0.1", "0.32")),
        stages={tag: _stage(eyes, luck, spread, near and tag == "FN") for tag, spread in spreads.items()},
        corneas={side: _cornea(eye) for side, eye in eyes.items()},
        halves_mm={side: to_step(patient.pd_mm / 2, "0.5") for side in eyes},
        nra=(quarter(luck.uniform(2.0, 2.75)), quarter(luck.uniform(1.0, 1.75))),
        vergence=(blur, broken, quarter((blur + broken) / 2)),
    )


def _stage(eyes: dict[str, Eye], luck: random.Random, spread: float, near: bool) -> Stage:
    powers = {side: _power(eye, luck, spread) for side, eye in eyes.items()}
    adds = {side: quarter(eye.addition) for side, eye in eyes.items() if eye.addition >= 0.5}
    return Stage(
        powers=powers,
        acuities=_acuities(eyes, luck, LINES),
        adds=adds,
        horizontal={side: Prism(luck.choice("IO"), quarter(luck.uniform(0, 2))) for side in eyes},
        vertical={side: Prism(luck.choice("UD"), quarter(luck.uniform(0, 1))) for side in eyes},
        near={side: _nearer(powers[side], add) for side, add in adds.items() if near},
    )


def _acuities(eyes: dict[str, Eye], luck: random.Random, lines: tuple[str, ...]) -> dict[str, str]:
    both = {"both": luck.choice(lines)} if len(eyes) == 2 else {}
    return {side: luck.choice(lines) for side in eyes} | both


def _nearer(value: Refraction, add: Decimal) -> Refraction:
    return Refraction(value.sphere + add, value.cylinder, value.axis)


def _power(eye: Eye, luck: random.Random, spread: float) -> Refraction:
    cylinder = quarter(eye.cylinder + luck.gauss(0, spread / 2))
    return Refraction(quarter(eye.sphere + luck.gauss(0, spread)), cylinder, axis(eye.axis) if cylinder else 0)


def _cornea(eye: Eye) -> tuple[Decimal, Decimal, int]:
    return to_step(eye.flat_mm, "0.01"), to_step(eye.steep_mm, "0.01"), axis(eye.flat_axis)

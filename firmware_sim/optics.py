"""What the optics see: single readings with the noise of a living eye, and the value the instrument chooses."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from firmware_sim.patients import Eye
from firmware_sim.rounding import axis, quarter, to_step

VERTEX_M = 0.012
KERATOMETRIC_INDEX = Decimal("337.5")


class Refraction(NamedTuple):
    """Sphere, cylinder and axis as displayed."""

    sphere: Decimal
    cylinder: Decimal
    axis: int


class Curvature(NamedTuple):
    """Radii in mm, powers in D, the axis of the flatter meridian, the means and the cylinder as displayed."""

    r1_mm: Decimal
    r2_mm: Decimal
    axis: int
    mean_mm: Decimal
    k1_d: Decimal
    k2_d: Decimal
    mean_d: Decimal
    cylinder_d: Decimal


@dataclass(frozen=True, slots=True)
class Refractions:
    """A series of one eye; no representative below three readings."""

    readings: tuple[Refraction, ...]
    confidences: tuple[int, ...]
    representative: Refraction | None

    @property
    def value(self) -> Refraction:
        """The value the display shows."""
        return self.representative or self.readings[-1]


@dataclass(frozen=True, slots=True)
class Curvatures:
    """A series of one cornea; no representative below three readings."""

    readings: tuple[Curvature, ...]
    representative: Curvature | None


class _Vector(NamedTuple):
    """A refraction as power vector: the only form in which refractions may be averaged."""

    m: float
    j0: float
    j45: float


def refractions(eye: Eye, luck: random.Random, count: int) -> Refractions:
    """Measure a refraction some times over."""
    seen = [_seen(eye, luck) for _ in range(count)]
    return Refractions(
        readings=tuple(map(_displayed, seen)),
        confidences=tuple(9 if luck.random() < 0.8 else 8 for _ in seen),
        representative=_displayed(_mean(seen)) if count >= 3 else None,
    )


def at_night(eye: Eye, luck: random.Random) -> Refraction:
    """A wide pupil makes most eyes a little more short-sighted."""
    vector = _seen(eye, luck)
    return _displayed(_Vector(vector.m - abs(luck.gauss(0.2, 0.1)), vector.j0, vector.j45))


def contact_lens(value: Refraction) -> Refraction:
    """The same correction on the cornea: both meridians carried over the vertex distance."""
    flat, steep = float(value.sphere), float(value.sphere + value.cylinder)
    sphere, other = (power / (1 - VERTEX_M * power) for power in (flat, steep))
    return Refraction(quarter(sphere), quarter(other - sphere), value.axis)


def difference(night: Refraction, day: Refraction) -> tuple[Decimal, Decimal, int]:
    """Night minus day; 5 minus 175 is +10."""
    turned = (night.axis - day.axis + 90) % 180 - 90
    return night.sphere - day.sphere, night.cylinder - day.cylinder, turned


def curvatures(eye: Eye, luck: random.Random, count: int) -> Curvatures:
    """Measure a cornea some times over."""
    seen = [
        (eye.flat_mm + luck.gauss(0, 0.01), eye.steep_mm + luck.gauss(0, 0.01), eye.flat_axis + luck.gauss(0, 2))
        for _ in range(count)
    ]
    mean = tuple(sum(values) / count for values in zip(*seen, strict=True))
    chosen = _curvature(mean[0], mean[1], mean[2]) if count >= 3 else None
    return Curvatures(tuple(_curvature(*one) for one in seen), chosen)


def _seen(eye: Eye, luck: random.Random) -> _Vector:
    angle = math.radians(2 * eye.axis)
    half = -eye.cylinder / 2
    return _Vector(
        eye.sphere + eye.cylinder / 2 + luck.gauss(0, 0.1),
        half * math.cos(angle) + luck.gauss(0, 0.04),
        half * math.sin(angle) + luck.gauss(0, 0.04),
    )


def _mean(seen: Sequence[_Vector]) -> _Vector:
    return _Vector(*(sum(values) / len(seen) for values in zip(*seen, strict=True)))


def _displayed(vector: _Vector) -> Refraction:
    half = math.hypot(vector.j0, vector.j45)
    cylinder = quarter(-2 * half)
    turned = math.degrees(math.atan2(vector.j45, vector.j0)) / 2
    return Refraction(quarter(vector.m + half), cylinder, axis(turned) if cylinder else 0)


def _curvature(one: float, other: float, at: float) -> Curvature:
    r1, r2 = to_step(max(one, other), "0.01"), to_step(min(one, other), "0.01")
    mean = to_step((r1 + r2) / 2, "0.01")
    k1, k2 = quarter(KERATOMETRIC_INDEX / r1), quarter(KERATOMETRIC_INDEX / r2)
    return Curvature(r1, r2, axis(at), mean, k1, k2, quarter(KERATOMETRIC_INDEX / mean), (k2 - k1).copy_negate())

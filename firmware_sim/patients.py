"""People with eyes, so that simulated instruments have something to measure."""

import random
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye as it is; instruments see it through their noise and round as they please."""

    sphere: float = -1.25
    cylinder: float = -0.5
    axis: float = 90.0
    flat_mm: float = 7.8
    steep_mm: float = 7.7
    flat_axis: float = 0.0
    corneal_diameter_mm: float = 11.9
    pupil_mm: float = 5.6
    iop_mmhg: float = 15.0
    cct_um: float = 550.0
    addition: float = 0.0


@dataclass(frozen=True, slots=True)
class Patient:
    """Both eyes, or the one there is."""

    right: Eye | None
    left: Eye | None
    pd_mm: float = 64.0

    @classmethod
    def by_chance(cls, luck: random.Random) -> Self:
        """Somebody off the street: both eyes alike, as eyes are."""
        sphere, age = luck.gauss(-1.5, 2.0), luck.uniform(18, 80)
        add = min(max((age - 40) * 0.1, 0.0), 2.5)
        return cls(
            right=_eye(luck, sphere, add), left=_eye(luck, sphere + luck.gauss(0, 0.4), add), pd_mm=luck.gauss(63, 3)
        )

    @classmethod
    def by_chance_of(cls, name: str) -> Self:
        """Always the same somebody under a name."""
        return cls.by_chance(random.Random(name))  # noqa: S311 - eyes, not secrets


def _eye(luck: random.Random, sphere: float, addition: float) -> Eye:
    flat = luck.gauss(7.8, 0.2)
    return Eye(
        sphere=max(min(sphere, 15.0), -20.0),
        cylinder=-abs(luck.gauss(0, 0.8)),
        axis=luck.uniform(1, 180),
        flat_mm=flat,
        steep_mm=flat - abs(luck.gauss(0, 0.12)),
        flat_axis=luck.uniform(1, 180),
        corneal_diameter_mm=luck.gauss(11.9, 0.3),
        pupil_mm=min(max(luck.gauss(5.5, 0.8), 2.0), 8.0),
        iop_mmhg=min(max(luck.gauss(15, 3), 6.0), 45.0),
        cct_um=luck.gauss(550, 30),
        addition=addition,
    )

"""What a non-contact tonometer sees and shows: puffs, their average, thickness, and the pressure corrected for it."""

import random
from dataclasses import dataclass
from decimal import Decimal

from firmware_sim.patients import Eye
from firmware_sim.rounding import to_step

KPA = Decimal("0.133322")


@dataclass(frozen=True, slots=True)
class Pressure:
    """Puffs of one eye in mmHg, which of them the instrument doubts, and the average to its step."""

    puffs: tuple[int, ...]
    doubtful: tuple[bool, ...]
    average: Decimal


@dataclass(frozen=True, slots=True)
class Thickness:
    """Measurements of one cornea in micrometres and their average."""

    series: tuple[int, ...]
    average: int


def pressure(eye: Eye, luck: random.Random, step: str, *, doubts: float = 0.0) -> Pressure:
    """Two or three puffs. A doubtful one does not count, unless all are."""
    puffs = tuple(max(1, round(eye.iop_mmhg + luck.gauss(0, 1.2))) for _ in range(luck.choice((2, 3))))
    doubtful = tuple(luck.random() < doubts for _ in puffs)
    counted = [puff for puff, doubt in zip(puffs, doubtful, strict=True) if not doubt] or puffs
    return Pressure(puffs, doubtful, to_step(Decimal(sum(counted)) / len(counted), step))


def thickness(eye: Eye, luck: random.Random) -> Thickness:
    """One or two measurements."""
    series = tuple(round(eye.cct_um + luck.gauss(0, 3)) for _ in range(luck.choice((1, 2))))
    return Thickness(series, int(to_step(Decimal(sum(series)) / len(series), "1")))


def corrected(measured: Decimal, cct_um: int, *, normal_um: int, factor: str, step: str) -> Decimal:
    """By the linear rule of every instrument seen: measured - (CCT - normal) x factor."""
    return to_step(measured - (cct_um - normal_um) * Decimal(factor), step)


def kpa(mmhg: Decimal | int, step: str) -> Decimal:
    """The instrument's own conversion."""
    return to_step(mmhg * KPA, step)

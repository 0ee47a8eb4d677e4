"""A TONOREF III: refraction by day with trial lens, two rings on the cornea, pressure and thickness."""

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim import screens
from firmware_sim.instrument import Shown
from firmware_sim.nidek_frame.autorefractor import (
    SIDE_OF,
    BothMeasured,
    EyeMeasured,
    cornea,
    day,
    heading,
    pd,
    sizes,
)
from firmware_sim.nidek_frame.instrument import Instrument
from firmware_sim.nidek_frame.speech import block
from firmware_sim.optics import Curvatures, at_night, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.screens import refraction

WORKING_CM = 40
RING = "second"
KPA = Decimal("0.133322")


@dataclass(frozen=True, slots=True)
class TonoEyeMeasured(EyeMeasured):
    """With the second ring, the puffs and their average as displayed, and the thickness."""

    second_ring: Curvatures
    puffs_mmhg: tuple[int, ...]
    iop_mmhg: Decimal
    cct_um: int


class TONOREF3(Instrument[BothMeasured]):
    """``readings`` is how often each eye is refracted, ``puffs`` how often it is puffed."""

    name = "TONOREF3"
    device_code = "RK"
    readings = 3
    puffs = 3

    def _look(self, patient: Patient) -> BothMeasured:
        left, right = (self._eye(eye) if eye else None for eye in (patient.left, patient.right))
        return BothMeasured(right=right, left=left, pd_mm=round(patient.pd_mm) if left and right else None)

    def _eye(self, eye: Eye) -> TonoEyeMeasured:
        puffs = _puffs(eye, self._luck, self.puffs)
        return TonoEyeMeasured(
            day=refractions(eye, self._luck, self.readings),
            night=at_night(eye, self._luck),
            cornea=curvatures(eye, self._luck, 3),
            corneal_diameter_mm=to_step(eye.corneal_diameter_mm, "0.1"),
            pupil_mm=to_step(eye.pupil_mm, "0.1"),
            second_ring=curvatures(eye, self._luck, 3),
            puffs_mmhg=puffs,
            iop_mmhg=to_step(Decimal(sum(puffs)) / len(puffs), "0.1"),
            cct_um=round(eye.cct_um + self._luck.gauss(0, 2)),
        )

    def _shown(self, measured: BothMeasured) -> Shown:
        eyes = {SIDE_OF[letter]: eye for letter, eye in measured.eyes() if isinstance(eye, TonoEyeMeasured)}
        return (
            {"kind": "autorefraction", "condition": "day"} | {s: refraction(eye.day) for s, eye in eyes.items()},
            {"kind": "keratometry"} | {s: screens.cornea(eye.cornea) for s, eye in eyes.items()},
            {"kind": "keratometry", "ring": RING} | {s: screens.cornea(e.second_ring) for s, e in eyes.items()},
            {"kind": "tonometry"} | {s: {"iop_mmhg": str(eye.iop_mmhg)} for s, eye in eyes.items()},
            {"kind": "pachymetry"} | {s: {"cct_um": str(eye.cct_um)} for s, eye in eyes.items()},
        )

    def _blocks(self, measured: BothMeasured, number: str, at: datetime) -> list[bytes]:
        top = heading(self.name, number, at, WORKING_CM, self.patient_id)
        eyes = [(letter, eye) for letter, eye in measured.eyes() if isinstance(eye, TonoEyeMeasured)]
        first, second = (
            [(letter, eye.cornea) for letter, eye in eyes],
            [(letter, eye.second_ring) for letter, eye in eyes],
        )
        return [
            block("DRM", [*top, *day(measured, trial_lens=True), *pd(measured, WORKING_CM)], cr=self._cr),
            block("DKM", cornea(first), cr=self._cr),
            block("Dkm", [*cornea(second), *sizes(measured)], cr=self._cr),
            block("DNT", [pressure(letter, eye) for letter, eye in eyes], cr=self._cr),
            block("DPM", [thickness(letter, eye) for letter, eye in eyes], cr=self._cr),
        ]


def _puffs(eye: Eye, luck: random.Random, count: int) -> tuple[int, ...]:
    return tuple(max(1, round(eye.iop_mmhg + luck.gauss(0, 1.2))) for _ in range(count))


def pressure(letter: str, eye: TonoEyeMeasured) -> str:
    """Every puff, then the average."""
    slots = "".join(f"  {puff:>4}/{to_step(puff * KPA, '0.1')}  " for puff in eye.puffs_mmhg)
    average = f"AV{eye.iop_mmhg:04.1f}/{to_step(eye.iop_mmhg * KPA, '0.01')}"
    return f" {letter}{len(eye.puffs_mmhg):02}{slots}{average}"


def thickness(letter: str, eye: TonoEyeMeasured) -> str:
    """One measurement and its average."""
    return f" {letter}01 {eye.cct_um:04}  AV{eye.cct_um:04}"

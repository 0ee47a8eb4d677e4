"""A TONOREF III: refraction by day with trial lens, two rings on the cornea, pressure and thickness."""

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.nidek_frame.autorefractor import BothMeasured, EyeMeasured, cornea, day, heading, pd, sizes
from firmware_sim.nidek_frame.instrument import Instrument
from firmware_sim.nidek_frame.optics import Curvatures, at_night, curvatures, refractions
from firmware_sim.nidek_frame.rounding import to_step
from firmware_sim.nidek_frame.speech import block
from firmware_sim.patients import Eye, Patient

WORKING_CM = 40
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
            block("DNT", [_pressure(letter, eye) for letter, eye in eyes], cr=self._cr),
            block("DPM", [f" {letter}01 {eye.cct_um:04}  AV{eye.cct_um:04}" for letter, eye in eyes], cr=self._cr),
        ]


def _puffs(eye: Eye, luck: random.Random, count: int) -> tuple[int, ...]:
    return tuple(max(1, round(eye.iop_mmhg + luck.gauss(0, 1.2))) for _ in range(count))


def _pressure(letter: str, eye: TonoEyeMeasured) -> str:
    slots = "".join(f"  {puff:>4}/{to_step(puff * KPA, '0.1')}  " for puff in eye.puffs_mmhg)
    average = f"AV{eye.iop_mmhg:04.1f}/{to_step(eye.iop_mmhg * KPA, '0.01')}"
    return f" {letter}{len(eye.puffs_mmhg):02}{slots}{average}"

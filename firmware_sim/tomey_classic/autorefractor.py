"""An RC-5000 in its classic output: one value an eye, one cornea an eye."""

from datetime import datetime

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Curvature
from firmware_sim.patients import Patient
from firmware_sim.tomey_classic.speech import dioptres, framed, powers
from firmware_sim.tomey_tagged.eyes import BothMeasured, cornea_shown, look, refraction_shown


class RC5000(Instrument[BothMeasured]):
    """``eye_mark`` is the digit zero, or the letter O where a unit writes that."""

    maker = "Tomey"
    name = "RC-5000"
    eye_mark = "0"

    def _look(self, patient: Patient) -> BothMeasured:
        return look(patient, self._luck, 3)

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        eyes = [f"{self.eye_mark}{letter}{powers(eye.refraction.value)}" for letter, eye in measured.eyes()]
        pd = [f"DB{measured.pd_mm:4.1f}"] if measured.pd_mm is not None else []
        corneas = [
            f"C{letter}{_cornea(eye.cornea.representative or eye.cornea.readings[0])}"
            for letter, eye in measured.eyes()
        ]
        return framed(number, ["RK", *eyes, *pd, *corneas])

    def _shown(self, measured: BothMeasured) -> Shown:
        return (*refraction_shown(measured), *cornea_shown(measured))


def _cornea(one: Curvature) -> str:
    steep_axis = (one.axis + 90) % 180 or 180
    flat = f"{one.r1_mm:5.2f}{one.k1_d:5.2f}{one.axis:3}"
    return f"{flat}{one.r2_mm:5.2f}{one.k2_d:5.2f}{steep_axis:3}{one.mean_mm:5.2f}{dioptres(one.cylinder_d)}"

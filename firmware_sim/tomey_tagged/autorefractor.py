"""RC-5000, RC-800 and CX 2000: a section of refraction and a section of keratometry, a tag a line."""

from datetime import datetime
from typing import ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Curvature, Refraction
from firmware_sim.patients import Patient
from firmware_sim.tomey_tagged.eyes import BothMeasured, EyeMeasured, cornea_shown, look, refraction_shown
from firmware_sim.tomey_tagged.speech import tagged

FORM = "1-04-02"


class RC5000(Instrument[BothMeasured]):
    """``times`` is how often each eye is measured: the average needs three. ``vertex`` is a setting."""

    maker = "Tomey"
    name = "RC-5000"
    sections: ClassVar[tuple[str, ...]] = ("autorefraction", "keratometry")
    indices: ClassVar[bool] = False
    times = 3
    vertex = "12.00"

    def _look(self, patient: Patient) -> BothMeasured:
        return look(patient, self._luck, self.times)

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        refraction = self._refraction(measured) if "autorefraction" in self.sections else []
        cornea = self._cornea(measured) if "keratometry" in self.sections else []
        return "".join([*refraction, *cornea]).encode("ascii")

    def _shown(self, measured: BothMeasured) -> Shown:
        refraction = refraction_shown(measured) if "autorefraction" in self.sections else ()
        return (*refraction, *(cornea_shown(measured) if "keratometry" in self.sections else ()))

    def _refraction(self, measured: BothMeasured) -> list[str]:
        patient = [tagged("PT_ID", f"*{self.patient_id}")] if self.patient_id else []
        pd = [tagged("PD", str(measured.pd_mm))] if measured.pd_mm is not None else []
        eyes = [line for letter, eye in measured.eyes() for line in _powers(letter, eye)]
        return [tagged("FM_IF", "REF", FORM), *patient, tagged("VD", self.vertex), *pd, *eyes]

    def _cornea(self, measured: BothMeasured) -> list[str]:
        eyes = [line for letter, eye in measured.eyes() for line in self._curvatures(letter, eye)]
        return [tagged("FM_IF", "KERATO", FORM), *eyes]

    def _curvatures(self, letter: str, eye: EyeMeasured) -> list[str]:
        series = [(str(number), one) for number, one in enumerate(eye.cornea.readings, 1)]
        series += [("A", eye.cornea.representative)] if eye.cornea.representative else []
        lines = [line for number, one in series for line in self._curvature(letter, number, one)]
        return [tagged(f"N_{letter}", str(len(eye.cornea.readings)), "1"), *lines]

    def _curvature(self, letter: str, number: str, one: Curvature) -> list[str]:
        steep_axis = (one.axis + 90) % 180 or 180
        lines = [
            tagged(f"INF_{letter}", number, ""),
            tagged(f"K1_{letter}", f" {one.r1_mm}", f" {one.k1_d}", str(one.axis)),
            tagged(f"K2_{letter}", f" {one.r2_mm}", f" {one.k2_d}", str(steep_axis)),
            tagged(f"AV_{letter}", f" {one.mean_mm}", f" {one.mean_d}"),
            tagged(f"CYL_{letter}", f"{one.cylinder_d}", str(one.axis)),
        ]
        regularity = [tagged(f"KAI_{letter}", "  3.1", "251", "A", ""), tagged(f"KRI_{letter}", "  1.4", "A", "")]
        return [*lines, *(regularity if self.indices else [])]


class RC800(RC5000):
    """Refraction and keratometry like its larger sister."""

    name = "RC-800"


class CX2000(RC5000):
    """Rodenstock's RC-5000; adds the regularity of the cornea."""

    maker = "Rodenstock"
    name = "CX 2000"
    indices = True


def _powers(letter: str, eye: EyeMeasured) -> list[str]:
    series = eye.refraction
    counted = [(str(number), one) for number, one in enumerate(series.readings, 1)]
    counted += [("A", series.representative)] if series.representative else []
    return [
        tagged(f"N_{letter}", str(len(series.readings)), "1"),
        *(tagged(f"POWER_{letter}", number, *_power(one), "") for number, one in counted),
    ]


def _power(one: Refraction) -> tuple[str, str, str]:
    return f"{one.sphere:+}", f"{one.cylinder:+}", str(one.axis)

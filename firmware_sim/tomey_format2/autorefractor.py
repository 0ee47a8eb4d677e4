"""An RT-6000: three readings an eye and the one it chose with a star, then the corneas."""

from datetime import datetime

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Curvature, Refraction
from firmware_sim.patients import Patient
from firmware_sim.tomey_tagged.eyes import BothMeasured, EyeMeasured, look, refraction_shown


class RT6000(Instrument[BothMeasured]):
    """``times`` is the setting R, how often each eye is refracted; ``corneas`` whether K is on."""

    maker = "Tomey"
    name = "RT-6000"
    times = 3
    corneas = True

    def _look(self, patient: Patient) -> BothMeasured:
        return look(patient, self._luck, self.times)

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        lines = [line for letter, eye in measured.eyes() for line in _refractions(letter, eye)]
        for letter, eye in measured.eyes() if self.corneas else ():
            lines.append(_cornea(letter, eye.cornea.representative or eye.cornea.readings[0]))
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")

    def _shown(self, measured: BothMeasured) -> Shown:
        (shown,) = refraction_shown(measured)
        return ({key: value for key, value in shown.items() if key != "pd"},)  # PD is not understood, so not said


def _refractions(letter: str, eye: EyeMeasured) -> list[str]:
    chosen = eye.refraction.representative
    lines = [f"Ref_{letter},{_power(one)}" for one in eye.refraction.readings]
    return [*lines, *([f"Ref_{letter}*,{_power(chosen)}"] if chosen else [])]


def _power(one: Refraction) -> str:
    return f"{one.sphere:+},{one.cylinder:+},{one.axis}"


def _cornea(letter: str, one: Curvature) -> str:
    """Eight fields; which is which is not told, and the eighth is some power."""
    return f"Kerato_{letter},{one.r1_mm},{one.k1_d},{one.axis},{one.r2_mm},{one.k2_d},{one.mean_mm},{one.mean_d}"

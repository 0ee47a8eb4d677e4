"""An FA-6500, which gives every figure a line, and a URK-700, which gives an eye one."""

from datetime import datetime

from firmware_sim.patients import Eye, Patient
from firmware_sim.refractor import EyeSeen, Refractor, Seen


class FA6500(Refractor):
    """The distance of the pupils stands with each eye."""

    maker = "Xinyuan"
    name = "FA-6500"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        distance = [f"PD {measured.pd_mm}"] if measured.pd_mm else []
        lines = [line for letter, eye in measured.eyes() for line in (letter, *_figures(eye), *distance)]
        return ("\n".join(lines) + "\n").encode("ascii")


class URK700(Refractor):
    """It prints both eyes or nothing: with one eye it waits for the other."""

    maker = "Unicos"
    name = "URK-700"

    def _look(self, patient: Patient) -> Seen:
        right, left = patient.right or Eye(), patient.left or Eye()
        return super()._look(Patient(right=right, left=left, pd_mm=patient.pd_mm))

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        eyes = [f"{letter}  {_run(eye)}" for letter, eye in measured.eyes()]
        return ("\r\n".join([*eyes, f"PD {measured.pd_mm:03}"]) + "\r\n").encode("ascii")


def _figures(eye: EyeSeen) -> tuple[str, str, str]:
    return f"S {eye.power.sphere:+.2f}", f"C {eye.power.cylinder:+.2f}", f"A {eye.power.axis}"


def _run(eye: EyeSeen) -> str:
    return f"{eye.power.sphere:+06.2f} {eye.power.cylinder:+06.2f} {eye.power.axis:03}"

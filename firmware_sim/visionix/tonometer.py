"""A VX120: refraction by wavefront and pressure, both eyes, as XML that misspells measurement."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Refraction, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.screens import power


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye as displayed; the pressure with and without regard to the cornea."""

    power: Refraction
    iop_mmhg: Decimal
    corrected_mmhg: Decimal


@dataclass(frozen=True, slots=True)
class Measured:
    """Both eyes, or the one there is."""

    right: EyeMeasured | None
    left: EyeMeasured | None

    def eyes(self) -> list[tuple[str, EyeMeasured]]:
        """Sides and eyes measured, right first."""
        return [(side, eye) for side, eye in (("right", self.right), ("left", self.left)) if eye]


class VX120(Instrument[Measured]):
    """``pressure`` false is a unit without tonometer."""

    maker = "Visionix"
    name = "VX120"
    links = ("folder",)
    pressure = True

    def _look(self, patient: Patient) -> Measured:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return Measured(right, left)

    def _eye(self, eye: Eye) -> EyeMeasured:
        iop = to_step(eye.iop_mmhg + self._luck.gauss(0, 1), "0.1")
        corrected = iop - to_step((eye.cct_um - 550) * 0.04, "0.1")
        return EyeMeasured(refractions(eye, self._luck, 3).value, iop, corrected)

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        eyes = "".join(_refraction(side, eye.power) for side, eye in measured.eyes())
        pressures = "".join(_pressure(side, eye) for side, eye in measured.eyes())
        tono = f"<TONO>{pressures}</TONO>" if self.pressure else ""
        exam = f"<objective_mesurement><measure_WF>{eyes}</measure_WF>{tono}</objective_mesurement>"
        patient = f"<patient><ID>{self.patient_id}</ID></patient>"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<optic><optometry>{patient}{exam}</optometry></optic>\n'.encode()
        )

    def _shown(self, measured: Measured) -> Shown:
        eyes = {side: power(eye.power) for side, eye in measured.eyes()}
        pressures = {
            side: {"iop_mmhg": str(eye.iop_mmhg), "corrected": {"iop_mmhg": str(eye.corrected_mmhg)}}
            for side, eye in measured.eyes()
        }
        refraction: Shown = ({"kind": "autorefraction"} | eyes,)
        return (*refraction, {"kind": "tonometry"} | pressures) if self.pressure else refraction


def _refraction(side: str, value: Refraction) -> str:
    figures = f"<sphere>{value.sphere}</sphere><cylinder>{value.cylinder}</cylinder><axis>{value.axis}</axis>"
    return f"<wf_{side}><Photopic>{figures}</Photopic></wf_{side}>"


def _pressure(side: str, eye: EyeMeasured) -> str:
    average = f"<average><PIO>{eye.iop_mmhg}</PIO><PIOc>{eye.corrected_mmhg}</PIOc></average>"
    return f"<tono_{side}>{average}</tono_{side}>"

"""A Rodenstock Topascope: puffs with their quality, their average, thickness, and the pressure corrected for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.markup import Lines, leaf, node
from firmware_sim.patients import Eye, Patient
from firmware_sim.tonometer import Pressure, Thickness, corrected, pressure, thickness
from firmware_sim.wires import Wire, null_modem

NORMAL_UM, FACTOR = 545, "0.05"
PRESSED = datetime(2024, 2, 5, 14, 7)


@dataclass(frozen=True, slots=True)
class EyeSeen:
    """One eye; the cornea is measured only where the operator asked for it."""

    pressure: Pressure
    thickness: Thickness | None


@dataclass(frozen=True, slots=True)
class Seen:
    """Both eyes, or the one there is."""

    right: EyeSeen | None
    left: EyeSeen | None

    def eyes(self) -> list[tuple[str, str, EyeSeen]]:
        """Code, side and eye, right first."""
        both = (("OD", "right", self.right), ("OS", "left", self.left))
        return [(code, side, eye) for code, side, eye in both if eye is not None]


class Topascope(Instrument[Seen]):
    """``pachymetry`` false leaves the cornea alone; ``closed`` false leaves the root's end tag out."""

    maker = "Rodenstock"
    name = "TopaScope"
    links = ("folder",)

    def __init__(self, wire: Wire, *, pachymetry: bool = True, closed: bool = True, **usual: Any) -> None:
        super().__init__(wire, **usual)
        self._pachymetry, self._closed = pachymetry, closed

    def _look(self, patient: Patient) -> Seen:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return Seen(right, left)

    def _eye(self, eye: Eye) -> EyeSeen:
        cornea = thickness(eye, self._luck) if self._pachymetry else None
        return EyeSeen(pressure(eye, self._luck, "0.1", doubts=0.2), cornea)

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        lines = node(
            "Measurement",
            leaf("Company", self.maker),
            leaf("Model", self.name),
            leaf("PatientID", self.patient_id or f"{number:08}"),
            leaf("DateTime", f"{at:%Y-%m-%d_%H-%M-%S}"),
            *(_eye(code, eye) for code, _, eye in measured.eyes()),
            marks='iop_unit="mmHg" cct_unit="um"',
            indent="    ",
        )
        return "".join(f"{line}\n" for line in (lines if self._closed else lines[:-1])).encode("ascii")

    def _shown(self, measured: Seen) -> Shown:
        pressures = {side: _on_screen(eye) for _, side, eye in measured.eyes()}
        corneas = {s: {"cct_um": str(eye.thickness.average)} for _, s, eye in measured.eyes() if eye.thickness}
        shown: Shown = ({"kind": "tonometry"} | pressures,)
        return (*shown, {"kind": "pachymetry"} | corneas) if corneas else shown


def _eye(code: str, eye: EyeSeen) -> Lines:
    puffs = zip(eye.pressure.puffs, eye.pressure.doubtful, strict=True)
    return node(
        "Eye",
        *(leaf("IOP", puff, f'quality="{"Low" if doubt else "Normal"}"') for puff, doubt in puffs),
        leaf("IOPAvg", eye.pressure.average),
        leaf("CCT", eye.thickness.average if eye.thickness else "--.-"),
        leaf("CIOP", _corrected(eye)),
        marks=f'type="{code}"',
        indent="    ",
    )


def _corrected(eye: EyeSeen) -> str:
    if eye.thickness is None:
        return "--.-"
    return str(corrected(eye.pressure.average, eye.thickness.average, normal_um=NORMAL_UM, factor=FACTOR, step="0.1"))


def _on_screen(eye: EyeSeen) -> dict[str, Any]:
    puffs = zip(eye.pressure.puffs, eye.pressure.doubtful, strict=True)
    readings = [{"iop_mmhg": str(puff)} | ({"doubtful": True} if doubt else {}) for puff, doubt in puffs]
    value = {"corrected": {"iop_mmhg": _corrected(eye)}} if eye.thickness else {}
    return {"iop_mmhg": str(eye.pressure.average), "readings": readings} | value


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model of the two writes at a press of Print."""
    maker = "Tomey" if model == "TOP-1000" else "Rodenstock"
    made = type(model, (Topascope,), {"name": model, "maker": maker})
    instrument: Topascope = made(null_modem()[0], seed=model, pachymetry="pachymetry" in kinds)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)

"""A Topascope: puffs, their average, the thickness, and what the pressure would be at a usual thickness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step

USUAL_UM, PER_UM = 550, Decimal("0.05")
RULE = "-" * 27
UNMEASURED = "--.-"


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye as the paper shows it; no thickness, no correction."""

    puffs: tuple[int, ...]
    average: Decimal
    cct_um: int | None

    @property
    def corrected(self) -> Decimal | None:
        """By the instrument's own linear rule."""
        return None if self.cct_um is None else self.average - to_step((self.cct_um - USUAL_UM) * PER_UM, "0.1")


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """A patient as the paper shows her."""

    right: EyeMeasured | None
    left: EyeMeasured | None


class Topascope(Instrument[BothMeasured]):
    """``puffs`` is how often each eye is puffed; ``thickness`` whether it measures that as well."""

    maker = "Rodenstock"
    name = "TopaScope"
    banner: ClassVar[str] = "Rodenstock"
    dashes: ClassVar[bool] = True
    puffs = 3
    thickness = True

    def _look(self, patient: Patient) -> BothMeasured:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return BothMeasured(right, left)

    def _eye(self, eye: Eye) -> EyeMeasured:
        puffs = tuple(max(1, round(eye.iop_mmhg + self._luck.gauss(0, 1.2))) for _ in range(self.puffs))
        thickness = round(eye.cct_um + self._luck.gauss(0, 2)) if self.thickness else None
        return EyeMeasured(puffs, to_step(Decimal(sum(puffs)) / len(puffs), "0.1"), thickness)

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        eyes = (measured.right, measured.left)
        top = [
            self._row("C.IOP", [eye.corrected if eye else None for eye in eyes]),
            self._row("CCT", [eye.cct_um if eye else None for eye in eyes]),
            self._row("Avg.", [eye.average if eye else None for eye in eyes]),
        ]
        puffs = [self._row("", [eye.puffs[puff] if eye else None for eye in eyes]) for puff in range(self.puffs)]
        foot = ["        Right          Left", RULE, "         mmHg          mmHg", RULE]
        last = [f"    {at:%Y-%m-%d %H:%M:%S}", f"No.        :  {number:08}", self.name]
        head = [self.banner.rjust(27), ""] if self.banner else []
        return "".join(f"{line}\n" for line in [*head, *top, RULE, *puffs, *foot, *last]).encode("ascii")

    def _row(self, tag: str, values: Sequence[Decimal | int | None]) -> str:
        """Right ends in column 13, left in 27; an eye that is not there leaves dashes, or nothing."""
        empty = UNMEASURED if self.dashes and tag else ""
        right, left = (empty if value is None else str(value) for value in values)
        return f"{tag}{right.rjust(13 - len(tag))}{left.rjust(14)}".rstrip()

    def _shown(self, measured: BothMeasured) -> Shown:
        eyes = {side: eye for side in ("right", "left") if (eye := getattr(measured, side)) is not None}
        pressure = {"kind": "tonometry"} | {side: _pressure(eye) for side, eye in eyes.items()}
        thickness = {side: {"cct_um": str(eye.cct_um)} for side, eye in eyes.items() if eye.cct_um is not None}
        return (pressure, {"kind": "pachymetry"} | thickness) if thickness else (pressure,)


class TOP1000(Topascope):
    """Tomey's own; nobody has shown its banner."""

    maker = "Tomey"
    name = "TOP-1000"
    banner = "Tomey"


def _pressure(eye: EyeMeasured) -> dict[str, Any]:
    corrected = {"corrected": {"iop_mmhg": str(eye.corrected), "cct_um": str(eye.cct_um)}} if eye.cct_um else {}
    readings = [{"iop_mmhg": str(puff)} for puff in eye.puffs]
    return {"iop_mmhg": str(eye.average), "readings": readings} | corrected

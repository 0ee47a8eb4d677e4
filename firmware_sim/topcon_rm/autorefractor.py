"""A KR-8900: the value of each eye, a figure a line; what nobody understands of it (corneas, readings) is left out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Refraction, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.screens import power


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """A patient as the display shows her."""

    right: Refraction | None
    left: Refraction | None
    pd_mm: int | None


class KR8900(Instrument[BothMeasured]):
    """``blanks`` puts lines of one blank between the eyes, as some do."""

    maker = "Topcon"
    name = "KR-8900"
    blanks = True

    def _look(self, patient: Patient) -> BothMeasured:
        right, left = self._eye(patient.right), self._eye(patient.left)
        return BothMeasured(right, left, round(patient.pd_mm) if right and left else None)

    def _eye(self, eye: Eye | None) -> Refraction | None:
        return refractions(eye, self._luck, 3).value if eye else None

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        between = [" "] if self.blanks else []
        eyes = [*_lines("R", measured.right), *between, *_lines("L", measured.left), *between]
        pd = [f"{measured.pd_mm:2}"] if measured.pd_mm is not None else []
        return "".join(f"{line}\r" for line in ["A", *eyes, *pd]).encode("ascii") + b"\x04"

    def _shown(self, measured: BothMeasured) -> Shown:
        eyes = {side: power(one) for side in ("right", "left") if (one := getattr(measured, side)) is not None}
        pd = {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm is not None else {}
        return ({"kind": "autorefraction", **eyes, **pd},)


def _lines(letter: str, value: Refraction | None) -> list[str]:
    if value is None:
        return []
    return [letter, _wide(value.sphere, 6), _wide(value.cylinder, 5), f"{value.axis:3}"]


def _wide(value: Decimal, width: int) -> str:
    """The sign first, then blanks."""
    return f"{'-' if value < 0 else '+'}{abs(value):{width - 1}.2f}"

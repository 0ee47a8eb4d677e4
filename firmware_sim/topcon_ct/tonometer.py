"""A CT-80: three puffs an eye and their average; a doubtful puff stands in brackets, one too high says OVER."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step

SIDES = ("right", "left")
HIGHEST = 60
Mode = Literal["1", "STD2"]


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """Puffs in mmHg, which of them are doubted, and the average; too high for the instrument gives none."""

    puffs: tuple[int, ...]
    doubted: tuple[bool, ...]
    average: Decimal | None

    @property
    def all_doubted(self) -> bool:
        """Whether the average is one of doubtful puffs."""
        return all(self.doubted)


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """A patient as the display shows her."""

    right: EyeMeasured | None
    left: EyeMeasured | None

    def eyes(self) -> dict[str, EyeMeasured]:
        """The eyes measured."""
        return {side: eye for side in SIDES if (eye := getattr(self, side)) is not None}


class CT80(Instrument[BothMeasured]):
    """``mode`` 1 or STD2; ``step`` of the average 0.1 or 1; ``between`` is what may stand between fields; ``shaky``
    doubts every puff.
    """  # noqa: D205

    maker = "Topcon"
    name = "CT-80"
    mode: Mode = "STD2"
    step = "0.1"
    between = ""
    shaky = False

    def _look(self, patient: Patient) -> BothMeasured:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return BothMeasured(right, left)

    def _eye(self, eye: Eye) -> EyeMeasured:
        puffs = tuple(max(1, round(eye.iop_mmhg + self._luck.gauss(0, 1.2))) for _ in range(3))
        doubted = tuple(self.shaky or self._luck.random() < 0.1 for _ in puffs)
        good = [puff for puff, doubt in zip(puffs, doubted, strict=True) if not doubt] or list(puffs)
        average = to_step(Decimal(sum(good)) / len(good), self.step)
        return EyeMeasured(puffs, doubted, average if max(puffs) <= HIGHEST else None)

    def _say(self, measured: BothMeasured, number: int, at: datetime) -> bytes:
        fields = self._short(measured, at) if self.mode == "1" else self._long(measured, number, at)
        return self.between.join([*fields, ""]).encode("ascii")

    def _short(self, measured: BothMeasured, at: datetime) -> list[str]:
        averages = [self._average(getattr(measured, side)).rjust(9) for side in SIDES]
        return [f"{self.name:<10}", f"{at:%Y/%m/%d %H:%M:%S}", *averages]

    def _long(self, measured: BothMeasured, number: int, at: datetime) -> list[str]:
        who = [f"{self.name:<15}", "01", f"{'1.06':<10}", f"{self.patient_id:<13}", f"{number:>13}", f"{number:04}"]
        eyes = [text for side in SIDES for text in self._series(getattr(measured, side))]
        return [*who, f"{at:%Y/%m/%d %H:%M:%S}".ljust(20), *(text.rjust(6) for text in eyes)]

    def _series(self, eye: EyeMeasured | None) -> list[str]:
        if eye is None:
            return [""] * 4
        puffs = [_puff(*one) for one in zip(eye.puffs, eye.doubted, strict=True)]
        return [*puffs, self._average(eye)]

    def _average(self, eye: EyeMeasured | None) -> str:
        if eye is None:
            return ""
        if eye.average is None:
            return "OVER"
        return f"({eye.average})" if eye.all_doubted else str(eye.average)

    def _shown(self, measured: BothMeasured) -> Shown:
        return ({"kind": "tonometry"} | {side: self._eye_shown(eye) for side, eye in measured.eyes().items()},)

    def _eye_shown(self, eye: EyeMeasured) -> dict[str, Any]:
        value = {"error": "OVER"} if eye.average is None else {"iop_mmhg": str(eye.average)}
        if self.mode == "1":
            return value
        return {**value, "readings": [_shown(*one) for one in zip(eye.puffs, eye.doubted, strict=True)]}


def _puff(mmhg: int, doubted: bool) -> str:
    if mmhg > HIGHEST:
        return "OVER"
    return f"({mmhg})" if doubted else str(mmhg)


def _shown(mmhg: int, doubted: bool) -> dict[str, Any]:
    if mmhg > HIGHEST:
        return {"error": "OVER"}
    return {"iop_mmhg": str(mmhg)} | ({"doubtful": True} if doubted else {})

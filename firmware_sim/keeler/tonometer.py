"""A TonoCare: the last four puffs of an eye and their average. How it lies on paper is our own invention."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.wires import Wire


@dataclass(frozen=True, slots=True)
class Puffs:
    """One eye."""

    mmhg: tuple[int, ...]
    average: Decimal


@dataclass(frozen=True, slots=True)
class Measured:
    """Both eyes, or the one there is."""

    right: Puffs | None
    left: Puffs | None

    def eyes(self) -> list[tuple[str, Puffs]]:
        """Sides and eyes measured, right first."""
        return [(side, eye) for side, eye in (("right", self.right), ("left", self.left)) if eye]


class TonoCare(Instrument[Measured]):
    """``dated`` false is a unit whose clock was never set; ``puffs`` how many of each eye are kept."""

    maker = "Keeler"
    name = "TonoCare"

    def __init__(
        self,
        wire: Wire,
        *,
        dated: bool = True,
        puffs: int = 4,
        one_line: bool = False,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._dated, self._puffs, self._one_line = dated, puffs, one_line

    def _look(self, patient: Patient) -> Measured:
        right, left = (self._puffed(eye) if eye else None for eye in (patient.right, patient.left))
        return Measured(right, left)

    def _puffed(self, eye: Eye) -> Puffs:
        puffs = tuple(max(1, round(eye.iop_mmhg + self._luck.gauss(0, 1.2))) for _ in range(self._puffs))
        return Puffs(puffs, to_step(Decimal(sum(puffs)) / len(puffs), "0.1"))

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        date = [at.strftime("%Y-%m-%d %H:%M")] if self._dated else []
        lines = [line for side, eye in measured.eyes() for line in self._lines(side, eye)]
        return "\r\n".join(["KEELER TonoCare", *date, *lines, ""]).encode("ascii")

    def _lines(self, side: str, eye: Puffs) -> list[str]:
        puffs = " ".join(f"{puff:>2}" for puff in eye.mmhg)
        if self._one_line:
            return [f"{side[0].upper()}: {puffs} Avg {eye.average} mmHg"]
        return [f"{side.title()} eye", puffs, f"Average {eye.average} mmHg"]

    def _shown(self, measured: Measured) -> Shown:
        eyes = {
            side: {"iop_mmhg": str(eye.average), "readings": [{"iop_mmhg": str(puff)} for puff in eye.mmhg]}
            for side, eye in measured.eyes()
        }
        return ({"kind": "tonometry"} | eyes,)

"""A DGH 550: one eye at a time, and only the operator knows which."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import Wire


@dataclass(frozen=True, slots=True)
class Measured:
    """Thicknesses in micrometres, and their average where the unit was asked for one."""

    thicknesses_um: tuple[int, ...]
    average_um: int | None


class DGH550(Instrument[Measured]):
    """``continuous`` is the continuous-average mode; ``blanks`` part the groups, which is not proved either way."""

    maker = "DGH"
    name = "DGH 550"
    velocity = 1640
    count = 5

    def __init__(
        self,
        wire: Wire,
        *,
        continuous: bool = False,
        blanks: bool = False,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._continuous, self._blanks = continuous, blanks

    def _look(self, patient: Patient) -> Measured:
        eye = patient.right or patient.left or Eye()
        seen = tuple(round(eye.cct_um + self._luck.gauss(0, 4)) for _ in range(self.count))
        return Measured(seen, round(sum(seen) / len(seen)) if self._continuous else None)

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        average = [measured.average_um] if measured.average_um is not None else []
        groups = [f"{self.velocity:04}", f"{len(measured.thicknesses_um):02}"]
        groups += [f"{one:04}" for one in (*average, *measured.thicknesses_um)]
        return ((" " if self._blanks else "").join(groups) + "\r\n").encode("ascii")

    def _shown(self, measured: Measured) -> Shown:
        average = {"cct_um": str(measured.average_um)} if measured.average_um is not None else {}
        readings = [{"cct_um": str(one)} for one in measured.thicknesses_um]
        return ({"kind": "pachymetry", "unassigned": {"readings": readings} | average},)

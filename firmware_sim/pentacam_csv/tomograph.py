"""Front of the cornea, its thickness, and rings of curvature, as a row an eye."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.wires import Wire

WHO = ("Last Name", "First Name", "Pat-ID", "D.o.Birth", "Exam Date", "Exam Time", "Exam Eye", "Status")
COLUMNS = (
    *("Rf F (mm)", "K1 F (D)", "Axis F (flat)", "Rs F (mm)", "K2 F (D)", "Kmax (D)"),
    *("Pachy Apex", "Pachy Min", "Pupil Dia", "ARTmax"),
)
RINGS = tuple(f"r{ring}.0 {degrees}°" for ring in (2, 4) for degrees in (0, 90, 180, 270))
INDEX = Decimal("337.5")


@dataclass(frozen=True, slots=True)
class Cornea:
    """One cornea as the row says it, in the order of the columns."""

    cells: tuple[str, ...]
    rings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corneas:
    """Both, or the one there is."""

    right: Cornea | None
    left: Cornea | None


class Pentacam(Instrument[Corneas]):
    """``status`` is what it says of the quality; ``twice`` repeats every row, as real files do."""

    maker = "Oculus"
    name = "Pentacam"
    links = ("folder",)

    def __init__(
        self,
        wire: Wire,
        *,
        status: str = "OK",
        twice: bool = False,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._status, self._twice = status, twice

    def _look(self, patient: Patient) -> Corneas:
        return Corneas(*(self._cornea(eye) if eye else None for eye in (patient.right, patient.left)))

    def _cornea(self, eye: Eye) -> Cornea:
        flat, steep = to_step(eye.flat_mm, "0.01"), to_step(eye.steep_mm, "0.01")
        powers = [to_step(INDEX / radius, "0.1") for radius in (flat, steep)]
        thickness = to_step(eye.cct_um, "1")
        cells = (flat, powers[0], round(eye.flat_axis), steep, powers[1], powers[1] + 1)
        rest = (thickness, thickness - 8, to_step(eye.pupil_mm, "0.01"), 420)
        return Cornea(tuple(map(str, (*cells, *rest))), tuple(str(flat) for _ in RINGS))

    def _eyes(self, measured: Corneas) -> list[tuple[str, Cornea]]:
        return [(name, eye) for name, eye in (("right", measured.right), ("left", measured.left)) if eye]

    def _say(self, measured: Corneas, number: int, at: datetime) -> bytes:
        lines = [";".join(f"{name}:" for name in (*WHO, *COLUMNS, *RINGS)) + ";"]
        for side, eye in self._eyes(measured):
            who = ["Doe", "Jane", self.patient_id, "04/23/1980", f"{at:%m/%d/%Y}", f"{at:%H:%M:%S}"]
            row = ";".join([*who, f"{side.title()} ", self._status, *eye.cells, *eye.rings]) + ";"
            lines += [row, row] if self._twice else [row]
        return ("\r\n".join(lines) + "\r\n").encode("cp1252")

    def _shown(self, measured: Corneas) -> Shown:
        return tuple({"kind": "topography", side: _shown(eye)} for side, eye in self._eyes(measured))

    def _file_name(self, at: datetime) -> str:
        return f"COR-PWR_{at:%Y%m%d}_{self._number:04}.csv"


def _shown(eye: Cornea) -> dict[str, Any]:
    flat, flat_d, axis, steep, steep_d, kmax, apex, thinnest, pupil, art = eye.cells
    return {
        "k1": {"radius_mm": flat, "power_d": flat_d, "axis": int(axis)},
        "k2": {"radius_mm": steep, "power_d": steep_d},
        "kmax_d": kmax,
        "cct_um": apex,
        "thinnest_um": thinnest,
        "pupil_mm": pupil,
        "indices": {"ARTmax": art},
    }

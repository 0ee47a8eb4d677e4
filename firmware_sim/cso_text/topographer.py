"""One eye a file: head in Italian, then 24 rings of 256 radii and as many elevations, with decimal commas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.wires import Wire

RINGS, RAYS, LOST = 24, 256, 40
RULE = "-" * 56
INDEX = Decimal("337.5")


@dataclass(frozen=True, slots=True)
class Map:
    """Flat and steep power, the flat axis, the pupil, and whether it is the eye that the file calls True."""

    flat_d: Decimal
    steep_d: Decimal
    axis: int
    pupil: int
    true: bool


class Topographer(Instrument[Map]):
    """``left`` looks at the left eye, where there is one."""

    maker = "CSO"
    name = "CSO topographer"
    links = ("folder",)

    def __init__(
        self,
        wire: Wire,
        *,
        left: bool = False,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._left = left

    def _look(self, patient: Patient) -> Map:
        eye = (patient.left if self._left else patient.right) or patient.left or patient.right or Eye()
        flat, steep = (to_step(INDEX / Decimal(radius), "0.01") for radius in (eye.flat_mm, eye.steep_mm))
        return Map(flat, steep, round(eye.flat_axis), round(eye.pupil_mm), not self._left)

    def _say(self, measured: Map, number: int, at: datetime) -> bytes:
        radii = [f"{0.2 * (ring + 1):.6f}" for ring in range(RINGS) for _ in range(RAYS)]
        heights = [f"{-0.002 * (ring + 1):.9f}" for ring in range(RINGS) for _ in range(RAYS)]
        lost = [*heights[:-LOST], *["-1000"] * LOST]
        body = [*radii, RULE, *lost]
        lines = [*self._head(measured, at), *(value.replace(".", ",") for value in body)]
        return ("\r\n".join(lines) + "\r\n").encode()

    def _head(self, measured: Map, at: datetime) -> list[str]:
        steep = (measured.axis + 90) % 180
        return [
            f"Paziente : {self.patient_id}",
            f"Esame : {at:%Y-%m-%d %H:%M}",
            f"Occhio : {measured.true}",
            *(RULE, "Note : ", RULE, "SIM-k : "),
            f"K1 = {measured.flat_d} D @ {measured.axis}°".replace(".", ","),
            f"K2 = {measured.steep_d} D @ {steep}°".replace(".", ","),
            *(RULE, "Diametro Corneale = 14", "Decentramento Pupillare Orizzontale = 0"),
            "Decentramento Pupillare Verticale = 0",
            f"Diametro Pupillare Medio = {measured.pupil}",
            "Potere Pupillare Medio = 7,65 D",
            *(RULE, "sph -1000 cyl -1000 ax -1000 @ -1000", RULE),
            *("Dato misurato : Elevazioni", f"N° Anelli : {RINGS}", f"N° Semimeridiani : {RAYS}"),
        ]

    def _shown(self, measured: Map) -> Shown:
        k1 = {"power_d": str(measured.flat_d), "axis": measured.axis}
        k2 = {"power_d": str(measured.steep_d), "axis": (measured.axis + 90) % 180}
        return ({"kind": "topography", "unassigned": {"k1": k1, "k2": k2, "pupil_mm": str(measured.pupil)}},)

    def _file_name(self, at: datetime) -> str:
        return f"map_{at:%Y%m%d}_{self._number:04}.txt"

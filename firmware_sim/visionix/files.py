"""An L80 and a VX100: one INI file an eye, which only its name tells."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Curvature, Refraction, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import Wire

ZONES = (3, 5, 7)


@dataclass(frozen=True, slots=True)
class Measured:
    """One eye: a power for each zone of the pupil, its cornea, and the distance of both."""

    zones: tuple[Refraction, ...]
    cornea: Curvature
    pd_mm: int


class L80(Instrument[Measured]):
    """``side`` is the eye in front of it; ``kind`` which of its files it writes."""

    maker = "Visionix"
    name = "L80"
    links = ("folder",)
    encoding = "ascii"

    def __init__(
        self,
        wire: Wire,
        *,
        side: Literal["right", "left"] = "right",
        kind: Literal["ARK", "WF", "Topo"] = "ARK",
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._side, self._kind = side, kind

    def _look(self, patient: Patient) -> Measured:
        eye: Eye = (patient.right if self._side == "right" else patient.left) or Eye()
        zones = tuple(refractions(eye, self._luck, 3).value for _ in ZONES)
        cornea = curvatures(eye, self._luck, 3)
        return Measured(zones, cornea.representative or cornea.readings[0], round(patient.pd_mm))

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        sections = {"ARK": _ark, "WF": _wavefront, "Topo": _topography}[self._kind](measured)
        lines = [line for name, pairs in sections.items() for line in (f"[{name}]", *_pairs(pairs), "")]
        return "\r\n".join(lines).encode(self.encoding)

    def _file_name(self, at: datetime) -> str:
        return f"{self._side.title()}{self._kind}_Meas_{self._number}.txt"

    def _shown(self, measured: Measured) -> Shown:
        """The eye stands on the screen, but not in the file: only its figures can be compared."""
        shown: Shown = ()
        if self._kind != "Topo":
            distance: dict[str, Any] = {"pd": {"far": str(measured.pd_mm)}} if self._kind == "ARK" else {}
            shown = ({"kind": "autorefraction"} | distance,)
        return shown if self._kind == "WF" else (*shown, {"kind": "keratometry"})

    def zones_shown(self, measured: Measured) -> list[dict[str, Any]]:
        """The eye's powers by zone, as the screen shows them."""
        return [{"sphere": str(one.sphere), "cylinder": str(one.cylinder), "axis": one.axis} for one in measured.zones]


class VX100(L80):
    """The same files in UTF-16."""

    name = "VX100"
    encoding = "utf-16"


def _ark(measured: Measured) -> dict[str, dict[str, Any]]:
    powers: dict[str, Any] = {}
    for zone, power in zip(ZONES, measured.zones, strict=True):
        powers |= {
            f"sphere_{zone}": power.sphere,
            f"cylinder_{zone}": power.cylinder,
            f"axis_{zone}": _radians(power.axis),
        }
    return {"AR": powers, "KR": _cornea(measured.cornea, "simk_cyl"), "GENERAL": {"pd": measured.pd_mm}}


def _wavefront(measured: Measured) -> dict[str, dict[str, Any]]:
    powers = list(zip(ZONES, measured.zones, strict=True))
    return {
        "SPHERE": {f"r_{zone}": power.sphere for zone, power in powers},
        "CYLINDER": {f"r_{zone}": power.cylinder for zone, power in powers},
        "AXIS": {f"r_{zone}": _radians(power.axis) for zone, power in powers},
    }


def _topography(measured: Measured) -> dict[str, dict[str, Any]]:
    return {"Sim_K": _cornea(measured.cornea, "cyl"), "TOPO": {"pd": measured.pd_mm}}


def _cornea(value: Curvature, cylinder: str) -> dict[str, Any]:
    steep = (value.axis + 90) % 180
    return {
        "k1": value.k1_d,
        "k2": value.k2_d,
        "k1_axis": value.axis,
        "k2_axis": steep,
        cylinder: value.cylinder_d,
    }


def _radians(degrees: int) -> str:
    return f"{math.radians(degrees):.6f}"


def _pairs(pairs: dict[str, Any]) -> list[str]:
    return [f"{key}={value}" for key, value in pairs.items()]

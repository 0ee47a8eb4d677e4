"""A VL1000: a pair of spectacles, prism with a sign and no base."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter, to_step
from firmware_sim.screens import power
from firmware_sim.wires import Wire


@dataclass(frozen=True, slots=True)
class Lens:
    """One lens as displayed; ``pd_mm`` absent where no distance was taken."""

    power: Refraction
    horizontal: Decimal
    vertical: Decimal
    add: Decimal
    uv: int
    pd_mm: Decimal | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A pair, or the lens there is."""

    right: Lens | None
    left: Lens | None


class VL1000(Instrument[Measured]):
    """``distance`` true measures each lens's distance to the nose; ``dollar`` false ends with E alone."""

    maker = "Visionix"
    name = "VL1000"

    def __init__(
        self,
        wire: Wire,
        *,
        distance: bool = False,
        dollar: bool = True,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._distance, self._dollar = distance, dollar

    def _look(self, patient: Patient) -> Measured:
        right, left = (self._lens(eye, patient.pd_mm) if eye else None for eye in (patient.right, patient.left))
        return Measured(right, left)

    def _lens(self, eye: Eye, pd_mm: float) -> Lens:
        cylinder = quarter(eye.cylinder)
        return Lens(
            power=Refraction(quarter(eye.sphere), cylinder, axis(eye.axis, 1) if cylinder else 0),
            horizontal=quarter(self._luck.gauss(0, 0.3)),
            vertical=quarter(self._luck.gauss(0, 0.3)),
            add=quarter(eye.addition),
            uv=self._luck.randrange(1, 100),
            pd_mm=to_step(pd_mm / 2, "0.5") if self._distance else None,
        )

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        lenses = [_line(letter, lens) for letter, lens in (("R", measured.right), ("L", measured.left)) if lens]
        return f"LM2RK   No={number:05}   {''.join(lenses)}E{'$' if self._dollar else ''}".encode("ascii")

    def _shown(self, measured: Measured) -> Shown:
        lenses = {side: lens for side, lens in (("right", measured.right), ("left", measured.left)) if lens}
        distances = {f"far_{side}": str(lens.pd_mm) for side, lens in lenses.items() if lens.pd_mm}
        pd = {"pd": distances} if distances else {}
        return ({"kind": "lensmetry"} | {side: _on_screen(lens) for side, lens in lenses.items()} | pd,)


def _line(letter: str, lens: Lens) -> str:
    powers = f"S={lens.power.sphere:+06.2f} C={lens.power.cylinder:+06.2f} A={lens.power.axis:03}"
    prisms = f"PX={lens.horizontal:+06.2f} PY={lens.vertical:+06.2f}"
    return f"{letter}: {powers} {prisms} PD={lens.pd_mm or 0:04.1f} ADD={lens.add:+05.2f} U{letter}={lens.uv:>3}   "


def _on_screen(lens: Lens) -> dict[str, Any]:
    prism = {"horizontal": {"power": str(lens.horizontal)}, "vertical": {"power": str(lens.vertical)}}
    return power(lens.power) | {"add": str(lens.add), "prism": prism, "uv_transmittance": str(lens.uv)}

"""An HRK-8000A: refraction and corneas, one record an eye."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Curvature, Refraction, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.screens import power
from firmware_sim.wires import Wire

SIDES = {"R": "right", "L": "left"}


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """What the display chose for an eye; a cornea that moved away was not measured."""

    power: Refraction
    cornea: Curvature | None


@dataclass(frozen=True, slots=True)
class Measured:
    """Both eyes, or the one there is."""

    right: EyeMeasured | None
    left: EyeMeasured | None
    pd_mm: int | None

    def eyes(self) -> list[tuple[str, EyeMeasured]]:
        """The letters and eyes measured, right first."""
        return [(letter, eye) for letter, eye in (("R", self.right), ("L", self.left)) if eye]


class HRK8000A(Instrument[Measured]):
    """``pd`` false leaves the distance out of its records, as some relatives do; ``gap`` is what stands between
    records; ``words`` a setting of the store that goes into the heading; ``corneas`` false is a refractor only.
    """  # noqa: D205

    maker = "Huvitz"
    name = "HRK-8000A"

    def __init__(
        self,
        wire: Wire,
        *,
        pd: bool = True,
        gap: str = "\r\n",
        words: str = "",
        corneas: bool = True,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._pd, self._gap, self._words, self._corneas = pd, gap, words, corneas

    def _look(self, patient: Patient) -> Measured:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return Measured(right, left, round(patient.pd_mm) if right and left and self._pd else None)

    def _eye(self, eye: Eye) -> EyeMeasured:
        cornea = curvatures(eye, self._luck, 3).representative if self._corneas else None
        return EyeMeasured(refractions(eye, self._luck, 3).value, cornea)

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        head = f"S No={number:05}{self._words and ' ' + self._words} E"
        records = [*self._refraction(measured), *_corneas(measured)]
        return self._gap.join([head, *records, ""]).encode("latin-1")

    def _refraction(self, measured: Measured) -> Iterable[str]:
        distance = f" {measured.pd_mm}" if measured.pd_mm else ""
        return (f"S-R-{letter} {_power(eye.power)}{distance} E" for letter, eye in measured.eyes())

    def _shown(self, measured: Measured) -> Shown:
        distance: dict[str, Any] = {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm else {}
        eyes = {SIDES[letter]: power(eye.power) for letter, eye in measured.eyes()}
        corneas = {SIDES[letter]: _on_screen(eye.cornea) for letter, eye in measured.eyes() if eye.cornea}
        shown: Shown = ({"kind": "autorefraction"} | eyes | distance,)
        return (*shown, {"kind": "keratometry"} | corneas) if corneas else shown


def _corneas(measured: Measured) -> Iterable[str]:
    for letter, eye in measured.eyes():
        if eye.cornea:
            radii = f"{eye.cornea.r1_mm:+06.2f} {eye.cornea.r2_mm:+06.2f}"
            yield f"S-K-{letter} {radii} +{eye.cornea.axis:03} E"


def _power(value: Refraction) -> str:
    return f"{value.sphere:+06.2f} {value.cylinder:+06.2f} +{value.axis:03}"


def _on_screen(value: Curvature) -> dict[str, Any]:
    return {
        "r1": {"radius_mm": str(value.r1_mm), "axis": value.axis},
        "r2": {"radius_mm": str(value.r2_mm)},
    }

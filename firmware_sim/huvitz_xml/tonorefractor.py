"""A Huvitz HTR-1A: refraction, cornea, pressure and thickness."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.markup import Lines, leaf, node
from firmware_sim.optics import Curvature, Refraction, curvatures, refractions
from firmware_sim.patients import Eye, Patient
from firmware_sim.tonometer import Pressure, Thickness, pressure, thickness
from firmware_sim.wires import Wire, null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


@dataclass(frozen=True, slots=True)
class EyeSeen:
    """One eye as the display shows it."""

    power: Refraction
    cornea: Curvature
    pressure: Pressure
    thickness: Thickness


@dataclass(frozen=True, slots=True)
class Seen:
    """Both eyes, or the one there is; the distance only where there are two."""

    right: EyeSeen | None
    left: EyeSeen | None
    pd_mm: int | None

    def eyes(self) -> list[tuple[str, str, EyeSeen]]:
        """Letter, side and eye, right first."""
        both = (("r", "right", self.right), ("l", "left", self.left))
        return [(letter, side, eye) for letter, side, eye in both if eye is not None]


class HTR1A(Instrument[Seen]):
    """``slash`` is what begins its end tags: the export that was seen has backslashes there."""

    maker = "Huvitz"
    name = "HTR-1A"
    links = ("folder",)
    measures: ClassVar[tuple[str, ...]] = ("autorefraction", "keratometry", "tonometry", "pachymetry")

    def __init__(self, wire: Wire, *, slash: str = "\\", **usual: Any) -> None:
        super().__init__(wire, **usual)
        self._slash = slash

    def _look(self, patient: Patient) -> Seen:
        right, left = (self._eye(eye) if eye else None for eye in (patient.right, patient.left))
        return Seen(right, left, round(patient.pd_mm) if right and left else None)

    def _eye(self, eye: Eye) -> EyeSeen:
        corneas = curvatures(eye, self._luck, 3)
        return EyeSeen(
            power=refractions(eye, self._luck, 3).value,
            cornea=corneas.representative or corneas.readings[0],
            pressure=pressure(eye, self._luck, "1"),
            thickness=thickness(eye, self._luck),
        )

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        blocks = {
            "autorefraction": node("ref", *_each(measured, _refraction, measured.pd_mm)),
            "keratometry": node("ker", *_each(measured, _cornea)),
            "tonometry": node("tono", *_each(measured, _pressure)),
            "pachymetry": node("pachy", *_each(measured, _thickness)),
        }
        lines = node(
            "datalab",
            leaf("patient", self.patient_id or f"{number:05}"),
            leaf("date", f"{at:%Y/%m/%d}"),
            leaf("version", "1.00.00c"),
            *(block for kind, block in blocks.items() if kind in self.measures),
            node("misc", leaf("C-R01"), leaf("C-L01")),
            indent="    ",
        )
        text = "".join(f"{line}\r\n" for line in lines)
        return text.replace("</", f"<{self._slash}").encode("ascii")

    def _shown(self, measured: Seen) -> Shown:
        pd = {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm else {}
        eyes = {side: eye for _, side, eye in measured.eyes()}
        screens: dict[str, dict[str, Any]] = {
            "autorefraction": pd | {side: _power(eye) for side, eye in eyes.items()},
            "keratometry": {side: _radii(eye) for side, eye in eyes.items()},
            "tonometry": {side: {"iop_mmhg": str(eye.pressure.average)} for side, eye in eyes.items()},
            "pachymetry": {side: {"cct_um": _average(eye)} for side, eye in eyes.items()},
        }
        return tuple({"kind": kind} | screen for kind, screen in screens.items() if kind in self.measures)


def short(value: Decimal) -> str:
    """No digit more than needed: -0.5, 8.2, and 0 for nothing."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _each(seen: Seen, said: Any, *more: Any) -> list[Lines]:
    return [line for letter, _, eye in seen.eyes() for line in said(letter, eye, *more)]


def _refraction(letter: str, eye: EyeSeen, pd: int | None) -> list[Lines]:
    power = {"s": short(eye.power.sphere), "c": short(eye.power.cylinder), "a": eye.power.axis, "p": pd}
    return [leaf(f"r{letter}{name}", value) for name, value in power.items()]


def _cornea(letter: str, eye: EyeSeen) -> list[Lines]:
    told = {"r1": short(eye.cornea.r1_mm), "r2": short(eye.cornea.r2_mm), "ax": eye.cornea.axis}
    return [leaf(f"k{letter}{name}", value) for name, value in told.items()]


def _pressure(letter: str, eye: EyeSeen) -> list[Lines]:
    puffs = [leaf(f"t{letter}{at:02}", puff) for at, puff in enumerate(eye.pressure.puffs, 1)]
    return [*puffs, leaf(f"t{letter}", eye.pressure.average)]


def _thickness(letter: str, eye: EyeSeen) -> list[Lines]:
    series = [leaf(f"p{letter}{at:02}", one) for at, one in enumerate(eye.thickness.series, 1)]
    return [*series, leaf(f"p{letter}", _average(eye))]


def _average(eye: EyeSeen) -> str:
    return f"{Decimal(sum(eye.thickness.series)) / len(eye.thickness.series):.1f}"


def _power(eye: EyeSeen) -> dict[str, Any]:
    power = {"sphere": short(eye.power.sphere), "cylinder": short(eye.power.cylinder)}
    return power | {"axis": eye.power.axis}


def _radii(eye: EyeSeen) -> dict[str, Any]:
    first = {"radius_mm": short(eye.cornea.r1_mm), "axis": eye.cornea.axis}
    return {"r1": first, "r2": {"radius_mm": short(eye.cornea.r2_mm)}}


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds writes at a press of Print."""
    made = type(model, (HTR1A,), {"name": model, "measures": kinds})
    instrument: HTR1A = made(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)

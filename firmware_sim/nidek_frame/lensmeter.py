"""An LM-600P: the spectacles somebody came in with."""

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from firmware_sim.instrument import Shown
from firmware_sim.nidek_frame.instrument import Instrument
from firmware_sim.nidek_frame.speech import block, dioptres, millimetres
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter
from firmware_sim.screens import power

SIDES = {"R": "right", "L": "left"}
BASES = {"I": "in", "O": "out", "U": "up", "D": "down"}


@dataclass(frozen=True, slots=True)
class Prism:
    """One component with its base; sent also when zero."""

    power: Decimal
    base: Literal["I", "O", "U", "D"]


@dataclass(frozen=True, slots=True)
class LensMeasured:
    """One lens as the display shows it."""

    power: Refraction
    add: Decimal | None
    horizontal: Prism
    vertical: Prism


@dataclass(frozen=True, slots=True)
class LensesMeasured:
    """A pair of spectacles."""

    right: LensMeasured | None
    left: LensMeasured | None

    def lenses(self) -> list[tuple[str, LensMeasured]]:
        """The letters and lenses measured, right first as lensmeters print."""
        return [(letter, lens) for letter, lens in (("R", self.right), ("L", self.left)) if lens]


class LM600P(Instrument[LensesMeasured]):
    """Measures the patient's spectacles, which are some years behind her eyes. It prints no number and no date."""

    name = "LM-600P"
    device_code = "LM"

    def _look(self, patient: Patient) -> LensesMeasured:
        return LensesMeasured(
            right=_lens(patient.right, self._luck) if patient.right else None,
            left=_lens(patient.left, self._luck) if patient.left else None,
        )

    def _shown(self, measured: LensesMeasured) -> Shown:
        lenses = {SIDES[letter]: _on_screen(lens) for letter, lens in measured.lenses()}
        return ({"kind": "lensmetry"} | lenses,)

    def _blocks(self, measured: LensesMeasured, number: str, at: datetime) -> list[bytes]:
        lines = [line for letter, lens in measured.lenses() for line in _lines(letter, lens)]
        return [block("DLM", [f"IDNIDEK/{self.name}", *lines], cr=self._cr)]


def _on_screen(lens: LensMeasured) -> dict[str, Any]:
    prism = {
        "horizontal": {"power": str(lens.horizontal.power), "base": BASES[lens.horizontal.base]},
        "vertical": {"power": str(lens.vertical.power), "base": BASES[lens.vertical.base]},
    }
    return power(lens.power) | ({"add": str(lens.add)} if lens.add is not None else {}) | {"prism": prism}


def _lens(eye: Eye, luck: random.Random) -> LensMeasured:
    cylinder = quarter(eye.cylinder)
    return LensMeasured(
        power=Refraction(
            quarter(eye.sphere + luck.choice((0.0, 0.25, 0.5))), cylinder, axis(eye.axis, 1) if cylinder else 0
        ),
        add=quarter(eye.addition) if eye.addition >= 0.5 else None,
        horizontal=Prism(abs(quarter(luck.gauss(0, 0.2))), luck.choice(("I", "O"))),
        vertical=Prism(abs(quarter(luck.gauss(0, 0.15))), luck.choice(("U", "D"))),
    )


def _lines(letter: str, lens: LensMeasured) -> list[str]:
    power = f" {letter}{dioptres(lens.power.sphere)}{dioptres(lens.power.cylinder)}{lens.power.axis:03}"
    add = [f"A{letter}{millimetres(lens.add)}"] if lens.add is not None else []
    prisms = [f"P{letter}{millimetres(prism.power)}{prism.base}" for prism in (lens.horizontal, lens.vertical)]
    return [power, *add, *prisms]

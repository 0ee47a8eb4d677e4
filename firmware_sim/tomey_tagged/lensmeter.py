"""A TL-6100: the spectacles somebody came in with, one lens after the other."""

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter
from firmware_sim.screens import power
from firmware_sim.tomey_tagged.eyes import SIDES
from firmware_sim.tomey_tagged.speech import tagged


@dataclass(frozen=True, slots=True)
class LensMeasured:
    """One lens as the display shows it; prism in signed components, out and up positive."""

    power: Refraction
    add: Decimal | None
    out: Decimal
    up: Decimal


@dataclass(frozen=True, slots=True)
class LensesMeasured:
    """A pair of spectacles, or what is left of it."""

    right: LensMeasured | None
    left: LensMeasured | None

    def lenses(self) -> list[tuple[str, LensMeasured]]:
        """The letters and lenses measured, right first."""
        return [(letter, lens) for letter, side in SIDES if (lens := getattr(self, side)) is not None]


class TL6100(Instrument[LensesMeasured]):
    """It prints no number and no date."""

    maker = "Tomey"
    name = "TL-6100"

    def _look(self, patient: Patient) -> LensesMeasured:
        right, left = (lens(eye, self._luck) if eye else None for eye in (patient.right, patient.left))
        return LensesMeasured(right, left)

    def _say(self, measured: LensesMeasured, number: int, at: datetime) -> bytes:
        lines = [line for letter, one in measured.lenses() for line in _lines(letter, one)]
        return "".join(lines).encode("ascii")

    def _shown(self, measured: LensesMeasured) -> Shown:
        sides = dict(SIDES)
        return ({"kind": "lensmetry"} | {sides[letter]: _on_screen(one) for letter, one in measured.lenses()},)


def lens(eye: Eye, luck: random.Random) -> LensMeasured:
    """Spectacles are some years behind the eyes."""
    cylinder = quarter(eye.cylinder)
    sphere = quarter(eye.sphere + luck.choice((0.0, 0.25, 0.5)))
    return LensMeasured(
        power=Refraction(sphere, cylinder, axis(eye.axis, 1) if cylinder else 0),
        add=quarter(eye.addition) if eye.addition >= 0.5 else None,
        out=quarter(luck.gauss(0, 0.3)),
        up=quarter(luck.gauss(0, 0.2)),
    )


def _lines(letter: str, one: LensMeasured) -> list[str]:
    add = [("ADD", str(one.add), "")] if one.add is not None else []
    rows: list[tuple[str, ...]] = [
        ("POWER", f"{one.power.sphere:+}", f"{one.power.cylinder:+}", str(one.power.axis)),
        *add,
        ("PRISM_SEL", "1"),
        ("PRISM", f"{one.out:+}", f"{one.up:+}"),
        ("UV",),
    ]
    return [tagged(f"{name}_{letter}", *fields, end="\n") for name, *fields in rows]


def _on_screen(one: LensMeasured) -> dict[str, Any]:
    components = {"horizontal": (one.out, "out", "in"), "vertical": (one.up, "up", "down")}
    prism = {way: _prism(*component) for way, component in components.items()}
    return power(one.power) | ({"add": str(one.add)} if one.add is not None else {}) | {"prism": prism}


def _prism(signed: Decimal, plus: str, minus: str) -> dict[str, str]:
    base = {"base": plus if signed > 0 else minus} if signed else {}
    return {"power": str(abs(signed))} | base

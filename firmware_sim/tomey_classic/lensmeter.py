"""A TL-3000C: two lenses, a line for each power; prism lines stay bare."""

from datetime import datetime

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Patient
from firmware_sim.screens import power
from firmware_sim.tomey_classic.speech import framed, powers
from firmware_sim.tomey_tagged.lensmeter import LensesMeasured, LensMeasured, lens


class TL3000C(Instrument[LensesMeasured]):
    """Which control bytes stand around its lines is not known: ``framed`` like its sister, or bare lines."""

    maker = "Tomey"
    name = "TL-3000C"
    framed = False

    def _look(self, patient: Patient) -> LensesMeasured:
        right, left = (lens(eye, self._luck) if eye else None for eye in (patient.right, patient.left))
        return LensesMeasured(right, left)

    def _say(self, measured: LensesMeasured, number: int, at: datetime) -> bytes:
        lines = ["LM", *(line for letter, one in measured.lenses() for line in _lines(letter, one))]
        return framed(number, lines) if self.framed else "".join(f"{line}\n" for line in lines).encode("ascii")

    def _shown(self, measured: LensesMeasured) -> Shown:
        lenses = {side: one for side in ("right", "left") if (one := getattr(measured, side)) is not None}
        return ({"kind": "lensmetry"} | {side: _on_screen(one) for side, one in lenses.items()},)


def _on_screen(one: LensMeasured) -> dict[str, object]:
    return power(one.power) | ({"add": str(one.add)} if one.add is not None else {})


def _lines(letter: str, one: LensMeasured) -> list[str]:
    add = f"{one.add:4.2f}" if one.add is not None else ""
    return [f"L{letter}{powers(one.power)}", f"A{letter}{add}", f"P{letter}", f"D{letter}"]

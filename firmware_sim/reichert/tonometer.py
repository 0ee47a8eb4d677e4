"""A Reichert G3: four figures an eye, of which one is the pressure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.wires import Wire

SIDES = {"R": "right", "L": "left"}


@dataclass(frozen=True, slots=True)
class Answer:
    """How one cornea answered the pulse, as displayed."""

    iopcc: Decimal
    ch: Decimal
    iopg: Decimal
    ws: Decimal


@dataclass(frozen=True, slots=True)
class Measured:
    """Both eyes, or the one there is."""

    right: Answer | None
    left: Answer | None

    def eyes(self) -> list[tuple[str, Answer]]:
        """The letters and eyes measured, right first."""
        return [(letter, eye) for letter, eye in (("R", self.right), ("L", self.left)) if eye]


class G3(Instrument[Measured]):
    """``date_form`` is a setting of the unit; ``gap`` the blanks between figures, which are not fixed."""

    maker = "Reichert"
    name = "G3"

    def __init__(
        self,
        wire: Wire,
        *,
        date_form: str = "%d.%m.%Y %H:%M",
        gap: int = 6,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._date_form, self._gap = date_form, gap

    def _look(self, patient: Patient) -> Measured:
        right, left = (self._answer(eye) if eye else None for eye in (patient.right, patient.left))
        return Measured(right, left)

    def _answer(self, eye: Eye) -> Answer:
        iopg = eye.iop_mmhg + self._luck.gauss(0, 0.6)
        figures = (iopg + self._luck.gauss(0.5, 1), self._luck.gauss(10.5, 1), iopg, self._luck.uniform(4, 9.9))
        return Answer(*(to_step(max(figure, 0.1), "0.1") for figure in figures))

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        lines = ["", "", at.strftime(self._date_form), "", self._row("", ["IOPcc", "CH", "IOPg", "WS"])]
        lines += [self._row(letter, [eye.iopcc, eye.ch, eye.iopg, eye.ws]) for letter, eye in measured.eyes()]
        return ("\r".join([*lines, "", ""]) + "\x04").encode("ascii")

    def _row(self, tag: str, cells: list[str] | list[Decimal]) -> str:
        return tag + "".join(f"{cell!s:>{len(str(cell)) + self._gap}}" for cell in cells)

    def _shown(self, measured: Measured) -> Shown:
        eyes = [(SIDES[letter], eye) for letter, eye in measured.eyes()]
        answers = {
            side: {"iopcc_mmhg": str(eye.iopcc), "ch_mmhg": str(eye.ch), "waveform_score": str(eye.ws)}
            for side, eye in eyes
        }
        return (
            {"kind": "tonometry"} | {side: {"iop_mmhg": str(eye.iopg)} for side, eye in eyes},
            {"kind": "biomechanics"} | answers,
        )

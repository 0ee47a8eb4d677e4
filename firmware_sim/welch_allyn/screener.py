"""A Spot VS100: lines in their places; the words around the figures are our own invention."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from firmware_sim.refractor import EyeSeen, Refractor, Seen
from firmware_sim.wires import Wire


class SpotVS100(Refractor):
    """``named`` false leaves the eyes' names out, so that only their lines tell them."""

    maker = "Welch Allyn"
    name = "Spot VS100"
    links = ("folder",)

    def __init__(
        self, wire: Wire, *, named: bool = True, seed: int | str = 0, clock: Callable[[], datetime] = datetime.now
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._named = named

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        pupils = [f"{eye.pupil_mm}mm" for _, eye in measured.eyes()]
        distance = f"PD {measured.pd_mm}mm" if measured.pd_mm else ""
        top = ["Welch Allyn Spot", f"ID {self.patient_id}", "", "6y-20y", ""]
        eyes = [self._line("OD", measured.right), self._line("OS", measured.left)]
        rest = [f"Pupil {' '.join(pupils)}", distance, "Gaze +1 -2 0 3", "", "Screening complete"]
        time = f"{at.year}-{at.month}-{at.day} {at:%I:%M} {'am' if at.hour < 12 else 'pm'}"
        return "\r\n".join([*top, *eyes, *rest, time, ""]).encode()

    def _line(self, name: str, eye: EyeSeen | None) -> str:
        if eye is None:
            return ""
        power = f"{eye.power.sphere:+} DS {eye.power.cylinder:+} DC @{eye.power.axis}"
        return f"{name + ' ' if self._named else ''}{power} {eye.power.sphere + eye.power.cylinder / 2:+.2f} SE"

    def _file_name(self, at: datetime) -> str:
        return f"Spot_{at:%Y%m%d%H%M%S}_{self._number:04}.txt"

    def _eye_shown(self, eye: EyeSeen) -> dict[str, Any]:
        return super()._eye_shown(eye) | {"se": f"{eye.power.sphere + eye.power.cylinder / 2:.2f}"}

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {"extra": {"PD": str(measured.pd_mm)}} if measured.pd_mm else {}

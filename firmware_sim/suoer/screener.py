"""An SW-800: lines in their places; the words around the figures are our own invention."""

from datetime import datetime
from typing import Any

from firmware_sim.refractor import EyeSeen, Refractor, Seen


class SW800(Refractor):
    """Gaze is told in words; an eye that was not measured leaves its lines empty."""

    maker = "Suoer"
    name = "SW-800"
    links = ("folder",)

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        top = ["SW-800", f"ID:{self.patient_id}", f"Time:{at:%Y-%m-%d %H:%M:%S}", "", "", "OD"]
        right, left = _lines(measured.right, "Temporal"), _lines(measured.left, "Nasal")
        lines = [*top, *right, "", "OS", *left, "", f"PD:{measured.pd_mm or ''}"]
        return ("\n".join(lines) + "\n").encode()

    def _file_name(self, at: datetime) -> str:
        return f"SW800_{at:%Y%m%d%H%M%S}_{self._number:04}.txt"

    def _eye_shown(self, eye: EyeSeen) -> dict[str, Any]:
        return super()._eye_shown(eye) | {"se": _equivalent(eye), "pupil_mm": str(eye.pupil_mm)}

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {"extra": {"PD": str(measured.pd_mm)}} if measured.pd_mm else {}


def _lines(eye: EyeSeen | None, side: str) -> list[str]:
    if eye is None:
        return [""] * 5
    power = f"{eye.power.sphere:+} {eye.power.cylinder:+} {eye.power.axis}"
    return [power, f"SE:   {_equivalent(eye)}", f"PS:{eye.pupil_mm}", "Down 3.1", f"{side} 2.0"]


def _equivalent(eye: EyeSeen) -> str:
    return f"{eye.power.sphere + eye.power.cylinder / 2:.2f}"

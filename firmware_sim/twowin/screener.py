"""A 2WIN: both eyes at once from a metre away, in plus cylinders."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye
from firmware_sim.refractor import EyeSeen, Refractor, Seen
from firmware_sim.wires import Wire


class TwoWin(Refractor):
    """``listed`` is the patient of its input list; ``trouble`` a message with which the exam ends."""

    maker = "Adaptica"
    name = "2WIN"
    links = ("folder",)

    def __init__(
        self,
        wire: Wire,
        *,
        listed: tuple[str, str, str] = ("Smith", "John", "2016-02-24"),
        trouble: str = "",
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._listed, self._trouble = listed, trouble

    def _eye(self, eye: Eye) -> EyeSeen:
        seen = super()._eye(eye)
        return EyeSeen(_plus(seen.power), seen.pupil_mm)

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        gaze = [f"{self._luck.gauss(0, 2):.1f}" for _ in range(4)]
        distance = [str(measured.pd_mm or "")]
        ended = [self._trouble or "OK", "7" if self._trouble else "0"]
        who = [*self._listed, self.patient_id, "School 3", ""]
        eyes = [*_fields(measured.right), *_fields(measured.left)]
        cells = [f"{at:%Y-%m-%dT%H:%M:%S}", *who, *eyes, *gaze, *distance, str(number), "5.3.1", *ended]
        return (",".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\r\n").encode()

    def _file_name(self, at: datetime) -> str:
        return f"2WIN_{at:%Y%m%d}_{self._number:04}.csv"

    def _eye_shown(self, eye: EyeSeen) -> dict[str, Any]:
        return super()._eye_shown(eye) | {"pupil_mm": str(eye.pupil_mm)}

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {"extra": {"inter_pupil_distance_mm": str(measured.pd_mm)}} if measured.pd_mm else {}


def _plus(value: Refraction) -> Refraction:
    """The same lens, told the other way round."""
    if not value.cylinder:
        return value
    return Refraction(value.sphere + value.cylinder, -value.cylinder, (value.axis + 89) % 180 + 1)


def _fields(eye: EyeSeen | None) -> list[str]:
    if eye is None:
        return ["", "", "", ""]
    return [str(eye.power.sphere), str(eye.power.cylinder), str(eye.power.axis), str(eye.pupil_mm)]

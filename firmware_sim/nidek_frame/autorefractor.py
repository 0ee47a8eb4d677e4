"""An ARK-1a: refraction by night and by day, and the cornea."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim import screens
from firmware_sim.instrument import Shown
from firmware_sim.nidek_frame.instrument import Instrument
from firmware_sim.nidek_frame.speech import block, date, dioptres, millimetres
from firmware_sim.optics import (
    Curvature,
    Curvatures,
    Refraction,
    Refractions,
    at_night,
    contact_lens,
    curvatures,
    difference,
    refractions,
)
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step
from firmware_sim.screens import power, refraction

WORKING_CM = 35
SIDES = (("L", "left"), ("R", "right"))
SIDE_OF = dict(SIDES)


@dataclass(frozen=True, slots=True)
class EyeMeasured:
    """One eye as the display shows it."""

    day: Refractions
    night: Refraction
    cornea: Curvatures
    corneal_diameter_mm: Decimal
    pupil_mm: Decimal

    @property
    def representative(self) -> Refraction | None:
        """The chosen value by day; none below three readings."""
        return self.day.representative


@dataclass(frozen=True, slots=True)
class BothMeasured:
    """A patient as the display shows her."""

    right: EyeMeasured | None
    left: EyeMeasured | None
    pd_mm: int | None

    def eyes(self) -> list[tuple[str, EyeMeasured]]:
        """The letters and eyes measured, left first as autorefractors print."""
        return [(letter, eye) for letter, side in SIDES if (eye := getattr(self, side)) is not None]


class ARK1a(Instrument[BothMeasured]):
    """``readings`` is how often each eye is measured."""

    name = "ARK-1a"
    device_code = "RK"
    readings = 3

    def _look(self, patient: Patient) -> BothMeasured:
        left, right = (self._eye(eye) if eye else None for eye in (patient.left, patient.right))
        return BothMeasured(right=right, left=left, pd_mm=round(patient.pd_mm) if left and right else None)

    def _eye(self, eye: Eye) -> EyeMeasured:
        return EyeMeasured(
            day=refractions(eye, self._luck, self.readings),
            night=at_night(eye, self._luck),
            cornea=curvatures(eye, self._luck, 3),
            corneal_diameter_mm=to_step(eye.corneal_diameter_mm, "0.1"),
            pupil_mm=to_step(eye.pupil_mm, "0.1"),
        )

    def _shown(self, measured: BothMeasured) -> Shown:
        eyes = {SIDE_OF[letter]: eye for letter, eye in measured.eyes()}
        return (
            {"kind": "autorefraction", "condition": "night"} | {s: power(eye.night) for s, eye in eyes.items()},
            {"kind": "autorefraction", "condition": "day"} | {s: refraction(eye.day) for s, eye in eyes.items()},
            {"kind": "keratometry"} | {s: screens.cornea(eye.cornea) for s, eye in eyes.items()},
        )

    def _blocks(self, measured: BothMeasured, number: str, at: datetime) -> list[bytes]:
        top = heading(self.name, number, at, WORKING_CM, self.patient_id)
        return [
            block("Drm", [*top, *night(measured)], cr=self._cr),
            block("DRM", [*top, *day(measured), *pd(measured, WORKING_CM)], cr=self._cr),
            block(
                "DKM",
                [*cornea([(letter, eye.cornea) for letter, eye in measured.eyes()]), *sizes(measured)],
                cr=self._cr,
            ),
        ]


def heading(name: str, number: str, at: datetime, working_cm: int, patient_id: str = "") -> list[str]:
    """What the first blocks begin with; a patient's number only where the operator gave one."""
    patient = [f"IP{patient_id}"] if patient_id else []
    return [f"IDNIDEK/{name}", f"NO{number}", *patient, f"DA{date(at)}", "VD12.00", f"WD{working_cm}"]


def powers(value: Refraction) -> str:
    """Sphere, cylinder, axis."""
    return f"{dioptres(value.sphere)}{dioptres(value.cylinder)}{value.axis:03}"


def day(measured: BothMeasured, *, trial_lens: bool = False) -> list[str]:
    """The representative without confidence first, then every reading, then the lens lines."""
    lines = [line for letter, eye in measured.eyes() for line in _series(letter, eye.day)]
    lines += [f"C{letter}{powers(contact_lens(eye.day.value))}" for letter, eye in measured.eyes()]
    return lines + [f"T{letter}{powers(eye.day.value)}" for letter, eye in measured.eyes() if trial_lens]


def _series(letter: str, series: Refractions) -> list[str]:
    chosen = [f"O{letter}{powers(series.representative)}"] if series.representative else []
    readings = zip(series.readings, series.confidences, strict=True)
    return chosen + [f"O{letter}{powers(value)}{confidence} " for value, confidence in readings]


def night(measured: BothMeasured) -> list[str]:
    """One value an eye, then how far each is from the day's."""
    values = [f"O{letter}{powers(eye.night)}" for letter, eye in measured.eyes()]
    return values + [_difference(letter, eye) for letter, eye in measured.eyes()]


def _difference(letter: str, eye: EyeMeasured) -> str:
    sphere, cylinder, turned = difference(eye.night, eye.day.value)
    return f"D{letter}{dioptres(sphere)}{dioptres(cylinder)}{turned:+03}"


def pd(measured: BothMeasured, working_cm: int) -> list[str]:
    """Far and near; the halves are not measured. Near by similar triangles to the eyes' centres of rotation."""
    if measured.pd_mm is None:
        return []
    near = round(measured.pd_mm * working_cm / (working_cm + 2.5))
    return [f"PD{measured.pd_mm:02}????{near:02}"]


def cornea(series: list[tuple[str, Curvatures]]) -> list[str]:
    """Pairs of lines; the chosen pair stands first and nothing but its place says so."""
    return [line for letter, one in series for value in _pairs(one) for line in _pair(letter, value)]


def _pairs(series: Curvatures) -> list[Curvature]:
    return [*([series.representative] if series.representative else []), *series.readings]


def _pair(letter: str, value: Curvature) -> list[str]:
    radii = f"{millimetres(value.r1_mm)}{millimetres(value.r2_mm)}{value.axis:03}{millimetres(value.mean_mm)}"
    power = f"{value.k1_d:05.2f}{value.k2_d:05.2f}{value.axis:03}{value.mean_d:05.2f}{dioptres(value.cylinder_d)}"
    return [f" {letter}{radii}", f"D{letter}{power}"]


def sizes(measured: BothMeasured) -> list[str]:
    """Cornea and pupil; N says the lamp was off."""
    pairs = [
        (f"S{side}{eye.corneal_diameter_mm:04.1f}", f"P{side}{eye.pupil_mm:04.1f}N") for side, eye in measured.eyes()
    ]
    return [line for pair in pairs for line in pair]

"""Where corneas, pressures and acuities go."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from cloud.clinic import tables
from cloud.clinic.choices import Side
from cloud.clinic.proposals.said import Said, eyes, figures, instrument, plain
from protocols.readings import (
    AcuityEye,
    Biomechanics,
    Keratometry,
    KeratometryEye,
    Pachymetry,
    Reading,
    Tonometry,
    VisualAcuity,
)

NEAR_UP_TO_CM = Decimal(100)
_ACUITIES = {"unaided": "unaided", "habitual": "habitual", "corrected": "best", "pinhole": "pinhole"}
_WRITTEN = {"logmar": "logMAR {}", "etdrs": "{} letters"}  # so that a bare number is read as what it is


def keratometry(reading: Keratometry) -> Iterator[Said]:
    """Both meridians as measured, with the index their powers were printed with."""
    for side, eye in eyes(reading):
        yield from figures("keratometry", side, _meridians(eye))
    yield from plain("keratometry", {"index": reading.index, "instrument": instrument(reading)})


def _meridians(eye: KeratometryEye) -> dict[str, Any]:
    found: dict[str, Any] = {"corneal_diameter": eye.corneal_diameter_mm}
    for name, meridian in (("r1", eye.r1), ("r2", eye.r2)):
        if meridian is not None:
            found |= {f"{name}_radius": meridian.radius_mm, f"{name}_power": meridian.power_d}
            found[f"{name}_axis"] = meridian.axis
    return found


def tonometry(reading: Tonometry) -> Iterator[Said]:
    """The instrument's own average of each eye, with how it was measured; a corrected pressure is no measurement."""
    for side, eye in eyes(reading):
        yield from figures("iop", side, {"iop": eye.iop_mmhg})
    yield from _pressure(reading, reading.method or method(reading, "iop"), 0)


def _pressure(reading: Reading, how: str | None, slot: int) -> Iterator[Said]:
    return plain("iop", {"method": how, "instrument": instrument(reading)}, slot)


def method(reading: Reading, figure: str) -> str | None:
    """How this instrument comes by a figure; None leaves it for a person to choose."""
    maker, model = reading.instrument.maker.casefold(), reading.instrument.model.casefold()
    for row in tables.tonometers():
        if row["maker"] == maker and model.startswith(tuple(one.casefold() for one in row["models"])):
            return str(row[figure]) if figure in row else None
    return None


def pachymetry(reading: Pachymetry) -> Iterator[Said]:
    """The average of each eye; an eye the instrument cannot name waits for a side (``Side.NONE``)."""
    measured = [*eyes(reading), *([(Side.NONE, reading.unassigned)] if reading.unassigned else [])]
    for side, eye in measured:
        yield from figures("pachymetry", side, {"cct": eye.cct_um})
    yield from plain("pachymetry", {"instrument": instrument(reading)})


def acuity(reading: VisualAcuity) -> Iterator[Said]:
    """Acuities under one correction; one that names none, or a contact lens, has no place here."""
    near = reading.distance == "near" or _within_reach(reading)
    correction = _ACUITIES.get(reading.correction or "")
    if correction is None or (near and correction == "pinhole") or reading.notation == "parinaud":
        return
    for side, eye in eyes(reading):
        field = f"{'near' if near else 'distance'}_{correction}"
        yield from figures("visual_acuity", side, {field: _written(reading, eye)})
    if reading.distance_cm is not None:
        metres = {"test_distance_m": reading.distance_cm / 100}
        yield from plain("visual_acuity", {"near_distance_cm": reading.distance_cm} if near else metres)


def _within_reach(reading: VisualAcuity) -> bool:
    return reading.distance is None and reading.distance_cm is not None and reading.distance_cm <= NEAR_UP_TO_CM


def _written(reading: VisualAcuity, eye: AcuityEye) -> str | None:
    if eye.va is None:
        return None
    letters = f"{eye.letters:+d}" if eye.letters else ""
    return _WRITTEN.get(reading.notation or "", "{}").format(eye.va) + letters


def biomechanics(reading: Biomechanics) -> Iterator[Said]:
    """Response and thickness; each pressure an instance of its own with its method, never one for another."""
    for side, eye in eyes(reading):
        names = {"ch": eye.ch_mmhg, "crf": eye.crf_mmhg, "cbi": eye.cbi, "sp_a1": eye.sp_a1}
        yield from figures("biomechanics", side, {**names, "deformation_mm": eye.deformation_mm})
        yield from figures("pachymetry", side, {"cct": eye.cct_um})
    yield from plain("biomechanics", {"instrument": instrument(reading)})
    for slot, figure in enumerate(_pressures(reading)):
        for side, eye in eyes(reading):
            yield from figures("iop", side, {"iop": getattr(eye, f"{figure}_mmhg")}, slot)
        yield from _pressure(reading, method(reading, figure), slot)


def _pressures(reading: Biomechanics) -> list[str]:
    """Which pressures it gives: plain, compensated for the cornea, corrected for its stiffness."""
    names, answers = ("iop", "iopcc", "biop"), [eye for _side, eye in eyes(reading)]
    return [name for name in names if any(getattr(eye, f"{name}_mmhg") is not None for eye in answers)]


Map = Callable[[Any], Iterator[Said]]
MAPS: dict[type[Reading], Map] = {
    Keratometry: keratometry,
    Tonometry: tonometry,
    Pachymetry: pachymetry,
    VisualAcuity: acuity,
    Biomechanics: biomechanics,
}

"""The figures of a reading that are followed over the years, each with how it was measured."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from cloud.clinic.choices import Side
from cloud.clinic.proposals import examined, measures
from cloud.clinic.proposals.said import eyes
from cloud.optics import keratometry
from cloud.optics.terms import OutOfLimits
from protocols.readings import (
    Biomechanics,
    Biometry,
    Keratometry,
    Meridian,
    Oct,
    Pachymetry,
    Reading,
    Tonometry,
    Topography,
    VisualField,
)

Tested = tuple[str, str | None, str]  # field of the record, its code where there is one, what the instrument said


class Figure(NamedTuple):
    """One value; ``method`` is a code of the record (pressures) or ``ultrasound``, ``tested`` which field test."""

    side: Side
    value: Decimal
    method: str = ""
    tested: tuple[Tested, ...] = ()


Reads = Callable[[Any], Iterator[Figure]]
KINDS = ("biometry", "biomechanics", "keratometry", "oct", "pachymetry", "tonometry", "topography", "visual_field")
SIDES = (Side.RIGHT, Side.LEFT)


def figures(course: str, reading: Reading) -> Iterator[Figure]:
    """What this reading says of a course (``length``, ``pressure`` …); nothing where it is of another kind."""
    read = READS.get((course, type(reading)))
    return (one for one in read(reading) if one.side in SIDES) if read else iter(())


def _plain(path: str) -> Reads:
    return lambda reading: _of_eyes(reading, path, "")


def _of_eyes(reading: Reading, path: str, method: str) -> Iterator[Figure]:
    for side, eye in eyes(reading):
        value = getattr(eye, path)
        if value is not None:
            yield Figure(side, value, method)


def _length(reading: Biometry) -> Iterator[Figure]:
    how = "ultrasound" if reading.method == "ultrasound" else ""
    return _of_eyes(reading, "axial_length_mm", how)


def _pressure(reading: Tonometry) -> Iterator[Figure]:
    how = reading.method or measures.method(reading, "iop") or ""
    return _of_eyes(reading, "iop_mmhg", how)


def _pressures(reading: Biomechanics) -> Iterator[Figure]:
    """Plain, compensated and corrected pressures are three methods; without a name for its method none is drawn."""
    for name in ("iop", "iopcc", "biop"):
        how = measures.method(reading, name)
        if how:
            yield from _of_eyes(reading, f"{name}_mmhg", how)


def _nerve_fibres(reading: Oct) -> Iterator[Figure]:
    for side, eye in eyes(reading):
        if "average" in eye.rnfl_um:
            yield Figure(side, eye.rnfl_um["average"])


def _field(path: str) -> Reads:
    def read(reading: VisualField) -> Iterator[Figure]:
        if path == "md_db" and examined.of_other_sign(reading):
            return
        tested = examined.tested(reading)
        for side, eye in eyes(reading):
            if getattr(eye, path) is not None:
                yield Figure(side, getattr(eye, path), tested=tested)

    return read


def _radii(reading: Keratometry) -> Iterator[Figure]:
    for side, eye in eyes(reading):
        mean = _mean(eye.r1, eye.r2)
        if mean is not None:
            yield Figure(side, mean)


def _meridians(reading: Biometry | Topography) -> Iterator[Figure]:
    for side, eye in eyes(reading):
        mean = _mean(eye.k1, eye.k2)
        if mean is not None:
            yield Figure(side, mean)


def _mean(one: Meridian | None, other: Meridian | None) -> Decimal | None:
    """Mean corneal power of the radii (rule b.10), else of the powers as they were printed."""
    if one is None or other is None:
        return None
    if one.radius_mm is not None and other.radius_mm is not None:
        flat, steep = max(one.radius_mm, other.radius_mm), min(one.radius_mm, other.radius_mm)
        try:
            return keratometry.mean_k(flat, steep).value.mean_k
        except OutOfLimits:
            return None
    if one.power_d is not None and other.power_d is not None:
        return (one.power_d + other.power_d) / 2
    return None


READS: dict[tuple[str, type], Reads] = {
    ("length", Biometry): _length,
    ("pressure", Tonometry): _pressure,
    ("pressure", Biomechanics): _pressures,
    ("curvature", Keratometry): _radii,
    ("curvature", Biometry): _meridians,
    ("curvature", Topography): _meridians,
    ("rnfl", Oct): _nerve_fibres,
    ("md", VisualField): _field("md_db"),
    ("vfi", VisualField): _field("vfi_percent"),
    ("cct", Pachymetry): _plain("cct_um"),
    ("cct", Biomechanics): _plain("cct_um"),
    ("cct", Biometry): _plain("cct_um"),
    ("cct", Topography): _plain("cct_um"),
    ("ch", Biomechanics): _plain("ch_mmhg"),
}

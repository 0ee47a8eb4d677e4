"""Where lengths, maps, fields, thicknesses and vital signs go; what the record defines otherwise stays in Readings."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from cloud.clinic.choices import Side
from cloud.clinic.proposals.said import Said, eyes, figures, instrument, plain
from protocols.readings import (
    Biometry,
    BiometryEye,
    Meridian,
    Oct,
    Reading,
    Topography,
    TopographyEye,
    VisualField,
    VisualFieldEye,
    VitalSigns,
)

CM = 100
# Makers of perimeters that write a loss as a positive number; the record holds it negative, and nothing is turned here.
POSITIVE_LOSS = ("haag", "octopus", "interzeag")
STATUS = {
    **{"phakic": "phakic", "aphakic": "aphakic", "phakic iol": "phakic_iol", "pseudophakic": "pseudophakic"},
    **{"pseudophakic, silicone": "pseudophakic", "pseudophakic, pmma": "pseudophakic"},
}
INDICES = {"SAI": "sai", "SRI": "sri", "IS": "is_value", "I-S": "is_value"}
PATTERNS = {"24-2": "24-2", "24-2c": "24-2c", "30-2": "30-2", "10-2": "10-2", "esterman": "esterman"}
STRATEGIES = {
    "sita standard": "sita_standard",
    "sita fast": "sita_fast",
    "sita faster": "sita_faster",
    "full threshold": "full_threshold",
    "top": "top",
    "dynamic": "dynamic",
}
HEMIFIELD = {
    "within normal limits": "within",
    "borderline": "borderline",
    "outside normal limits": "outside",
    "general reduction of sensitivity": "reduced",
    "abnormally high sensitivity": "high",
}


def biometry(reading: Biometry) -> Iterator[Said]:
    """Lengths, and the cornea as a keratometry of its own."""
    for side, eye in eyes(reading):
        yield from figures("biometry", side, _lengths(eye))
        yield from figures("keratometry", side, _cornea(eye.k1, eye.k2))
    yield from plain("biometry", {"instrument": instrument(reading)})
    yield from plain("keratometry", {"index": _index(reading), "instrument": instrument(reading)})


def _lengths(eye: BiometryEye) -> dict[str, Any]:
    """The record's chamber begins at the front of the cornea: another depth, or one that does not say, has no place."""
    return {
        "axial_length": eye.axial_length_mm,
        "acd": eye.acd_mm if eye.acd_from == "epithelium" else None,
        "lens_thickness": eye.lens_thickness_mm,
        "cct": eye.cct_um,
        "white_to_white": eye.white_to_white_mm,
        "pupil_mm": eye.pupil_mm,
        "snr": eye.snr,
        "lens_status": STATUS.get((eye.lens_status or "").casefold()),
    }


def _cornea(first: Meridian | None, second: Meridian | None) -> dict[str, Any]:
    """The flatter meridian is the first, whichever the instrument called so; one alone is nothing to compare."""
    if first is None or second is None:
        return {}
    flat, steep = (second, first) if _steeper(first, second) else (first, second)
    found: dict[str, Any] = {}
    for name, meridian in (("r1", flat), ("r2", steep)):
        found |= {f"{name}_radius": meridian.radius_mm, f"{name}_power": meridian.power_d}
        found[f"{name}_axis"] = meridian.axis
    return found


def _steeper(one: Meridian, other: Meridian) -> bool:
    if one.power_d is not None and other.power_d is not None:
        return one.power_d > other.power_d
    return one.radius_mm is not None and other.radius_mm is not None and one.radius_mm < other.radius_mm


def _index(reading: Biometry) -> Decimal | None:
    """One index for both eyes, or none at all."""
    told = {eye.k_index for _side, eye in eyes(reading) if eye.k_index is not None}
    return told.pop() if len(told) == 1 else None


def topography(reading: Topography) -> Iterator[Said]:
    """Figures of the map, with those indices that the record has under the same name."""
    for side, eye in eyes(reading):
        yield from figures("topography_summary", side, _map(eye))
    yield from plain("topography_summary", {"instrument": instrument(reading)})


def _map(eye: TopographyEye) -> dict[str, Any]:
    cornea = _cornea(eye.k1, eye.k2)
    indices = {INDICES[name.upper()]: value for name, value in eye.indices.items() if name.upper() in INDICES}
    return {
        **{"k1": cornea.get("r1_power"), "k2": cornea.get("r2_power"), "k1_axis": cornea.get("r1_axis")},
        **{"kmax_d": eye.kmax_d, "eccentricity": eye.eccentricity, "q_value": eye.q_value},
        **{"thinnest": eye.thinnest_um, "pupil_mm": eye.pupil_mm, **indices},
    }


def visual_field(reading: VisualField) -> Iterator[Said]:
    """Indices and reliability of each eye; test and strategy where the record knows them."""
    turned = any(name in reading.instrument.maker.casefold() for name in POSITIVE_LOSS)
    for side, eye in eyes(reading):
        yield from figures("visual_field", side, _indices(eye, turned=turned))
    how = {"test": _code(reading.test, PATTERNS), "strategy": _code(reading.strategy, STRATEGIES)}
    yield from plain("visual_field", {**how, "instrument": instrument(reading)})


def tested(reading: VisualField) -> tuple[tuple[str, str | None, str], ...]:
    """Test and strategy: the record's field, its code where it has one, what the instrument said."""
    told = (("test", reading.test, PATTERNS), ("strategy", reading.strategy, STRATEGIES))
    return tuple((field, _code(said, known), said or "") for field, said, known in told)


def _indices(eye: VisualFieldEye, *, turned: bool) -> dict[str, Any]:
    return {
        "md_db": None if turned else eye.md_db,
        "psd_db": eye.psd_db,
        "vfi": eye.vfi_percent,
        "ght": _code(eye.ght, HEMIFIELD),
        "false_positives": eye.false_positives_percent,
        "false_negatives": eye.false_negatives_percent,
    }


def _code(words: str | None, known: Mapping[str, str]) -> str | None:
    return known.get(" ".join((words or "").replace("-", " ").casefold().split()), known.get((words or "").casefold()))


def thickness(reading: Oct) -> Iterator[Said]:
    """Averages and quadrants; the centre of the macula."""
    for side, eye in eyes(reading):
        rnfl = {f"rnfl_{name}": eye.rnfl_um.get(name) for name in _QUADRANTS}
        gcl = {"gcl_average": eye.gcl_um.get("average"), "gcl_minimum": eye.gcl_um.get("minimum")}
        macula = {"signal": eye.signal_strength, "macula_central": eye.macula_um.get("center")}
        yield from figures("oct", side, {**macula, **rnfl, **gcl})
    yield from plain("oct", {"instrument": instrument(reading)})


_QUADRANTS = ("average", "superior", "inferior", "nasal", "temporal")


def vital_signs(reading: VitalSigns) -> Iterator[Said]:
    """Blood pressure, pulse, weight, and height in centimetres."""
    height = None if reading.height_m is None else reading.height_m * CM
    yield from plain(
        "body",
        {
            **{"systolic": reading.systolic_mmhg, "diastolic": reading.diastolic_mmhg, "pulse": reading.pulse_bpm},
            **{"weight_kg": reading.weight_kg, "height_cm": height},
        },
    )


def undefined(reading: Reading) -> list[Side]:
    """Eyes whose chamber depth is left out because it does not begin where the record's does."""
    if not isinstance(reading, Biometry):
        return []
    return [side for side, eye in eyes(reading) if eye.acd_mm is not None and eye.acd_from != "epithelium"]


def of_other_sign(reading: Reading) -> bool:
    """Whether a mean deviation is left out because its maker writes losses as positive numbers."""
    written = isinstance(reading, VisualField) and any(eye.md_db is not None for _side, eye in eyes(reading))
    return written and any(name in reading.instrument.maker.casefold() for name in POSITIVE_LOSS)


Map = Callable[[Any], Iterator[Said]]
MAPS: dict[type[Reading], Map] = {
    Biometry: biometry,
    Topography: topography,
    VisualField: visual_field,
    Oct: thickness,
    VitalSigns: vital_signs,
}

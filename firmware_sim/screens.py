"""What screens show of what the optics saw, in the words of the shared vocabulary."""

from decimal import Decimal
from typing import Any

from firmware_sim.optics import Curvature, Curvatures, Refraction, Refractions


def shown(value: Decimal) -> str:
    """A figure with the instrument's own step; a zero has no sign of its own on a screen."""
    return str(value)


def power(value: Refraction) -> dict[str, Any]:
    """Sphere, cylinder, axis."""
    return {"sphere": shown(value.sphere), "cylinder": shown(value.cylinder), "axis": value.axis}


def refraction(series: Refractions) -> dict[str, Any]:
    """The representative on top where there is one, the series below."""
    top = power(series.representative) if series.representative else {}
    pairs = zip(series.readings, series.confidences, strict=True)
    return {**top, "readings": [power(one) | {"confidence": sure} for one, sure in pairs]}


def cornea(series: Curvatures) -> dict[str, Any]:
    """Both meridians of the representative."""
    return _meridians(series.representative or series.readings[0])


def _meridians(value: Curvature) -> dict[str, Any]:
    return {
        "r1": {"radius_mm": shown(value.r1_mm), "power_d": shown(value.k1_d), "axis": value.axis},
        "r2": {"radius_mm": shown(value.r2_mm), "power_d": shown(value.k2_d)},
    }

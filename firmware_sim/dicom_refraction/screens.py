"""What the display shows of a power: a spherical eye has no cylinder on it."""

from typing import Any

from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.optics import Refraction


def power(value: Refraction) -> dict[str, Any]:
    """Sphere, and cylinder with axis unless it is zero."""
    cylinder = {"cylinder": figure(value.cylinder), "axis": value.axis} if value.cylinder else {}
    return {"sphere": figure(value.sphere)} | cylinder

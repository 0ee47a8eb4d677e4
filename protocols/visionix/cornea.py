"""Simulated keratometry. Whether k1 and k2 are millimetres or dioptres is not told, but no cornea has both at once."""

from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading
from protocols.readings import CornealCylinder, KeratometryEye, Meridian
from protocols.visionix.zones import plain

_RADII, _POWERS = (Decimal(4), Decimal(14)), (Decimal(25), Decimal(75))

Sections = dict[str, dict[str, str]]


def cornea(found: Sections, heading: Heading) -> KeratometryEye:
    """Both meridians and the cylinder. Raises Unread."""
    said = found.get("KR") or found["SIM_K"]
    first, second = (_meridian(said, name, heading) for name in ("k1", "k2"))
    if _flatness(first) < _flatness(second):
        heading.note("meridian_order", "The first meridian is the steeper one; the order is kept as it came.")
    return KeratometryEye(r1=first, r2=second, cylinder=_cylinder(said.get("simk_cyl") or said.get("cyl", "")))


def _meridian(said: dict[str, str], name: str, heading: Heading) -> Meridian:
    value = plain(said.get(name, ""), 75)
    axis = _axis(said.get(f"{name}_axis", ""), heading)
    if _RADII[0] <= value <= _RADII[1]:
        return Meridian(radius_mm=value, axis=axis)
    if _POWERS[0] <= value <= _POWERS[1]:
        return Meridian(power_d=value, axis=axis)
    raise Unread("A curvature is neither a radius nor a power that a cornea can have.")


def _flatness(meridian: Meridian) -> Decimal:
    return meridian.radius_mm if meridian.radius_mm is not None else -(meridian.power_d or Decimal(0))


def _axis(text: str, heading: Heading) -> int | None:
    """Whole degrees; a fraction is rounded, told, and stays beside it as it came."""
    if not text:
        return None
    value = plain(text, 180)
    if value < 0:
        raise Unread("An axis is no number of degrees from 0 to 180.")
    if value != value.to_integral_value():
        heading.note("axis_converted", "The file gives fractions of a degree; they are rounded to whole degrees here.")
    return int(value.to_integral_value())


def _cylinder(text: str) -> Any:
    return CornealCylinder(power_d=plain(text, 30)) if text else None

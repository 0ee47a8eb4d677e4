"""Powers and curvatures as element trees of NIDEK and JOIA both spell them."""

from decimal import Decimal
from typing import Any, TypeVar

from protocols.readings import CornealCylinder, MeanCurvature, Meridian
from protocols.readings.values import Part
from protocols.xml.margin import Margin
from protocols.xml.tree import Element

SPHERES = ("Sphere", "Sphare", "Sph")  # NIDEK's V1.00 misspells it
CYLINDERS = ("Cylinder", "Cyl")
CURVATURE = ("r1", "r2", "average", "cylinder")
P = TypeVar("P", bound=Part)


def power(element: Element | None, tag: str, margin: Margin) -> dict[str, Any]:
    """Sphere, cylinder, axis and the instrument's own spherical equivalent; what was not measured is left out."""
    if element is None:
        return {}
    return present(
        sphere=margin.figure(first(element, *SPHERES), f"{tag}/Sphere", "D"),
        cylinder=margin.figure(first(element, *CYLINDERS), f"{tag}/Cylinder", "D"),
        axis=margin.axis(element.get("Axis"), f"{tag}/Axis"),
        se=margin.figure(element.get("SE"), f"{tag}/SE", "D"),
    )


def curvature(element: Element | None, tag: str, margin: Margin) -> dict[str, Any]:
    """Both meridians, their mean and the corneal cylinder."""
    if element is None:
        return {}
    return present(
        r1=_meridian(element.get("R1"), f"{tag}/R1", margin),
        r2=_meridian(element.get("R2"), f"{tag}/R2", margin),
        average=_mean(element.get("Average"), f"{tag}/Average", margin),
        cylinder=_cylinder(first(element, "Cylinder", "KMCylinder"), f"{tag}/Cylinder", margin),
    )


def first(element: Element, *names: str) -> Element | None:
    """The first child that has one of these names."""
    return next((child for name in names if (child := element.get(name)) is not None), None)


def present(**values: Any) -> dict[str, Any]:
    """Only what there is."""
    return {key: value for key, value in values.items() if value is not None}


def part(kind: type[P], keys: dict[str, Any]) -> P | None:
    """A part of a reading, or nothing where nothing was measured."""
    return kind(**keys) if keys else None


def micrometres(millimetres: Decimal | None) -> Decimal | None:
    """A thickness in another unit, no digit more and none less than the instrument wrote."""
    if millimetres is None:
        return None
    shifted = millimetres.scaleb(3)
    return shifted.quantize(Decimal(1)) if shifted == shifted.to_integral_value() else shifted


def _meridian(element: Element | None, tag: str, margin: Margin) -> Meridian | None:
    if element is None:
        return None
    axis = margin.axis(element.get("Axis"), f"{tag}/Axis")
    return part(Meridian, _both(element, tag, margin) | present(axis=axis))


def _mean(element: Element | None, tag: str, margin: Margin) -> MeanCurvature | None:
    return part(MeanCurvature, _both(element, tag, margin)) if element is not None else None


def _cylinder(element: Element | None, tag: str, margin: Margin) -> CornealCylinder | None:
    if element is None:
        return None
    keys = present(
        power_d=margin.figure(element.get("Power"), f"{tag}/Power", "D"),
        axis=margin.axis(element.get("Axis"), f"{tag}/Axis"),
    )
    return part(CornealCylinder, keys)


def _both(element: Element, tag: str, margin: Margin) -> dict[str, Any]:
    return present(
        radius_mm=margin.figure(element.get("Radius"), f"{tag}/Radius", "mm"),
        power_d=margin.figure(element.get("Power"), f"{tag}/Power", "D"),
    )

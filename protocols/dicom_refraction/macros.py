"""The macros of a written object: sphere and cylinder, addition, prism, distances, the sequences of the eyes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protocols.readings import Pd, Power, Prism

Attributes = dict[str, Any]
SIDES = {"right": "R", "left": "L"}


class Unwritable(ValueError):
    """A reading that no object of its class can hold without saying something else; one sentence why."""


def power(value: Power) -> Attributes:
    """Sphere, and a cylinder unless it is zero: without its sequence an eye is spherical."""
    if value.sphere is None:
        return {}
    if not value.cylinder:
        return given(SpherePower=value.sphere)
    if value.axis is None:
        return {}
    cylinder = given(CylinderPower=value.cylinder, CylinderAxis=value.axis)
    return given(SpherePower=value.sphere) | {"CylinderSequence": cylinder}


def addition(add: Decimal | None) -> Attributes:
    """The near addition, where there is one."""
    return {"AddNearSequence": given(AddPower=add)} if add is not None else {}


def prism(value: Prism | None) -> Attributes:
    """Both components with their bases. Raises Unwritable for half a prism: without it a lens would be another one."""
    if value is None or value == Prism():
        return {}
    across, upright = value.horizontal, value.vertical
    if across is None or upright is None or across.base is None or upright.base is None:
        raise Unwritable("A prism needs both its components and their bases to be written.")
    powers = given(HorizontalPrismPower=across.power, VerticalPrismPower=upright.power)
    bases = {"HorizontalPrismBase": across.base.upper(), "VerticalPrismBase": upright.base.upper()}
    return {"PrismSequence": powers | bases}


def pd(value: Pd | None) -> Attributes:
    """Far and near."""
    return given(DistancePupillaryDistance=value.far, NearPupillaryDistance=value.near) if value else {}


def given(**values: Decimal | int | None) -> Attributes:
    """What is there, as the doubles that the standard wants."""
    return {keyword: float(value) for keyword, value in values.items() if value is not None}


def sides(reading: Any, name: str, eye: Callable[[Any], Attributes]) -> Attributes:
    """The sequences of the eyes that can be written, and which eyes those are."""
    found = {side: eye(value) for side in SIDES if (value := getattr(reading, side)) is not None}
    written = {side: value for side, value in found.items() if value}
    sequences = {name.format(side.capitalize()): value for side, value in written.items()}
    return sequences | laterality("".join(SIDES[side] for side in written))


def laterality(eyes: str) -> Attributes:
    """Measurement laterality, which General Series otherwise wants to know."""
    return {"MeasurementLaterality": "B" if len(eyes) > 1 else eyes} if eyes else {}


def named(name: str, value: Attributes) -> Attributes:
    """A sequence, unless its item is empty."""
    return {name: value} if value else {}


def some(eyes: Attributes) -> Attributes:
    """The same, when there is any. Raises Unwritable."""
    if not eyes:
        raise Unwritable("No eye and no lens of the reading has all that an object requires of it.")
    return eyes

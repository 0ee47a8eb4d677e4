"""Which readings a phoropter has a place for, and what of them it takes; everything that does not fit is refused."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Lensmetry,
    LensmetryEye,
    Pd,
    Prism,
    PrismComponent,
    Reading,
    SubjectiveEye,
    SubjectiveRefraction,
)
from protocols.xml.writing import Unfit

SIDES = {"R": "right", "L": "left"}
Measured = AutorefractionEye | LensmetryEye | SubjectiveEye
Place = tuple[str, str]  # what it is for the phoropter, and far or near


class Values(NamedTuple):
    """One eye as it is sent."""

    sphere: Decimal
    cylinder: Decimal
    axis: int
    add: Decimal | None
    near_sphere: Decimal | None
    prism: Prism | None
    va: str | None


Sendable = Autorefraction | Lensmetry | SubjectiveRefraction


def places(readings: Iterable[Reading], stages: Mapping[str, str]) -> dict[Place, Sendable]:
    """The readings by their place; what has none is left out. ``stages`` says where a stage goes. Raises Unfit."""
    found: dict[Place, Sendable] = {}
    for reading in readings:
        place = _place(reading, stages)
        if place is None or not isinstance(reading, Sendable):
            continue
        if place in found:
            raise Unfit(f"there are two readings for the {place[0]} values: choose one")
        found[place] = reading
    if not found:
        raise Unfit("there is nothing in it that the phoropter takes")
    return found


def _place(reading: Reading, stages: Mapping[str, str]) -> Place | None:
    match reading:
        case Lensmetry():
            return "lensmeter", "far"
        case Autorefraction(condition="day" | None):
            return "autorefraction", "far"
        case SubjectiveRefraction(light="day" | None) if reading.stage in stages:
            return stages[reading.stage], reading.distance or "far"
        case _:
            return None


def eyes(reading: Sendable) -> dict[str, Values]:
    """The eyes by their letters. Raises Unfit where there is none, or one that cannot be sent."""
    found = {letter: getattr(reading, side) for letter, side in SIDES.items()}
    sent = {letter: _values(eye, SIDES[letter]) for letter, eye in found.items() if eye is not None}
    if not sent:
        single = isinstance(reading, Lensmetry) and reading.single is not None
        raise Unfit("nobody said whether the lens is right or left" if single else "there is no power of either eye")
    return sent


def _values(eye: Measured, side: str) -> Values:
    if eye.sphere is None:
        raise Unfit(f"the {side} eye has no value to send")
    if eye.cylinder is None or (eye.axis is None and eye.cylinder):
        raise Unfit(f"the values of the {side} eye lack their cylinder or its axis")
    prism = None if isinstance(eye, AutorefractionEye) else eye.prism
    _refuse_half_a_prism(prism, side)
    return Values(
        sphere=eye.sphere,
        cylinder=eye.cylinder,
        axis=eye.axis or 0,
        add=None if isinstance(eye, AutorefractionEye) else eye.add,
        near_sphere=eye.near_sphere if isinstance(eye, LensmetryEye) else None,
        prism=prism,
        va=eye.va if isinstance(eye, SubjectiveEye) else None,
    )


def _refuse_half_a_prism(prism: Prism | None, side: str) -> None:
    """A sign without a base could mean either way."""
    if prism is None:
        return
    for component in (prism.horizontal, prism.vertical):
        if component is not None and component.power and (component.base is None or component.power < 0):
            raise Unfit(f"the prism of the {side} eye has no base")
    if prism.power and prism.base_deg is None:
        raise Unfit(f"the prism of the {side} eye has no base")


def based(component: PrismComponent | None) -> PrismComponent | None:
    """A component that says anything: a power with its base."""
    return component if component is not None and component.power and component.base else None


def distances(reading: Sendable) -> Pd:
    """The pupillary distances, as far as they are known."""
    return reading.pd or Pd()

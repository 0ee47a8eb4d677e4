"""The macros that several classes share: power, prism, addition, pupillary and vertex distance."""

from decimal import Decimal
from typing import Any, Literal, cast

from protocols.dicom_refraction.item import Item
from protocols.readings import Pd, Prism, PrismComponent

Base = Literal["in", "out", "up", "down"]
BASES: dict[str, dict[str, Base]] = {
    "Horizontal": {"IN": "in", "OUT": "out"},
    "Vertical": {"UP": "up", "DOWN": "down"},
}


def power(eye: Item) -> dict[str, Any]:
    """Sphere, cylinder and axis. An eye without cylinder sequence is spherical: it has no cylinder, not a zero one."""
    sphere, cylinder = eye.number("SpherePower"), eye.item("CylinderSequence")
    if sphere is None:
        eye.note("sphere_missing", "The object holds no sphere for an eye, which the standard requires.")
    if cylinder is None:
        return {"sphere": sphere}
    return {"sphere": sphere, "cylinder": cylinder.number("CylinderPower"), "axis": cylinder.axis("CylinderAxis")}


def prism(eye: Item) -> Prism | None:
    """Both components with their bases."""
    found = eye.item("PrismSequence")
    if found is None:
        return None
    both = Prism(horizontal=_component(found, "Horizontal"), vertical=_component(found, "Vertical"))
    return both if both != Prism() else None


def _component(found: Item, direction: str) -> PrismComponent | None:
    amount, base = found.number(f"{direction}PrismPower"), found.text(f"{direction}PrismBase")
    known = BASES[direction].get(base or "")
    if base is not None and known is None:
        found.doubt(f"{direction}PrismBase", base, "unreadable_field", "is no base of its direction")
    return PrismComponent(power=amount, base=known) if amount is not None else None


def addition(eye: Item) -> Decimal | None:
    """The near addition. Intermediate and other additions have no key and stay with the rest."""
    near = eye.item("AddNearSequence")
    return near.number("AddPower") if near else None


def pd(root: Item) -> Pd | None:
    """Far and near; intermediate and other distances stay with the rest."""
    far, near = root.number("DistancePupillaryDistance"), root.number("NearPupillaryDistance")
    return Pd(far=far, near=near) if far is not None or near is not None else None


def vertex(*eyes: Item | None) -> Decimal | None:
    """One distance for both eyes. Where they differ, each stays with its eye and there is none for both."""
    said = [(eye, distance) for eye in eyes if eye and (distance := eye.number("VertexDistance")) is not None]
    if len({distance for _, distance in said}) == 1:
        return said[0][1]
    for eye, distance in said:
        eye.doubt("VertexDistance", str(distance), "vertex_differs", "differs between the eyes")
    return None


def measured(value: Any) -> Any:
    """A part of a reading, or nothing where every key of it is absent."""
    return cast(Any, None if value == type(value)() else value)

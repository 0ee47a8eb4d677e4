"""Prism in its four spellings: X and Y with a base, H and V with a sign, HPri and VPri with BI and BU, or polar."""

from decimal import Decimal
from typing import Literal

from protocols.readings import Prism, PrismComponent
from protocols.xml import Element, Margin
from protocols.xml.optics import first, present

Base = Literal["in", "out", "up", "down"]
_BASES: dict[str, Base] = {
    "in": "in",
    "out": "out",
    "up": "up",
    "down": "down",
    "bi": "in",
    "bo": "out",
    "bu": "up",
    "bd": "down",
}
NAMES = ("H", "V", "Prism", "PrismBase", "PrismX", "PrismY", "HPri", "HBase", "VPri", "VBase", "Angle")


def prism(lens: Element, tag: str, margin: Margin) -> Prism | None:
    """The prism of a lens or an eye. A base without a power is no prism."""
    polar = margin.figure(lens.get("Prism"), f"{tag}/Prism", "pri")
    toward = first(lens, "PrismBase", "Angle")
    keys = present(
        horizontal=_component(first(lens, "PrismX", "HPri", "H"), lens.said("HBase"), f"{tag}/H", margin),
        vertical=_component(first(lens, "PrismY", "VPri", "V"), lens.said("VBase"), f"{tag}/V", margin),
        power=polar,
        base_deg=margin.whole(toward, f"{tag}/PrismBase", "deg", "°") if polar is not None else None,
    )
    return Prism(**keys) if keys else None


def _component(element: Element | None, beside: str, tag: str, margin: Margin) -> PrismComponent | None:
    """A signed one without a base keeps its sign: what the sign means is not documented for any unit we know."""
    value: Decimal | None = margin.figure(element, tag, "pri")
    if value is None or element is None:
        return None
    said = element.attribute("base") or beside
    if said and said.lower() not in _BASES:
        margin.unreadable(f"{tag}/Base", said)
    return PrismComponent(power=value, base=_BASES.get(said.lower()))

"""KM: the cornea, once for each measuring ring; CS and PS, the sizes, with the first ring."""

import re
from collections.abc import Iterator
from typing import Any

from protocols.nidek_xml.eyes import size
from protocols.readings import KeratometryEye, KeratometryReading
from protocols.xml import Element, Margin
from protocols.xml.optics import CURVATURE, curvature, present
from protocols.xml.series import SIDES, alone, entries

_RING = re.compile(r".{0,2}?(\d\.\d) *mm", re.DOTALL)  # the sign before it is ø or Φ, by firmware


def read(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """The keys of a keratometry for every ring that was measured with."""
    measured = [
        (_ring(element, f"{letter}/KM", margin), letter, element)
        for letter in SIDES
        for eye in root.each(letter)
        for element in eye.each("KM")
        if element.anything()
    ]
    index = margin.figure(root.get("RefractiveIndex"), "RefractiveIndex")
    for at, ring in enumerate(dict.fromkeys(ring for ring, _, _ in measured)):
        eyes = {
            SIDES[letter]: _eye(element, letter, root if at == 0 else None, margin)
            for known, letter, element in measured
            if known == ring
        }
        yield present(index=index, ring=ring) | eyes


def _ring(element: Element, tag: str, margin: Margin) -> str | None:
    condition = element.attribute("condition")
    if not condition:
        return None
    found = _RING.fullmatch(condition)
    if found is None:
        margin.keep(f"{tag}@condition", condition)
    return f"{found[1]} mm" if found else condition


def _eye(element: Element, letter: str, root: Element | None, margin: Margin) -> KeratometryEye:
    tag = f"{letter}/KM"
    readings = tuple(
        KeratometryReading(**curvature(entry, f"{tag}/KMList", margin), error=error or None)
        for entry, error in entries(element, "KMList")
    )
    margin.keep_rest(tag, element, ("KMList", "KMMedian"))
    chosen = curvature(element.get("KMMedian"), f"{tag}/KMMedian", margin) or alone(readings, CURVATURE, tag, margin)
    sizes = _sizes(root, letter, margin) if root is not None else {}
    return KeratometryEye(**chosen, **sizes, readings=readings)


def _sizes(root: Element, letter: str, margin: Margin) -> dict[str, Any]:
    lamp = root.said(f"{letter}/PS/PSList/Lamp")
    if lamp:
        margin.keep(f"{letter}/PS/PSList/Lamp", lamp)
    return present(
        corneal_diameter_mm=size(root, f"{letter}/CS", "CSList", margin),
        pupil_mm=size(root, f"{letter}/PS", "PSList", margin),
    )

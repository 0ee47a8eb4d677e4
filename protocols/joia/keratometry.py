"""KM: corneal curvature."""

from collections.abc import Iterator

from protocols.joia.parts import Found
from protocols.readings import Keratometry, KeratometryEye, KeratometryReading
from protocols.xml import Element, Margin
from protocols.xml.optics import CURVATURE, curvature, present
from protocols.xml.series import alone, entries, eyes


def read(measure: Element) -> Iterator[Found]:
    """One keratometry. What Topcon adds without a namespace (Confidence) is kept as it came."""
    margin = Margin()
    margin.keep_rest("", measure, ("RefractiveIndex", "KM"))
    index = margin.figure(measure.get("RefractiveIndex"), "RefractiveIndex")
    yield from corneas(measure.get("KM"), margin, index=index)


def corneas(block: Element | None, margin: Margin, **top: object) -> Iterator[Found]:
    """The corneas of a block with R and L."""
    both = eyes(block, lambda eye, letter: _eye(eye, letter, margin))
    if both:
        yield Found(Keratometry, present(**top) | both, margin)


def _eye(eye: Element, letter: str, margin: Margin) -> KeratometryEye | None:
    readings = tuple(
        KeratometryReading(**curvature(entry, f"{letter}/List", margin), error=error or None)
        for entry, error in entries(eye, "List")
    )
    chosen = curvature(eye.get("Median"), f"{letter}/Median", margin) or alone(readings, CURVATURE, letter, margin)
    margin.keep_rest(letter, eye, ("List", "Median"))
    return KeratometryEye(**chosen, readings=readings) if chosen or readings else None

"""Series of measurements, of which the instrument chose one value, or did not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from protocols.readings.values import Part
from protocols.xml.margin import Margin
from protocols.xml.tree import Element

SIDES = {"R": "right", "L": "left"}
T = TypeVar("T")


def eyes(block: Element | None, read: Callable[[Element, str], T | None]) -> dict[str, T]:
    """What ``read`` makes of either eye; one in which nothing stands is left out."""
    if block is None:
        return {}
    found = {SIDES[letter]: read(eye, letter) for letter in SIDES if (eye := block.get(letter)) and eye.anything()}
    return {side: eye for side, eye in found.items() if eye is not None}


def entries(element: Element, name: str) -> Iterator[tuple[Element, str]]:
    """The entries of a list as they were numbered, each with what went wrong there."""
    return ((entry, entry.said("Error")) for entry in element.each(name) if entry.anything())


def one(values: Sequence[T]) -> T | None:
    """The value of a series without a chosen one: the only one, or that in which all agree."""
    return values[0] if values and all(value == values[0] for value in values) else None


def alone(readings: Iterable[Part], keys: tuple[str, ...], tag: str, margin: Margin) -> dict[str, Any]:
    """Without a chosen value one good reading alone is the value; of several none is chosen, and that is told."""
    found = [
        {key: value for key in keys if (value := getattr(reading, key)) not in (None, False)} for reading in readings
    ]
    good = [values for values in found if values]
    if len(good) == 1:
        return good[0]
    if good:
        margin.note("representative_missing", f"The instrument chose none of the readings of {tag}.")
    return {}

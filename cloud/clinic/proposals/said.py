"""What an instrument said, by the field it belongs into: texts exactly as it wrote them, nothing turned or rounded."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from cloud.clinic.choices import Side

EYES = (("right", Side.RIGHT), ("left", Side.LEFT), ("both", Side.BOTH))


class Said(NamedTuple):
    """One value. ``slot`` counts the instances of an element that one reading fills, from 0."""

    element: str
    field: str
    side: Side
    entered: str
    slot: int = 0

    def of(self, side: Side) -> "Said":
        """The same of another eye."""
        return self._replace(side=side)


def text(value: Decimal | int | str) -> str:
    """As the instrument stepped it, never with an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def figures(element: str, side: Side, values: Mapping[str, Any], slot: int = 0) -> Iterator[Said]:
    """Fields that were measured; what was not is left out."""
    given = ((field, value) for field, value in values.items() if value is not None)
    return (Said(element, field, side, text(value), slot) for field, value in given)


def plain(element: str, values: Mapping[str, Any], slot: int = 0) -> Iterator[Said]:
    """Fields of no eye."""
    return figures(element, Side.NONE, values, slot)


def eyes(reading: Any) -> Iterator[tuple[Side, Any]]:
    """The eyes a reading speaks of."""
    given = ((side, getattr(reading, name, None)) for name, side in EYES)
    return ((side, eye) for side, eye in given if eye is not None)


def instrument(reading: Any) -> str:
    """Maker and model."""
    return f"{reading.instrument.maker} {reading.instrument.model}".strip()

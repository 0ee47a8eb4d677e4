"""Where in a record a value stands: element, which of several, field, side; written ``manifest.1.sphere.R``."""

import re
from typing import NamedTuple

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element, Field
from cloud.clinic.choices import Side
from cloud.clinic.errors import UnknownPlace

_WRITTEN = re.compile(r"([a-z][a-z0-9_]{0,39})\.([1-9][0-9]?)\.([a-z][a-z0-9_]{0,39})\.([RLBN])")


class Place(NamedTuple):
    """One place of a record; ``n`` counts from 1 where an element may be recorded several times."""

    element: str
    n: int
    field: str
    side: Side

    def __str__(self) -> str:
        return f"{self.element}.{self.n}.{self.field}.{self.side}"

    @property
    def type(self) -> Element:
        """The element's type."""
        return registry.element(self.element)

    @property
    def spec(self) -> Field:
        """The field's type."""
        return registry.field(self.element, self.field)

    def at(self, field: str, side: Side | None = None) -> "Place":
        """Another field of the same element."""
        return Place(self.element, self.n, field, self.side if side is None else side)


def read(written: str) -> Place:
    """A place as it was written. Raises UnknownPlace when the catalogue has none there."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise UnknownPlace(written)
    place = Place(found[1], int(found[2]), found[3], Side(found[4]))
    try:
        known = place.n <= place.type.repeats and place.side in place.spec.eyes
    except LookupError:
        known = False
    if not known:
        raise UnknownPlace(written)
    return place

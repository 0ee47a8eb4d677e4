"""A record as values by their place: the same whether it is a draft or a signed version."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cloud.clinic import places, values
from cloud.clinic.choices import NO_VALUE, Origin, Quality, Side
from cloud.clinic.errors import Unreadable
from cloud.clinic.models import Entry, Observation
from cloud.clinic.places import Place
from cloud.clinic.values import Value


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at a place; no ``value`` where ``problem`` or ``quality`` says why."""

    entered: str
    value: Value | None
    problem: str | None
    quality: Quality
    origin: Origin
    source: str | None
    device_value: str | None
    measured_at: datetime | None
    confirmed: bool
    changed_at: datetime
    changed_by: int

    @property
    def copied(self) -> bool:
        """Still as it was copied, and nobody has said that it holds today."""
        return self.origin is Origin.COPIED and not self.confirmed


class Sheet(dict[Place, Item]):
    """Items by place, in the order of the record."""

    def number(self, element: str, n: int, field: str, side: Side) -> Decimal | None:
        """The figure at a place; None where there is none or it cannot be read."""
        item = self.get(Place(element, n, field, side))
        return item.value.number if item and item.value else None

    def base(self, element: str, n: int, field: str, side: Side) -> Decimal | None:
        """The canonical figure at a place."""
        item = self.get(Place(element, n, field, side))
        return item.value.base if item and item.value else None

    def code(self, element: str, n: int, field: str, side: Side = Side.NONE) -> str | None:
        """The choice at a place."""
        item = self.get(Place(element, n, field, side))
        return item.value.code if item and item.value else None

    def said(self, element: str, n: int, field: str, side: Side = Side.NONE) -> str | None:
        """The text at a place, as entered."""
        item = self.get(Place(element, n, field, side))
        return item.entered if item else None

    def instances(self, element: str) -> list[int]:
        """Which of several are recorded."""
        return sorted({place.n for place in self if place.element == element})

    def of(self, element: str, n: int | None = None) -> Iterator[tuple[Place, Item]]:
        """What stands in an element."""
        return ((p, item) for p, item in self.items() if p.element == element and n in (None, p.n))


def of_entries(entries: Iterable[Entry]) -> Sheet:
    """A draft, read. What cannot be read stays, with its problem."""
    return Sheet({place: _entered(place, entry) for entry in entries for place in (places.read(entry.place),)})


def of_observations(observations: Iterable[Observation]) -> Sheet:
    """A signed version, as it was read when it was signed: a later catalogue does not read it anew."""
    return Sheet({Place(o.element, o.n, o.field, Side(o.side)): _signed(o) for o in observations})


def _entered(place: Place, entry: Entry) -> Item:
    quality, value, problem = Quality(entry.quality), None, None
    if quality not in NO_VALUE:
        try:
            value = values.read(place.spec, entry.entered, place.side)
        except Unreadable as refusal:
            problem = str(refusal)
    return Item(
        entry.entered,
        value,
        problem,
        quality,
        Origin(entry.origin),
        entry.source,
        entry.device_value,
        entry.measured_at,
        entry.confirmed,
        entry.changed_at,
        entry.changed_by,
    )


def _signed(row: Observation) -> Item:
    quality = Quality(row.quality)
    read = (
        None if quality in NO_VALUE else Value(row.number, row.code, row.words, row.structure, row.base, row.notation)
    )
    return Item(
        row.entered,
        read,
        None,
        quality,
        Origin(row.origin),
        row.source,
        row.device_value,
        row.measured_at,
        row.confirmed,
        row.recorded_at,
        row.recorded_by,
    )

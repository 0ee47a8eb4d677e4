"""Rules of a week and exceptions of a date become layers of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cloud.slots import bits
from cloud.slots.day import Day
from cloud.slots.layers import Ground, Kind, Layer, Why

Window = tuple[int, int]  # minutes after midnight by the wall clock, the end excluded; 1440 is the end of the day


@dataclass(frozen=True)
class Weekly:
    """Work on some days of the week (0 is Monday), from ``since`` to ``until`` inclusive.

    ``parity`` 1 is odd ISO weeks alone, 0 even ones.
    """

    id: int
    days: frozenset[int]
    window: Window
    since: date | None = None
    until: date | None = None
    parity: int | None = None

    def holds(self, on: date) -> bool:
        """Whether it says anything of this date."""
        known = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        return known and on.weekday() in self.days and self.parity in (None, on.isocalendar().week % 2)


@dataclass(frozen=True)
class Dated:
    """What a date has instead of its weekly rules: these windows, or none at all."""

    id: int
    on: date
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Hours:
    """What is known of when a store or a resource works."""

    weekly: tuple[Weekly, ...] = ()
    dated: tuple[Dated, ...] = ()

    def exceptions(self, on: date) -> list[Dated]:
        """What replaces the weekly rules on this date."""
        return [one for one in self.dated if one.on == on]


def ground(day: Day, resource: int, own: Hours, store: Hours, closures: Sequence[Dated] = ()) -> Ground:
    """A resource's day as hours alone leave it; decision 0007, 3, has the precedence."""
    mine, stores = own.exceptions(day.on), store.exceptions(day.on)
    layers = [_closed(day, one) for one in closures if one.on == day.on]
    layers += _around(day, stores, Kind.CLOSED_STORE) if stores else []
    if mine:
        layers += _around(day, mine, Kind.EXCEPTION, resource)
    else:
        layers += _outside(day, own.weekly, Kind.HOURS, resource)
        layers += [] if stores else _outside(day, store.weekly, Kind.STORE_HOURS)
    taken = bits.union(layer.taken for layer in layers)
    return Ground(day.whole, tuple(layers), day.whole & ~taken)


def _closed(day: Day, closure: Dated) -> Layer:
    return Layer(day.whole, Why(Kind.CLOSED_CHAIN, closure.id))


def _around(day: Day, exceptions: Iterable[Dated], kind: Kind, resource: int | None = None) -> list[Layer]:
    """All that lies outside the exceptions, in the name of each of them."""
    exceptions = list(exceptions)
    taken = day.whole & ~bits.union(day.window(*window) for one in exceptions for window in one.windows)
    return [Layer(taken, Why(kind, one.id, resource)) for one in exceptions]


def _outside(day: Day, rules: Iterable[Weekly], kind: Kind, resource: int | None = None) -> list[Layer]:
    taken = day.whole & ~bits.union(day.window(*rule.window) for rule in rules if rule.holds(day.on))
    return [Layer(taken, Why(kind, None, resource))]


@dataclass(frozen=True)
class Reserved:
    """A window in which only some types of visit may be, or some may not."""

    id: int
    window: Weekly
    types: frozenset[int]
    only: bool


def for_type(day: Day, type_id: int, rules: Iterable[Reserved], resource: int | None = None) -> list[Layer]:
    """What windows reserved for some types leave to one of them.

    An "only these" window takes nothing from the types it names and its time from all others; several that overlap
    let in whatever any of them names.
    """
    holding = [rule for rule in rules if rule.window.holds(day.on)]
    lent = bits.union(day.window(*one.window.window) for one in holding if one.only and type_id in one.types)
    layers = []
    for rule in holding:
        taken = day.window(*rule.window.window)
        if rule.only and type_id not in rule.types:
            layers.append(Layer(taken & ~lent, Why(Kind.ONLY_OTHERS, rule.id, resource)))
        elif not rule.only and type_id in rule.types:
            layers.append(Layer(taken, Why(Kind.NOT_THESE, rule.id, resource)))
    return layers

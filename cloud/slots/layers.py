"""What takes time away from a day, each with the identity of what made it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from cloud.slots import bits


class Kind(StrEnum):
    """Sorts of reasons for a time not to be there."""

    CLOSED_CHAIN = "closed_chain"
    CLOSED_STORE = "closed_store"
    STORE_HOURS = "store_hours"
    HOURS = "hours"
    EXCEPTION = "exception"
    BLOCKED = "blocked"
    ONLY_OTHERS = "only_others"
    NOT_THESE = "not_these"
    BUSY = "busy"
    TURN_OVER = "turn_over"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    LIMIT = "limit"
    PERSON_BUSY = "person_busy"
    NOT_ALLOWED = "not_allowed"
    DAY_ENDS = "day_ends"
    NOBODY = "nobody"
    TOGETHER = "together"


@dataclass(frozen=True, order=True)
class Why:
    """A reason: its sort, the rule that made it and whose day it took it from, where there are such."""

    kind: Kind
    rule: int | None = None
    resource: int | None = None


@dataclass(frozen=True)
class Layer:
    """Quanta that are taken, and why."""

    taken: int
    why: Why


@dataclass(frozen=True)
class Ground:
    """One resource's day: ``whole`` of it and the layers that take from it.

    ``open`` are its hours, whatever stands in them; ``between`` the quanta it wants between two reservations.
    """

    whole: int
    layers: tuple[Layer, ...] = ()
    open: int = 0
    between: int = 0

    @cached_property
    def free(self) -> int:
        """What no layer takes."""
        return self.whole & ~bits.union(layer.taken for layer in self.layers)

    def covering(self, wanted: int) -> set[Why]:
        """Whatever takes some of these quanta."""
        return {layer.why for layer in self.layers if layer.taken & wanted}

    def under(self, layers: Iterable[Layer]) -> "Ground":
        """The same day with more taken from it."""
        return replace(self, layers=(*self.layers, *layers))

    def busy(self, taken: int, why: Why) -> "Ground":
        """The same day with a reservation in it and the turn-over around that."""
        around = bits.widen(taken, self.between, self.between) & ~taken
        turn_over = Layer(around, Why(Kind.TURN_OVER, why.rule, why.resource))
        return self.under([Layer(taken, why), *([turn_over] if around else [])])

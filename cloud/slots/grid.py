"""At which times a visit may begin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cloud.slots import bits
from cloud.slots.day import Day


class Grid(Protocol):
    """Marks are quanta at which the patient may be asked to come."""

    def marks(self, day: Day, opened: int) -> int:
        """Marks of a day on which the resource that decides has these hours."""
        ...


@dataclass(frozen=True)
class Clock:
    """Every ``every`` minutes by the wall clock, first ``offset`` minutes past midnight.

    A clock that is put back shows a mark twice.
    """

    every: int
    offset: int = 0

    def marks(self, day: Day, opened: int) -> int:
        """Whatever the hours are."""
        return _where(day, lambda minutes: (minutes - self.offset) % self.every == 0)


@dataclass(frozen=True)
class Listed:
    """These wall clock times alone, in minutes after midnight."""

    times: frozenset[int]

    def marks(self, day: Day, opened: int) -> int:
        """Whatever the hours are."""
        return _where(day, self.times.__contains__)


@dataclass(frozen=True)
class Packed:
    """Every ``every`` quanta from wherever a stretch of the resource's hours begins, so that no break leaves a rest."""

    every: int

    def marks(self, day: Day, opened: int) -> int:
        """Begun anew after each break."""
        return bits.union(
            1 << place for start, end in bits.stretches(opened) for place in range(start, end, self.every)
        )


def _where(day: Day, wanted: Callable[[int], bool]) -> int:
    return bits.union(1 << place for place, minutes in enumerate(day.minutes) if wanted(minutes))

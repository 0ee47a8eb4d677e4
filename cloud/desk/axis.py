"""The rows of a calendar: what the wall clocks of some days show, in order, five minutes each.

A day on which the clock is put back shows an hour twice; it gets its own rows, which other days of the same week do
not have. A label is asked of its day, never computed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cloud.slots.day import Day

STEP = 15  # minutes of one slot
HOUR = 60

Mark = tuple[int, int]  # minutes after midnight as the clock shows them, and how often it has shown them before


@dataclass(frozen=True)
class Slot:
    """Some rows in a row that are one slot: from ``first`` to before ``last``, labelled by its own minutes."""

    first: int
    last: int
    minutes: int
    again: bool


@dataclass(frozen=True)
class Axis:
    """Rows of one or more days."""

    marks: tuple[Mark, ...]

    @cached_property
    def _at(self) -> dict[Mark, int]:
        return {mark: row for row, mark in enumerate(self.marks)}

    def rows(self, day: Day) -> list[int]:
        """For every quantum of a day its row."""
        return [self._at[mark] for mark in _marks(day)]

    def row(self, minutes: int) -> int:
        """The first row that shows these minutes or later ones; one beyond the last where there is none."""
        return next((row for row, (shown, _again) in enumerate(self.marks) if shown >= minutes), len(self.marks))

    def twice(self, minutes: int) -> bool:
        """Whether some day's clock shows these minutes more than once."""
        return (minutes, 1) in self._at

    def slots(self, first: int, last: int) -> list[Slot]:
        """The slots of rows ``first`` to before ``last``; each begins where the clock shows a multiple of STEP."""
        begins = [row for row in range(first, last) if row == first or self.marks[row][0] % STEP == 0]
        ends = [*begins[1:], last]
        return [
            Slot(row, end, self.marks[row][0], self.marks[row][1] > 0) for row, end in zip(begins, ends, strict=True)
        ]


def of(days: Sequence[Day]) -> Axis:
    """All rows these days need, each day's own in its own order."""
    each = [_marks(day) for day in days]
    base = list(next(marks for marks in each if len(marks) == max(map(len, each))))
    for marks in each:
        if marks != base:
            _merge(base, marks)
    return Axis(tuple(base))


def _merge(base: list[Mark], marks: Sequence[Mark]) -> None:
    """Put what ``base`` lacks after whatever stands before it in ``marks``."""
    known, at = set(base), 0
    for mark in marks:
        if mark in known:
            at = base.index(mark, at) + 1
        else:
            base.insert(at, mark)
            at += 1


def _marks(day: Day) -> list[Mark]:
    seen: Counter[int] = Counter()
    marks = []
    for minutes in day.minutes:
        marks.append((minutes, seen[minutes]))
        seen[minutes] += 1
    return marks

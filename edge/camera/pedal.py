"""What a foot means: one press, two, or a long one. Pure: it is told the time and says when it wants to know again."""

from dataclasses import dataclass
from enum import StrEnum

DEBOUNCE_S, LONG_S = 0.030, 0.600
DOUBLE_S = 0.350  # between a foot that lifts and one that comes down again


class Press(StrEnum):
    """What was meant."""

    SINGLE = "single"
    DOUBLE = "double"
    LONG = "long"


@dataclass
class Pedal:
    """One pedal. Times are seconds of any clock that never goes back.

    A change counts once it has stood for ``DEBOUNCE_S``, and then from when it began. A single press is known only
    when no second one can follow; a long one while the foot is still down.
    """

    _down: bool = False
    _raw: bool = False
    _raw_at: float = 0.0
    _since: float = 0.0  # of ``_down``
    _presses: int = 0
    _was_long: bool = False

    def feed(self, down: bool, at: float) -> list[Press]:
        """The contact says something."""
        meant = self.tick(at)
        if down != self._raw:
            self._raw, self._raw_at = down, at
        return meant

    def tick(self, at: float) -> list[Press]:
        """Time has passed."""
        meant = []
        while (due := self.due) is not None and due <= at:
            meant += self._happen(due)
        return meant

    @property
    def due(self) -> float | None:
        """When ``tick`` will have something to decide; None while nothing hangs in the air."""
        if self._raw != self._down:
            settled = self._raw_at + DEBOUNCE_S
            return min(settled, self._since + LONG_S) if self._may_be_long and not self._is_lifted else settled
        if self._may_be_long:
            return self._since + LONG_S
        return self._since + DOUBLE_S if self._presses == 1 and not self._down else None

    @property
    def _may_be_long(self) -> bool:
        return self._down and not self._was_long

    @property
    def _is_lifted(self) -> bool:
        """Lifted before it was long, as far as the contact says."""
        return not self._raw and self._raw_at < self._since + LONG_S

    def _happen(self, at: float) -> list[Press]:
        if self._may_be_long and not self._is_lifted and at >= self._since + LONG_S:
            self._was_long, self._presses = True, 0
            return [Press.LONG]
        if self._raw != self._down:
            return self._settle()
        self._presses = 0
        return [Press.SINGLE]

    def _settle(self) -> list[Press]:
        self._down, self._since = self._raw, self._raw_at
        if self._down:
            self._presses, self._was_long = self._presses + 1, False
            return []
        if self._presses == 2:
            self._presses = 0
            return [Press.DOUBLE]
        return []

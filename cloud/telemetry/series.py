"""Series of figures, whatever they were kept in: windows cut into steps, growth of counters, gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from protocols.envelope.figures import FIGURES

Values = Sequence[tuple[datetime, float]]  # by time, at most one a step, each at the step's end
GAP_STEPS = 2.5  # a look may be late or lost once; a longer silence is a gap


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end`` in steps; a value at ``t`` covers what lies in ``(t - step, t]``."""

    start: datetime
    end: datetime
    step: timedelta

    @property
    def seconds(self) -> int:
        """A step's length."""
        return int(self.step.total_seconds())

    @classmethod
    def back(cls, until: datetime, length: timedelta, step: timedelta) -> "Window":
        """The window of this length that ends with the step ``until`` lies in."""
        seconds = int(step.total_seconds())
        end = datetime.fromtimestamp(-(-int(until.timestamp()) // seconds) * seconds, UTC)
        return cls(end - length, end, step)


def is_counter(name: str) -> bool:
    """Whether a figure grows, ``frames_ok lens-1`` as well as ``reconnects``."""
    return FIGURES[name.partition(" ")[0]].kind == "counter"


def rates(counted: Values, per: timedelta = timedelta(hours=1)) -> list[tuple[datetime, float]]:
    """Growth per hour (or ``per``) between one value and the next.

    A value below the one before means that the gateway began anew: it has grown from 0 to what it is now. Over a gap
    the growth is spread over the time it took.
    """
    found = []
    for (before_at, before), (at, value) in pairwise(counted):
        grown = value - before if value >= before else value
        found.append((at, grown * (per / (at - before_at))))
    return found


def runs(values: Values, step: timedelta) -> list[Values]:
    """The values cut where there is a gap."""
    pieces: list[list[tuple[datetime, float]]] = []
    for at, value in values:
        if not pieces or at - pieces[-1][-1][0] > step * GAP_STEPS:
            pieces.append([])
        pieces[-1].append((at, value))
    return list(pieces)


def shown(found: Mapping[str, Values]) -> dict[str, Values]:
    """As they are plotted: gauges as they are, counters as rates; without those that say nothing."""
    every = {name: rates(values) if is_counter(name) else values for name, values in sorted(found.items())}
    return {name: values for name, values in every.items() if values}

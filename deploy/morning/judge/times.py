"""Whether the waiting-time report says what the simulator's clock says: every line, to a second.

A deed happened at some moment between its beginning and its end; a duration lies between the bounds these give.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from deploy.morning.kept import Row
from deploy.morning.log import AWAY, CALLED, OVER, SERVED, WAITS, Deed, Log

GRAIN = 1.0  # seconds: the report's are whole
STATES = (WAITS, CALLED, SERVED, AWAY)
Stage = tuple[str, Deed]


@dataclass
class Bounds:
    """What a duration is at least and at most."""

    low: float = 0.0
    high: float = 0.0

    def add(self, begun: Deed, ended: Deed) -> None:
        """Between two deeds."""
        self.low += max(0.0, ended.began - begun.ended)
        self.high += ended.ended - begun.began

    def holds(self, seconds: float) -> bool:
        """Whether the report may say so."""
        return self.low - GRAIN <= seconds <= self.high + GRAIN


def lines(log: Log) -> dict[tuple[str, str], list[dict[str, Bounds]]]:
    """Durations by ticket and station, a line for each step there."""
    stages = defaultdict[tuple[str, str], list[Stage]](list)
    for deed in log.deeds:
        for station, state in deed.moves:
            stages[deed.ticket, station].append((state, deed))
    return {key: [_durations(one) for one in _steps(row)] for key, row in stages.items()}


def _steps(row: list[Stage]) -> Iterator[list[Stage]]:
    """One for each step: whoever comes back to a doctor who waited for results comes back to the same."""
    row.sort(key=_place)
    begun: list[Stage] = []
    for state, deed in row:
        if state == WAITS and begun and begun[-1][0] == OVER:
            yield begun
            begun = []
        begun.append((state, deed))
    yield begun


def _place(stage: Stage) -> float:
    """A colleague's press may begin before the deed that made it possible; the end tells."""
    _state, deed = stage
    return deed.ended if deed.what == "press" else deed.began


def _durations(row: Sequence[Stage]) -> dict[str, Bounds]:
    found = {state: Bounds() for state in STATES}
    for (state, begun), (_next, ended) in pairwise(row):
        if state != OVER:
            found[state].add(begun, ended)
    return found


def faults(log: Log, report: Sequence[Row], sorts: dict[str, str]) -> Iterator[str]:
    """Lines that are not there, and figures that are not the clock's."""
    ours, theirs = lines(log), defaultdict[tuple[str, str], list[Row]](list)
    for row in report:
        theirs[row.ticket, sorts.get(row.station, row.station)].append(row)
    for key in {*ours, *theirs}:
        mine, rows = ours.get(key, []), theirs[key]
        if len(mine) != len(rows):
            yield f"{key[0]} at {key[1]}: {len(rows)} lines instead of {len(mine)}"
        for bounds, row in zip(mine, rows, strict=False):
            yield from _compared(key, bounds, row)


def _compared(key: tuple[str, str], bounds: dict[str, Bounds], row: Row) -> Iterator[str]:
    for state, one in bounds.items():
        if not one.holds(row.seconds[state]):
            said = f"{key[0]} at {key[1]} {state} {row.seconds[state]:.0f} s"
            yield f"{said}, by the clock {one.low:.1f} to {one.high:.1f}"

"""How long somebody was in which state, told from hand-offs alone. Pure."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from cloud.queue.choices import AWAY, IN_LINE, OVER, SERVED, Machine, Step


class Stamp(Protocol):
    """A hand-off."""

    machine: str
    subject: int
    was: str
    becomes: str
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """``subject`` was in ``state`` from ``since`` to ``until``; ``by`` brought it there, ``ended_by`` out of it.

    ``until`` is None for what lasts.
    """

    machine: str
    subject: int
    state: str
    since: datetime
    until: datetime | None
    by: int | None
    ended_by: int | None

    def seconds(self, at: datetime) -> float:
        """How long, up to now where it lasts."""
        return ((self.until or at) - self.since).total_seconds()


@dataclass(frozen=True, slots=True)
class Sum:
    """What is said of many durations, in seconds."""

    count: int
    mean: float
    median: float
    nine_of_ten: float
    longest: float


WAITS = (*IN_LINE, Step.MISSED)
STEPS = (Machine.COUNTER, Machine.DOCTOR)


def spans(stamps: Iterable[Stamp]) -> list[Span]:
    """Every state somebody was in, in the order of hand-offs; a second call is a part of the first."""
    rows: dict[tuple[str, int], list[Stamp]] = defaultdict(list)
    for one in stamps:
        key = ("step" if one.machine in STEPS else one.machine, one.subject)
        if one.was != one.becomes:
            rows[key].append(one)
    return [span for row in rows.values() for span in _of(row)]


def _of(row: Sequence[Stamp]) -> list[Span]:
    ends: list[Stamp | None] = [*row[1:], None]
    return [
        Span(a.machine, a.subject, a.becomes, a.at, b.at if b else None, a.by, b.by if b else None)
        for a, b in zip(row, ends, strict=True)
        if a.becomes not in OVER
    ]


def seconds(found: Iterable[Span], states: Iterable[str], at: datetime) -> float:
    """All of the time in these states together."""
    wanted = set(states)
    return sum(one.seconds(at) for one in found if one.state in wanted)


def waited(found: Iterable[Span], at: datetime) -> float:
    """Seconds in line, to be called or after a call that was missed."""
    return seconds(found, WAITS, at)


def served(found: Iterable[Span], at: datetime) -> float:
    """Seconds with somebody."""
    return seconds(found, SERVED, at)


def away(found: Iterable[Span], at: datetime) -> float:
    """Seconds in which something else was waited for."""
    return seconds(found, set(AWAY) - {Step.MISSED}, at)


def summed(durations: Iterable[float]) -> Sum | None:
    """None where there is nothing to say."""
    found = sorted(durations)
    if not found:
        return None
    nth = found[min(len(found) - 1, round(0.9 * (len(found) - 1)))]
    return Sum(len(found), statistics.fmean(found), statistics.median(found), nth, found[-1])


def by_subject(found: Iterable[Span]) -> Mapping[int, list[Span]]:
    """Spans of steps, by step."""
    rows: dict[int, list[Span]] = defaultdict(list)
    for one in found:
        if one.machine in STEPS:
            rows[one.subject].append(one)
    return rows


def ahead(taken: Sequence[datetime], before: int) -> tuple[timedelta, timedelta]:
    """How long it takes until ``before`` others have been taken, as a range, at the pace of the last ones.

    ``taken`` are the moments at which somebody was, in order; at least two.
    """
    gaps = sorted((b - a).total_seconds() for a, b in pairwise(taken))
    low, high = gaps[len(gaps) // 4], gaps[min(len(gaps) - 1, 3 * len(gaps) // 4)]
    return timedelta(seconds=low * before), timedelta(seconds=high * (before + 1))

"""Schedules and visits as hypothesis draws them: small, and awkward wherever they can be."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cloud.slots.day import Day
from cloud.slots.hours import Dated, Hours, Weekly, ground
from cloud.slots.layers import Ground, Kind, Why
from cloud.slots.visit import Need, Segment, Visit
from tests.cloud.slots.oracle import FIVE, Calendar, opened, walk_through

ZONES = (
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Asia/Shanghai",
    "Pacific/Apia",
    "America/Havana",
    "Asia/Beirut",
    "Pacific/Chatham",
)
# Days on which the clock changes somewhere in that list, and an ordinary one.
DAYS = (
    (2026, 3, 8), (2026, 11, 1), (2026, 3, 29), (2026, 10, 25), (2026, 4, 5), (2026, 10, 4), (2026, 2, 15),
    (2026, 3, 22), (2026, 9, 27), (2011, 12, 30), (2011, 12, 31), (2026, 5, 4), (2018, 11, 4), (2018, 2, 17),
)  # fmt: skip

zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.sampled_from(DAYS).map(lambda one: date(*one))


def _window(start: int, length: int) -> tuple[int, int]:
    return start * 15, min(1440, (start + length) * 15)


windows = st.builds(_window, st.integers(0, 40), st.integers(1, 60))
clinic = st.builds(_window, st.integers(0, 12), st.integers(20, 80))
_days = st.one_of(st.just(frozenset(range(7))), st.frozensets(st.integers(0, 6)))
_near = st.sampled_from([None, None, -1, 0, 1])  # days from the one that is asked for
_rules = st.lists(
    st.tuples(st.integers(1, 9), _days, st.one_of(clinic, windows), _near, _near, st.sampled_from([None, None, 0, 1])),
    min_size=1,
    max_size=3,
)
_exceptions = st.one_of(
    st.just([]), st.lists(st.tuples(st.integers(10, 19), st.lists(windows, max_size=2)), max_size=2)
)
_reservations = st.lists(st.tuples(st.integers(0, 280), st.integers(1, 20)), max_size=4)
_resources = st.lists(st.tuples(_rules, _exceptions, st.integers(0, 3), _reservations), min_size=1, max_size=4)


def _hours(on: date, rules: list[Any], exceptions: list[Any]) -> Hours:
    def near(days: int | None) -> date | None:
        return None if days is None else on + timedelta(days=days)

    weekly = (Weekly(id_, days, window, near(a), near(b), parity) for id_, days, window, a, b, parity in rules)
    return Hours(tuple(weekly), tuple(Dated(id_, on, tuple(found)) for id_, found in exceptions))


@dataclass
class Situation:
    """A day's resources, told to the bitmaps and, when somebody asks, to the walker."""

    day: Day
    store: Hours
    resources: dict[int, tuple[Hours, int, list[tuple[int, int]]]]

    @cached_property
    def grounds(self) -> dict[int, Ground]:
        return {number: self._ground(number, *one) for number, one in self.resources.items()}

    @cached_property
    def calendars(self) -> dict[int, Calendar]:
        walk = walk_through(self.day.on, self.day.zone)
        return {
            number: Calendar(opened(walk, own, self.store), [self._instants(*one) for one in busy], FIVE * between)
            for number, (own, between, busy) in self.resources.items()
        }

    def _ground(self, number: int, own: Hours, between: int, busy: list[tuple[int, int]]) -> Ground:
        found = replace(ground(self.day, number, own, self.store), between=between)
        for one in busy:
            found = found.busy(self.day.between(*self._instants(*one)), Why(Kind.BUSY, one[0], number))
        return found

    def _instants(self, start: int, length: int) -> tuple[datetime, datetime]:
        return self.day.instant(start), self.day.instant(start + length)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Up to four resources on a day, each with hours, turn-over and reservations."""
    on = draw(dates)
    resources = draw(_resources)
    told = {
        n: (_hours(on, rules, dated), between, busy) for n, (rules, dated, between, busy) in enumerate(resources, 1)
    }
    return Situation(Day(on, draw(zones)), _hours(on, draw(_rules), draw(_exceptions)), told)


_need = st.tuples(st.integers(1, 15), st.integers(1, 2))  # who of four as bits, how many
_segment = st.tuples(
    st.integers(1, 9), st.lists(_need, min_size=1, max_size=2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)
)
_segments = st.lists(_segment, min_size=1, max_size=3)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """One to three segments; sometimes with one and the same for two of them. Some of whom they name do not exist."""
    drawn = draw(_segments)
    segments = tuple(_visit_segment(number, *one) for number, one in enumerate(drawn))
    return Visit(segments, draw(st.sampled_from([0, 0, 2])))


def _visit_segment(number: int, length: int, needs: list[tuple[int, int]], low: int, more: int, same: int) -> Segment:
    found = [Need(frozenset(n for n in range(1, 5) if who >> n - 1 & 1), count) for who, count in needs]
    if same == 0:
        found[0] = replace(found[0], count=1, same="doctor")
    return Segment(length, tuple(found), (low, low + more) if number else (0, 0))

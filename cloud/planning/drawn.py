"""Pictures of a week and of a type of visit: bars along a line, in thousandths of its length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cloud.planning.forms.entered import clock
from cloud.planning.types import Stretch
from cloud.schedule.choices import Effect
from cloud.schedule.models import Rule
from cloud.schedule.plan import Plan
from cloud.slots import bits
from cloud.slots.day import Day
from cloud.slots.hours import Window
from cloud.slots.layers import Kind

WIDE = 1000
USUAL = (8, 18)  # hours that are shown when nothing says more
LOST = frozenset({Kind.BLOCKED, Kind.NOBODY})


@dataclass(frozen=True)
class Bar:
    """From where to where it reaches, what it is, and the times it stands for."""

    x: int
    width: int
    kind: str
    says: str


@dataclass(frozen=True)
class Line:
    """One day."""

    on: date
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Week:
    """Seven days; ``hours`` are the marks of the axis."""

    lines: tuple[Line, ...]
    hours: tuple[int, ...]


def week(plan: Plan, resource_id: int | None, on: date) -> Week:
    """Seven days from ``on`` as the schedule leaves them to one resource, or the store's own hours."""
    days = [on + timedelta(days=number) for number in range(7)]
    found = {one: list(_spans(plan, resource_id, plan.day(one))) for one in days}
    first, last = _range(window for spans in found.values() for _kind, window in spans)
    lines = (
        Line(one, tuple(_bar(kind, window, first, last) for kind, window in spans)) for one, spans in found.items()
    )
    return Week(tuple(lines), _axis(first, last))


@dataclass(frozen=True)
class Piece:
    """A segment on its line, ``number`` from nothing on; a gap has none."""

    x: int
    width: int
    number: int | None


def course(stretches: Sequence[Stretch]) -> tuple[Piece, ...]:
    """A type's segments with the shortest gaps between them."""
    whole = sum(one.minutes + one.gap[0] for one in stretches) or 1
    pieces, at = [], 0
    for number, one in enumerate(stretches):
        for length, mark in ((one.gap[0], None), (one.minutes, number)):
            if length:
                pieces.append(Piece(at * WIDE // whole, max(1, length * WIDE // whole), mark))
            at += length
    return tuple(pieces)


def _spans(plan: Plan, resource_id: int | None, day: Day) -> Iterator[tuple[str, Window]]:
    if resource_id is None:
        yield from (("open", window) for window in _of_store(plan, day.on))
    else:
        ground = plan.ground(day, resource_id)
        lost = bits.union(layer.taken for layer in ground.layers if layer.why.kind in LOST)
        yield from (("open", window) for window in _windows(day, ground.open))
        yield from (("blocked", window) for window in _windows(day, ground.open & lost))
    for rule in plan.rules:
        if (
            rule.resource_id in (None, resource_id)
            and rule.effect in (Effect.ONLY, Effect.NOT)
            and _holds(rule, day.on)
        ):
            yield rule.effect, (rule.starts, rule.ends)


def _of_store(plan: Plan, on: date) -> list[Window]:
    dated = [one for one in plan.dated if one.resource_id is None and one.on_date == on]
    if any(one.store_id is None for one in dated):
        return []
    if dated:
        return [(start, end) for one in dated for start, end in one.windows]
    return [
        (rule.starts, rule.ends)
        for rule in plan.rules
        if rule.resource_id is None and rule.effect == Effect.OPEN and _holds(rule, on)
    ]


def _holds(rule: Rule, on: date) -> bool:
    known = (rule.since or date.min) <= on <= (rule.until or date.max)
    return known and on.weekday() in rule.days and rule.parity in (None, on.isocalendar().week % 2)


def _windows(day: Day, mask: int) -> Iterator[Window]:
    """By the wall clock; the end of a day that has an hour less or more is midnight all the same."""
    for start, end in bits.stretches(mask):
        yield day.minutes[start], day.minutes[end] if end < day.quanta else 24 * 60


def _range(windows: Iterator[Window]) -> tuple[int, int]:
    """Hours that hold everything, a multiple of the distance of the marks."""
    found = list(windows)
    first = min([USUAL[0], *(start // 60 for start, _end in found)])
    last = max([USUAL[1], *(-(-end // 60) for _start, end in found)])
    step = _step(first, last)
    last = first + -(-(last - first) // step) * step
    return (first, last) if last <= 24 else (first - last + 24, 24)


def _step(first: int, last: int) -> int:
    return next(one for one in (1, 2, 3) if last - first <= 8 * one)


def _bar(kind: str, window: Window, first: int, last: int) -> Bar:
    start, end = (round((minutes - first * 60) * WIDE / ((last - first) * 60)) for minutes in window)
    return Bar(start, max(1, end - start), kind, f"{clock(window[0])}–{clock(window[1])}")


def _axis(first: int, last: int) -> tuple[int, ...]:
    return tuple(range(first, last + 1, _step(first, last)))

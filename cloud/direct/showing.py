"""Days and times as a page shows them. Pure: no table, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cloud.kernel.clock import local
from cloud.slots.day import dates

NOON, EVENING = 12, 17
YEARS = range(2000, 2200)  # beyond them no zone can say what its clock shows


@dataclass(frozen=True)
class Cell:
    """A day of the month; ``count`` times can be had."""

    on: date
    count: int
    chosen: bool


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; None where a day is of another month. ``before`` and ``after`` are months to go to."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    before: date | None
    after: date


@dataclass(frozen=True)
class Time:
    """A time on the store's clock; ``offset`` only where the clock shows it twice that day."""

    at: datetime
    label: str
    offset: str = ""


@dataclass(frozen=True)
class Part:
    """Some of a day: ``morning``, ``afternoon`` or ``evening``."""

    name: str
    times: tuple[Time, ...]


def first_of(on: date) -> date:
    """The first day of a month."""
    return on.replace(day=1)


def last_of(on: date) -> date:
    """The last day of a month."""
    return first_of(first_of(on) + timedelta(days=31)) - timedelta(days=1)


def month(first: date, today: date, found: Mapping[date, Sequence[datetime]], chosen: date | None) -> Month:
    """A month with what can be had in it."""
    last = last_of(first)
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [Cell(on, len(found.get(on, ())), on == chosen) for on in dates(first, last)]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    before = first_of(first - timedelta(days=1)) if first > first_of(today) else None
    return Month(first, weeks, before, last + timedelta(days=1))


def parts(found: Iterable[datetime], zone: str) -> tuple[Part, ...]:
    """Times of a day, by part of the day."""
    moments = [(one, local(one, zone)) for one in found]
    labels = [f"{clock:%H:%M}" for _one, clock in moments]
    twice = {label for label in labels if labels.count(label) > 1}
    made: dict[str, list[Time]] = {}
    for (one, clock), label in zip(moments, labels, strict=True):
        name = "morning" if clock.hour < NOON else "afternoon" if clock.hour < EVENING else "evening"
        made.setdefault(name, []).append(Time(one, label, f"{clock:%z}" if label in twice else ""))
    return tuple(Part(name, tuple(times)) for name, times in made.items())


def day(text: str) -> date | None:
    """A day in an address; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """A moment in a form; None when it is none, or none that anybody means."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in YEARS else None

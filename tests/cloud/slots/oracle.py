"""The same questions answered by walking through a day minute by minute, with nothing of cloud.slots but its nouns."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from itertools import permutations
from zoneinfo import ZoneInfo

from cloud.slots.hours import Hours, Window
from cloud.slots.visit import Segment, Visit

MINUTE = timedelta(minutes=1)
FIVE = timedelta(minutes=5)


@dataclass
class Walk:
    """A local day as its minutes, each with what the wall clock shows."""

    on: date
    zone: ZoneInfo

    @cached_property
    def minutes(self) -> list[datetime]:
        noon = datetime(self.on.year, self.on.month, self.on.day, 12, tzinfo=UTC)
        around = (noon + MINUTE * n for n in range(-40 * 60, 40 * 60))
        return [one for one in around if one.astimezone(self.zone).date() == self.on]

    @cached_property
    def labels(self) -> list[int]:
        """What the wall clock shows in each of its minutes, in minutes after midnight."""
        clocks = (one.astimezone(self.zone) for one in self.minutes)
        return [clock.hour * 60 + clock.minute for clock in clocks]

    def window(self, window: Window) -> set[datetime]:
        """From the first minute that shows the start or later to the last that shows less than the end."""
        start, end = window
        first = next((n for n, label in enumerate(self.labels) if label >= start), len(self.labels))
        under = [n for n, label in enumerate(self.labels) if label < end]
        return set(self.minutes[first : under[-1] + 1 if under else 0])


@cache
def walk_through(on: date, zone: ZoneInfo) -> Walk:
    """The day, walked through once."""
    return Walk(on, zone)


@dataclass
class Calendar:
    """When a resource works and what stands in its day, in plain sets of minutes."""

    open: set[datetime]
    busy: list[tuple[datetime, datetime]] = field(default_factory=list)
    between: timedelta = timedelta()

    def free(self, start: datetime, end: datetime) -> bool:
        minutes = (start + MINUTE * n for n in range((end - start) // MINUTE))
        if not all(minute in self.open for minute in minutes):
            return False
        return all(end + self.between <= one or other + self.between <= start for one, other in self.busy)


def opened(walk: Walk, own: Hours, store: Hours) -> set[datetime]:
    """Decision 0007, 3, word by word (closures of the chain are tried elsewhere)."""
    mine, stores = ([one for one in hours.dated if one.on == walk.on] for hours in (own, store))
    of_mine = _any(walk, [w for one in mine for w in one.windows] if mine else _weekly(walk, own))
    if stores:
        return of_mine & _any(walk, [w for one in stores for w in one.windows])
    return of_mine if mine else of_mine & _any(walk, _weekly(walk, store))


def _weekly(walk: Walk, hours: Hours) -> list[Window]:
    found = []
    for rule in hours.weekly:
        since, until = rule.since or date.min, rule.until or date.max
        odd = int(walk.on.strftime("%V")) % 2
        if since <= walk.on <= until and walk.on.weekday() in rule.days and rule.parity in (None, odd):
            found.append(rule.window)
    return found


def _any(walk: Walk, windows: list[Window]) -> set[datetime]:
    return set().union(*(walk.window(one) for one in windows))


def possible(visit: Visit, calendars: dict[int, Calendar], start: datetime) -> bool:
    """Whether anybody at all can be found for a visit whose first reservation begins then."""

    @cache
    def rest(number: int, ended: datetime, same: frozenset[tuple[str, int]]) -> bool:
        if number == len(visit.segments):
            return True
        segment = visit.segments[number]
        begun = (ended + FIVE * gap for gap in range(segment.gap[0], segment.gap[1] + 1))
        return any(
            rest(number + 1, one + FIVE * segment.length, known)
            for one in begun
            for known in _served(segment, calendars, one, dict(same))
        )

    return rest(0, start, frozenset())


def _served(
    segment: Segment, calendars: dict[int, Calendar], start: datetime, same: dict[str, int]
) -> set[frozenset[tuple[str, int]]]:
    """Every way to give a segment whom it needs, as far as it binds a later one."""
    end = start + FIVE * segment.length
    able = [one for one, calendar in calendars.items() if calendar.free(start, end)]
    wanted = [need for need in segment.needs for _one in range(need.count)]
    found = set()
    for chosen in permutations(able, len(wanted)):
        pairs = list(zip(chosen, wanted, strict=True))
        named = {need.same: one for one, need in pairs if need.same}
        if all(one in need.pool for one, need in pairs) and all(
            same.get(key, one) == one for key, one in named.items()
        ):
            found.add(frozenset((same | named).items()))
    return found

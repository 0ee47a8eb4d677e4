"""A day of a time zone, counted in five minutes from its own first instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from cloud.slots import bits

QUANTUM = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
MIDNIGHT = 24 * 60  # minutes: how a rule writes the end of the day


@dataclass(frozen=True)
class Day:
    """``on`` as the wall clocks of ``zone`` count it. It may have fewer or more than 288 quanta."""

    on: date
    zone: ZoneInfo

    @cached_property
    def begins(self) -> datetime:
        """Its first instant, in UTC: not midnight where a clock change skips it."""
        return first_real(datetime.combine(self.on, time()), self.zone)

    @cached_property
    def ends(self) -> datetime:
        """The first instant of the day after."""
        return first_real(datetime.combine(self.on + timedelta(days=1), time()), self.zone)

    @cached_property
    def quanta(self) -> int:
        """How many five minutes it has."""
        return (self.ends - self.begins) // QUANTUM

    @cached_property
    def whole(self) -> int:
        """All of it."""
        return bits.span(0, self.quanta)

    def window(self, start: int, end: int) -> int:
        """The quanta between two wall clock times, each in minutes after midnight as the clock shows them.

        Where the clock shows a time twice, a start means the first and an end the second of them; where it skips one,
        both move on to the first instant there is. Quanta that are not wholly inside do not count.
        """
        first, last = self._instant(start, fold=0), self._instant(end, fold=1)
        return bits.span(-((self.begins - first) // QUANTUM), (last - self.begins) // QUANTUM) & self.whole

    def between(self, start: datetime, end: datetime) -> int:
        """The quanta that are touched between two instants, so far as they lie in this day."""
        return bits.span(self._at(start), -((self.begins - end) // QUANTUM)) & self.whole

    def quantum(self, instant: datetime) -> int:
        """The number of the quantum an instant lies in. Raises ValueError outside this day."""
        if not self.begins <= instant < self.ends:
            raise ValueError(f"{instant} is not on {self.on}")
        return self._at(instant)

    def instant(self, quantum: int) -> datetime:
        """When a quantum begins, in UTC."""
        return self.begins + quantum * QUANTUM

    def shown(self, quantum: int) -> datetime:
        """When a quantum begins, as the wall clock shows it; its offset tells two that look alike apart."""
        return self.instant(quantum).astimezone(self.zone)

    @cached_property
    def minutes(self) -> tuple[int, ...]:
        """For every quantum the minutes after midnight that the wall clock shows when it begins."""
        clocks = (self.shown(one) for one in range(self.quanta))
        return tuple(clock.hour * 60 + clock.minute for clock in clocks)

    def _at(self, instant: datetime) -> int:
        return (instant - self.begins) // QUANTUM

    def _instant(self, minutes: int, fold: int) -> datetime:
        if minutes >= MIDNIGHT:
            return self.ends
        local = datetime.combine(self.on, time(minutes // 60, minutes % 60))
        return first_real(local, self.zone, fold)


@lru_cache(maxsize=4096)
def first_real(local: datetime, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The instant at which a clock of ``zone`` shows ``local``, or the first one after it where the clock skips it."""
    early, late = (local.replace(tzinfo=zone, fold=one).astimezone(UTC) for one in (0, 1))
    if early <= late:  # shown once, or twice
        return late if fold else early
    # Skipped: read with the offset after the change it lies before the change, and the other way round.
    before, after = late, early
    offset = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        same = middle.astimezone(zone).utcoffset() == offset
        before, after = (middle, after) if same else (before, middle)
    return after


def dates(first: date, last: date) -> list[date]:
    """Every date from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@lru_cache(maxsize=8192)
def of(on: date, zone: str) -> Day:
    """A day by the IANA name of its zone. Raises ZoneInfoNotFoundError."""
    return Day(on, ZoneInfo(zone))

"""Round steps for values and for years, months and days; positions in a picture."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cloud.web.charts.spec import Chart

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
DAYS = (1, 2, 7, 14)
ALONE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Extent:
    """From the lowest to the highest round value, with the values between."""

    low: Decimal
    high: Decimal
    ticks: Sequence[Decimal]

    def part(self, value: Decimal) -> float:
        """0 at the low end, 1 at the high end."""
        return float((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last moment shown."""

    start: datetime
    end: datetime

    def part(self, at: datetime) -> float:
        """0 at the start, 1 at the end; what lies outside is drawn at the edge."""
        return min(1.0, max(0.0, (at - self.start) / (self.end - self.start)))


def extent(values: Iterable[Decimal], about: int = 5) -> Extent:
    """A range around the values in about that many round steps; without values from 0 to 1."""
    known = list(values) or [Decimal(0), Decimal(1)]
    low, high = min(known), max(known)
    step = _step((high - low) or abs(high) / 10 or Decimal(1), about)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    ticks = [step * number for number in range(first, last + 1)]
    return Extent(ticks[0], ticks[-1], ticks)


def _step(width: Decimal, about: int) -> Decimal:
    rough = width / about
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * step for step in STEPS if power * step >= rough)


def height(chart: Chart) -> Extent:
    """All values, targets, and the bounds of normal that do not lie far beyond them."""
    values = [point.value for one in chart.series for point in one.points] + [one.value for one in chart.targets]
    if not values:
        return extent([])
    room = (max(values) - min(values)) or Decimal(1)
    bounds = [bound for band in chart.bands for bound in (band.low, band.high) if bound is not None]
    near = [bound for bound in bounds if min(values) - room <= bound <= max(values) + room]
    return extent([*values, *near])


def span(chart: Chart) -> Span:
    """From the first value to the last, a little wider; a single day gets a month on either side."""
    moments = [point.at for one in chart.series for point in one.points] or [datetime(2000, 1, 1, tzinfo=UTC)]
    first, last = min(moments), max(moments)
    margin = (last - first) / 25 or ALONE
    return Span(first - margin, last + margin)


def moments(shown: Span, about: int = 6) -> list[datetime]:
    """First days of years, half years, months or single days in UTC, at most about that many."""
    days = (shown.end - shown.start).days
    if days <= about * DAYS[-1]:
        every = next(step for step in DAYS if days <= about * step)
        first = shown.start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return [at for at in (first + timedelta(days=every * n) for n in range(about + 1)) if at <= shown.end]
    every = next((step for step in MONTHS if days <= about * step * 31), MONTHS[-1])
    first_month = shown.start.year * 12 + shown.start.month - 1
    months = range(-(-first_month // every) * every, shown.end.year * 12 + shown.end.month, every)
    found = [datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in months]
    return [at for at in found if shown.start <= at <= shown.end]

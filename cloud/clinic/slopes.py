"""How fast a figure changes: a straight line of least squares, told only of enough visits over enough time.

A description of these values: it knows nothing of treatments, of the eye, nor of what will come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

YEAR = Fraction("365.25")  # days
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Enough:
    """The fewest visits, on different days, and the shortest time in years."""

    visits: int
    years: Decimal


@dataclass(frozen=True, slots=True)
class Slope:
    """``per_year`` in the unit of the figure, over ``visits`` different days that lie ``years`` apart."""

    per_year: Fraction
    visits: int
    years: Fraction

    def rounded(self, places: int) -> Decimal:
        """Half away from zero, so that a change is not told smaller than it is; never a minus before zero."""
        scaled = abs(self.per_year) * 10**places
        whole = Decimal(int(scaled + Fraction(1, 2))).scaleb(-places)
        return -whole if self.per_year < 0 and whole else whole


def slope(points: Sequence[tuple[datetime, Decimal]], enough: Enough) -> Slope | None:
    """The slope of ``points`` (moments in the zone whose days count); None where too few or too close."""
    if not points:
        return None
    first, last = min(at for at, _value in points), max(at for at, _value in points)
    days, years = {at.date() for at, _value in points}, _years(first, last)
    if len(days) < enough.visits or years < Fraction(enough.years):
        return None
    return Slope(_least_squares([(_years(first, at), Fraction(value)) for at, value in points]), len(days), years)


def _years(first: datetime, at: datetime) -> Fraction:
    return Fraction(int((at - first).total_seconds()), DAY) / YEAR


def _least_squares(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    nothing = Fraction(0)
    across = sum((x for x, _y in pairs), nothing) / len(pairs)
    up = sum((y for _x, y in pairs), nothing) / len(pairs)
    spread = sum(((x - across) * (x - across) for x, _y in pairs), nothing)
    return sum(((x - across) * (y - up) for x, y in pairs), nothing) / spread

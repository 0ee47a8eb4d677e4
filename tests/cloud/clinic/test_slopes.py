"""A slope is that of the straight line, told only of enough visits over enough time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cloud.clinic.slopes import Enough, Slope, slope

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
ENOUGH = Enough(3, Decimal(1))
YEAR = timedelta(days=1461) / 4


def on_a_line(years, start, rate):
    return [(FIRST + year * YEAR, Decimal(start) + year * Decimal(rate)) for year in years]


def test_points_on_a_line_have_its_slope():
    found = slope(on_a_line((0, 1, 2, 4), "-2.00", "-0.50"), ENOUGH)
    assert found == Slope(Fraction(-1, 2), 4, Fraction(4))
    assert found.rounded(2) == Decimal("-0.50")


@given(some.lists(some.integers(0, 40), min_size=3, max_size=12, unique=True), some.integers(-300, 300))
def test_any_line_is_found_again(years, hundredths):
    rate = Decimal(hundredths) / 100
    found = slope(on_a_line(years, 20, rate), Enough(2, Decimal(0)))
    assert found is not None
    assert (found.per_year, found.visits) == (Fraction(rate), len(years))


@given(some.lists(some.tuples(some.integers(0, 4000), some.integers(-50, 50)), min_size=3, max_size=10))
def test_turning_every_sign_turns_the_slope(pairs):
    points = [(FIRST + timedelta(days=days), Decimal(value)) for days, value in pairs]
    turned = [(at, -value) for at, value in points]
    one, other = slope(points, ENOUGH), slope(turned, ENOUGH)
    assert (one is None) == (other is None)
    assert one is None or other is None or one.per_year == -other.per_year


@pytest.mark.parametrize(
    "years",
    [(), (0,), (0, 5)],
)
def test_too_few_visits_have_none(years):
    assert slope(on_a_line(years, 20, 1), ENOUGH) is None


def test_many_values_of_two_days_are_two_visits():
    points = [(FIRST + timedelta(days=days, minutes=n), Decimal(20)) for days in (0, 800) for n in range(5)]
    assert slope(points, ENOUGH) is None


def test_less_than_a_year_has_none():
    points = [(FIRST + timedelta(days=days), Decimal(20)) for days in (0, 100, 365)]
    assert slope(points, ENOUGH) is None
    assert slope([*points, (FIRST + timedelta(days=366), Decimal(20))], ENOUGH) is not None


@pytest.mark.parametrize(
    ("per_year", "shown"),
    [(Fraction(1, 3), "0.33"), (Fraction(-1, 200), "-0.01"), (Fraction(-1, 1000), "0.00"), (Fraction(0), "0.00")],
)
def test_half_is_rounded_away_from_zero_and_zero_has_no_sign(per_year, shown):
    assert str(Slope(per_year, 3, Fraction(2)).rounded(2)) == shown

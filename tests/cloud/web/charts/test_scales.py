from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.web.charts import Band, Chart, Point, Series, Target
from cloud.web.charts.scales import extent, height, moments, span

VALUES = st.lists(st.decimals(-60, 600, places=2), min_size=1, max_size=8)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(VALUES)
def test_every_value_lies_within_few_round_steps(values):
    found = extent(values)
    steps = {high - low for low, high in zip(found.ticks, found.ticks[1:], strict=False)}

    assert found.low <= min(values) <= max(values) <= found.high
    assert len(steps) == 1
    assert 2 <= len(found.ticks) <= 8


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["14", "26"], ["12.5", "15.0", "17.5", "20.0", "22.5", "25.0", "27.5"]),
        (["-2.50", "-0.75"], ["-2.5", "-2.0", "-1.5", "-1.0", "-0.5"]),
        (["15"], ["14.5", "15.0", "15.5"]),
        (["0"], ["-0.2", "0.0", "0.2"]),
    ],
)
def test_steps_are_those_one_would_draw(values, ticks):
    assert extent(map(Decimal, values)).ticks == [Decimal(tick) for tick in ticks]


@given(MOMENTS, MOMENTS)
def test_dates_on_the_axis_are_few_in_order_and_within(one, two):
    first, last = min(one, two), max(one, two)
    shown = span(Chart("", "", series=[Series("R", [Point(first, Decimal(1)), Point(last, Decimal(2))])]))
    found = moments(shown)

    assert shown.start < first <= last < shown.end
    assert found == sorted(set(found))
    assert len(found) <= 11
    assert all(shown.start <= at <= shown.end for at in found)


def test_a_single_day_gets_room_on_either_side():
    day = datetime(2026, 11, 21, tzinfo=UTC)
    shown = span(Chart("", "", series=[Series("L", [Point(day, Decimal(1))])]))

    assert (day - shown.start, shown.end - day) == (timedelta(days=30), timedelta(days=30))


def test_a_normal_range_far_off_does_not_flatten_the_values():
    points = [Point(datetime(2026, 1, day, tzinfo=UTC), Decimal(value)) for day, value in ((1, 20), (2, 22))]
    chart = Chart(
        "", "", series=[Series("R", points)], bands=[Band(None, Decimal(21), "", ""), Band(Decimal(90), None, "", "")]
    )

    assert height(chart).high < 30


def test_a_target_is_always_in_sight():
    points = [Point(datetime(2026, 1, 1, tzinfo=UTC), Decimal(30))]
    chart = Chart("", "", series=[Series("R", points)], targets=[Target(Decimal(12), "")])

    assert height(chart).low <= 12

"""Rows of a calendar: every day keeps its own labels and its own order, whatever its clock does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.desk import axis, side
from cloud.slots import day as days

ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
    "Africa/Casablanca",
    "Asia/Shanghai",
)


def week(on, zone):
    return [days.of(on + timedelta(days=number), zone) for number in range(7)]


@given(st.dates(date(2024, 1, 1), date(2030, 12, 24)), st.sampled_from(ZONES), st.integers(1, 7))
def test_every_quantum_has_a_row_of_its_own_in_its_own_order_with_the_label_of_its_day(on, zone, many):
    shown = week(on, zone)[:many]
    rows = axis.of(shown)
    for day in shown:
        mine = rows.rows(day)
        assert mine == sorted(set(mine))
        assert [rows.marks[row][0] for row in mine] == list(day.minutes)
    used = {row for day in shown for row in rows.rows(day)}
    assert used == set(range(len(rows.marks)))


@pytest.mark.parametrize(
    ("zone", "on", "count", "again"),
    [
        ("Europe/Lisbon", date(2026, 10, 25), 300, 12),
        ("Europe/Lisbon", date(2026, 3, 29), 276, 0),
        ("Australia/Lord_Howe", date(2026, 4, 5), 294, 6),
        ("Asia/Shanghai", date(2026, 10, 25), 288, 0),
    ],
)
def test_a_day_alone_has_as_many_rows_as_it_has_five_minutes(zone, on, count, again):
    rows = axis.of([days.of(on, zone)])
    assert (len(rows.marks), sum(times > 0 for _, times in rows.marks)) == (count, again)


def test_a_week_with_an_hour_twice_has_rows_that_only_one_of_its_days_uses():
    shown = week(date(2026, 10, 19), "Europe/Lisbon")  # Sunday the 25th has the hour from one to two twice
    rows = axis.of(shown)
    assert len(rows.marks) == 300
    assert [len(rows.rows(day)) for day in shown] == [288] * 6 + [300]
    assert rows.twice(60)
    assert not rows.twice(180)


def test_a_week_that_lacks_an_hour_keeps_its_rows_for_the_other_days():
    shown = week(date(2026, 3, 23), "Europe/Lisbon")
    rows = axis.of(shown)
    assert len(rows.marks) == 288
    assert set(range(12, 24)) & set(rows.rows(shown[6])) == set()


def test_slots_begin_at_quarters_and_at_the_edge_of_what_is_shown():
    rows = axis.of([days.of(date(2026, 11, 23), "Europe/Lisbon")])
    found = rows.slots(rows.row(9 * 60 + 5), rows.row(9 * 60 + 40))
    assert [(one.minutes, one.last - one.first) for one in found] == [(545, 2), (555, 3), (570, 2)]


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda one: (one[0], one[0] + one[1])), max_size=12
)


@given(spans.map(sorted))
def test_nobody_in_a_lane_meets_another_and_all_that_meet_agree_on_the_number_of_lanes(found):
    placed = side.lanes(found)
    assert len(placed) == len(found)
    for one, (span, (lane, lanes)) in enumerate(zip(found, placed, strict=True)):
        assert 0 <= lane < lanes
        for other, (their, (theirs, count)) in enumerate(zip(found, placed, strict=True)):
            if one != other and span[0] < their[1] and their[0] < span[1]:
                assert (lane != theirs, lanes) == (True, count)

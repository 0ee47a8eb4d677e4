from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cloud.telemetry.series import Window, rates, runs, shown

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)


def series(*values):
    return [(NOON + STEP * nth, value) for nth, value in enumerate(values) if value is not None]


def test_a_counter_is_shown_as_growth_per_hour():
    assert rates(series(10, 11, 13)) == [(NOON + STEP, 12.0), (NOON + STEP * 2, 24.0)]


def test_a_counter_that_began_anew_has_grown_from_nothing():
    assert [value for _, value in rates(series(100, 102, 1, 3))] == [24.0, 12.0, 24.0]


def test_growth_over_a_gap_is_spread_over_it_and_the_line_is_cut_there():
    counted = rates(series(0, 1, None, None, None, 2, 3))
    assert [value for _, value in counted] == [12.0, 3.0, 12.0]
    assert [len(piece) for piece in runs(counted, STEP)] == [1, 2]


def test_one_lost_look_is_no_gap():
    assert [len(piece) for piece in runs(series(1, None, 1, 1), STEP)] == [3]
    assert runs([], STEP) == []


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=40))
def test_growth_is_never_negative_and_adds_up_while_nothing_begins_anew(values):
    found = [value for _, value in rates(series(*values))]
    climbing = rates(series(*sorted(values)))
    assert min(found) >= 0
    assert abs(sum(value for _, value in climbing) / 12 - (max(values) - min(values))) < 1e-3


def test_gauges_stay_and_counters_become_rates_and_what_says_nothing_is_left_out():
    found = {"outbox_depth": series(1, 2), "frames_ok ark": series(5, 6), "reconnects": series(1)}
    assert {name: [value for _, value in values] for name, values in shown(found).items()} == {
        "frames_ok ark": [12.0],
        "outbox_depth": [1, 2],
    }


def test_a_window_ends_with_the_step_it_is_in():
    window = Window.back(NOON + timedelta(minutes=3), timedelta(hours=6), STEP)
    assert (window.start, window.end) == (NOON + STEP - timedelta(hours=6), NOON + STEP)
    assert Window.back(NOON, timedelta(hours=6), STEP).end == NOON

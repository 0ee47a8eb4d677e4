"""Who serves: whom somebody knows, whose turn it is, where it leaves the least; the same for the same every time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.slots import bits
from cloud.slots.choosing import fair, gap
from cloud.slots.layers import Ground, Kind, Why

WHOLE = bits.span(0, 288)
HOURS = bits.span(108, 204)


def day(*taken):
    ground = Ground(WHOLE, (), HOURS)
    for start, end in taken:
        ground = ground.busy(bits.span(start, end), Why(Kind.BUSY))
    return ground


def order(grounds, weights=None, known=(), start=110):
    rank = fair(grounds, weights or {}, known, start)
    return sorted(grounds, key=lambda one: (rank(one), one))


def test_whoever_is_known_comes_before_whoever_has_more_time():
    assert order({1: day(), 2: day((120, 160))}, known={2}) == [2, 1]


def test_among_strangers_it_is_the_turn_of_whoever_has_done_least():
    assert order({1: day((120, 130)), 2: day((120, 124)), 3: day()}) == [3, 2, 1]


def test_whoever_has_a_larger_share_is_asked_more_often():
    assert order({1: day((120, 130)), 2: day((120, 136))}, weights={2: 2}) == [2, 1]


def test_of_equals_the_one_who_is_left_the_smaller_gap():
    ragged, end_to_end = day((130, 140)), day((114, 124))
    assert order({1: ragged, 2: end_to_end}) == [2, 1]


def test_equals_in_all_go_by_number():
    assert order({2: day(), 1: day()}) == [1, 2]


@pytest.mark.parametrize(("start", "found"), [(10, 5), (14, 5), (9, 0), (15, 0), (0, 2), (1, 2)])
def test_a_gap_is_what_is_free_around_a_quantum(start, found):
    assert gap(bits.span(10, 15) | bits.span(0, 2), start) == found


@given(st.integers(0, 2**60 - 1), st.integers(0, 59))
@settings(deadline=None)
def test_a_gap_is_counted_as_one_would_by_hand(free, start):
    marks = [bool(free >> one & 1) for one in range(61)]
    first, last = start, start
    while first > 0 and marks[first - 1]:
        first -= 1
    while marks[last]:
        last += 1
    assert gap(free, start) == (last - first if marks[start] else 0)

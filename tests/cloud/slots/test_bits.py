"""Whole numbers as sets of quanta, each operation beside the plain way to say it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cloud.slots import bits

masks = st.integers(0, 2**60 - 1)


@given(masks, st.integers(1, 20))
def test_runs_begin_where_that_many_are_in_a_row(mask, length):
    plain = {one for one in range(60) if all(mask >> one + n & 1 for n in range(length))}
    assert set(bits.places(bits.runs(mask, length))) == plain


@given(st.lists(masks, max_size=5), st.integers(1, 4))
def test_at_least_so_many_of_them(several, count):
    plain = {one for one in range(60) if sum(mask >> one & 1 for mask in several) >= count}
    assert set(bits.places(bits.at_least(several, count))) == plain


@given(masks, st.integers(0, 5), st.integers(0, 5))
def test_wider_on_both_sides(mask, before, after):
    plain = {one + n for one in bits.places(mask) for n in range(-before, after + 1) if one + n >= 0}
    assert set(bits.places(bits.widen(mask, before, after))) == plain


@given(masks, st.integers(0, 5), st.integers(0, 5))
def test_where_something_comes_later(mask, least, more):
    plain = {one for one in range(60) if any(mask >> one + n & 1 for n in range(least, least + more + 1))}
    assert set(bits.places(bits.earlier(mask, least, least + more))) == plain


@given(masks)
def test_stretches_are_what_they_are_made_of(mask):
    stretches = list(bits.stretches(mask))
    assert bits.union(bits.span(start, end) for start, end in stretches) == mask
    assert all(end < later for (_, end), (later, _) in pairwise(stretches))


@given(st.integers(-5, 10), st.integers(-5, 10))
def test_a_span_of_nothing_is_nothing(start, end):
    assert set(bits.places(bits.span(start, end))) == set(range(max(start, 0), max(end, 0)))

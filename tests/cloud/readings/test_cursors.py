"""Any order, any repetition: the progress is that of a naive model."""

from hypothesis import given
from hypothesis import strategies as st

from cloud.readings.cursors import Progress

rows = st.lists(st.lists(st.integers(1, 40), max_size=12), max_size=8)


def hwm_of(known: set[int]) -> int:
    return next(row for row in range(1, 42) if row not in known) - 1


def gaps_of(known: set[int]) -> list[int]:
    return [row for row in range(1, max(known, default=0)) if row not in known]


@given(rows)
def test_progress_equals_a_set_of_rows_whatever_the_order(batches):
    progress, known = Progress(), set[int]()
    for batch in batches:
        progress, known = progress.with_rows(batch), known | set(batch)

        assert progress.hwm == hwm_of(known)
        assert [row for first, last in progress.gaps for row in range(first, last + 1)] == gaps_of(known)


@given(rows)
def test_islands_are_sorted_apart_and_beyond_the_mark(batches):
    progress = Progress()
    for batch in batches:
        progress = progress.with_rows(batch)
    ends = [progress.hwm, *(end for island in progress.islands for end in island)]

    assert all(first <= last for first, last in progress.islands)
    assert all(first > before + 1 for before, first in zip(ends[::2], ends[1::2], strict=False))


@given(rows)
def test_the_mark_never_goes_back(batches):
    marks, progress = [], Progress()
    for batch in batches:
        progress = progress.with_rows(batch)
        marks.append(progress.hwm)
    assert marks == sorted(marks)


def test_a_gap_is_named_by_its_first_and_last_row():
    progress = Progress().with_rows([1, 2, 5, 6, 9])

    assert (progress.hwm, progress.islands, progress.gaps) == (2, ((5, 6), (9, 9)), ((3, 4), (7, 8)))
    assert progress.with_rows([3, 4]) == Progress(6, ((9, 9),))
    assert progress.with_rows([3, 4, 7, 8]) == Progress(9)


def test_the_greatest_row_number_there_is_can_be_held():
    assert Progress().with_rows([2**63 - 1]).gaps == ((1, 2**63 - 2),)

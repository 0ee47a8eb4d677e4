"""Days whose order depends on the computer that wrote them."""

import pytest

from protocols.export import Days


def test_one_day_that_can_only_be_read_one_way_tells_the_order_of_all():
    assert Days(["02/03/2024", "02/13/2024"]).iso("02/03/2024") == "2024-02-03"
    assert Days(["02/03/2024", "13/02/2024"]).iso("02/03/2024") == "2024-03-02"


@pytest.mark.parametrize("days", [["02/03/2024"], [], ["02/13/2024", "13/02/2024"]])
def test_where_none_tells_or_two_disagree_nothing_is_assumed(days):
    assert Days(days).iso("02/03/2024") is None


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("2024-02-13", "14:07", "2024-02-13T14:07:00"),
        ("13.02.2024", "2:07:09 PM", "2024-02-13T14:07:09"),
        ("2024-02-13", "25:00", "2024-02-13"),
        ("2024-02-30", "14:07", None),
        ("", "14:07", None),
    ],
)
def test_moments(day, time, moment):
    assert Days([]).moment(day, time) == moment

"""Whose turn it is: emergencies, back from tests, appointments and walk-ins merged, those who missed a call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.queue import rules
from protocols.queue.turns import Turn, Waits, order

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
RULE = Turn(appointments=2, of=3, lead_minutes=15, late_minutes=15, behind=3, calls=3, apart_s=20)


def ago(minutes):
    return AT - timedelta(minutes=minutes)


def ids(*line, calls=0):
    return [one.id for one in order(line, AT, calls, RULE)]


def test_who_came_first_is_called_first():
    assert ids(Waits(2, ago(5)), Waits(1, ago(9)), Waits(3, ago(7))) == [1, 3, 2]


def test_of_three_calls_two_go_to_appointments():
    due = [Waits(n, ago(20 - n), due_at=ago(-n)) for n in (1, 2, 3, 4)]
    others = [Waits(n, ago(60 - n)) for n in (11, 12, 13)]
    assert ids(*others, *due) == [1, 2, 11, 3, 4, 12, 13]
    assert ids(*others, *due, calls=2) == [11, 1, 2, 12, 3, 4, 13]


def test_an_appointment_that_is_far_waits_until_nobody_else_does():
    assert ids(Waits(1, ago(30), due_at=AT + timedelta(minutes=16)), Waits(2, ago(1))) == [2, 1]
    assert ids(Waits(1, ago(30), due_at=AT + timedelta(minutes=15)), Waits(2, ago(40))) == [1, 2]


def test_who_comes_too_late_for_an_appointment_waits_like_a_walk_in():
    late = Waits(1, ago(2), due_at=ago(18))
    assert ids(late, Waits(2, ago(3))) == [2, 1]
    in_time = Waits(1, ago(2), due_at=ago(17))
    assert ids(in_time, Waits(2, ago(3))) == [1, 2]


def test_in_time_at_the_door_is_in_time_at_every_station():
    moved_on = Waits(1, ago(1), due_at=ago(20), arrived_at=ago(25))
    late = Waits(2, ago(1), due_at=ago(20), arrived_at=ago(4))
    assert ids(late, moved_on, Waits(3, ago(2))) == [1, 3, 2]


def test_an_emergency_is_before_all_and_the_frail_before_the_line():
    line = [
        Waits(1, ago(50)),
        Waits(2, ago(1), priority=1),
        Waits(3, ago(0), priority=2),
        Waits(4, ago(9), returned=True),
    ]
    assert ids(*line) == [3, 2, 4, 1]


def test_who_missed_a_call_lets_others_pass_first():
    missed = Waits(1, ago(90), not_before=4)
    assert ids(missed, Waits(2, ago(5)), Waits(3, ago(4)), calls=1) == [2, 3, 1]
    assert ids(missed, Waits(2, ago(5)), Waits(3, ago(4)), calls=4) == [1, 2, 3]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 90),
            st.none() | st.integers(-60, 60),
            st.sampled_from((0, 0, 0, 1, 2)),
            st.booleans(),
            st.integers(0, 9),
        ),
        max_size=30,
    ),
    st.integers(0, 8),
)
def test_everybody_is_in_the_line_once_and_nobody_of_a_kind_overtakes(people, calls):
    line = [
        Waits(n, ago(since), None if due is None else ago(-due), priority, back, after)
        for n, (since, due, priority, back, after) in enumerate(people)
    ]
    found = order(line, AT, calls, RULE)

    assert sorted(one.id for one in found) == [one.id for one in line]
    walk_ins = [
        one for one in found if (one.due_at, one.priority, one.returned) == (None, 0, False) and one.not_before <= calls
    ]
    assert walk_ins == sorted(walk_ins, key=lambda one: (one.queued_at, one.id))


def test_the_rule_that_is_shipped_is_whole():
    assert rules.turn().of >= rules.turn().appointments > 0
    window, least = rules.waiting()
    assert window.total_seconds() > 0
    assert least > 1
    with pytest.raises(TypeError):
        Turn(appointments=1)

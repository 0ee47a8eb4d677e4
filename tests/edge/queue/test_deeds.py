"""Each deed does what the cloud does, and nothing that is not drawn."""

import pytest
from msgspec.structs import replace

from edge.queue import deeds
from edge.queue.deeds import Hand
from edge.queue.refusals import Refused
from protocols.envelope.queue import Sent
from tests.edge.queue.books import DESK, DOCTOR, DOOR, OTHER, TESTS, TILL, at, done, guest, held, part, state, tickets

TO = Hand(11)
TO_DOCTOR = Hand(DOOR)


def refused(day, deed, *words, hand=None, minutes=0.0):
    before = (day.n, dict(day.guests(at(minutes))))
    with pytest.raises(Refused) as why:
        deed(day, at(minutes), hand or Hand(), *words)
    assert (day.n, dict(day.guests(at(minutes)))) == before
    return why.value.why


def changes(entry):
    return [(one.of, one.id, one.was, one.becomes) for one in entry.changes]


def test_call_next_calls_whose_turn_it_is_and_says_where_and_by_what_name():
    day = held(guest(1, minutes=-9, who="O."), guest(2, minutes=-5))
    entry = done(day, deeds.next_, DESK, hand=TO)
    assert (entry.what, entry.made.step, entry.made.turn, entry.made.desk, entry.made.who) == (
        "called",
        10,
        1,
        11,
        "O.",
    )
    assert changes(entry) == [("step", 10, "waiting", "called")]
    assert (day.calls(DESK, at()), tickets(day, DESK), day.row(10, at()).part.call) == (1, ["A002"], entry.made.call)


def test_a_second_turn_is_the_same_call_and_is_not_counted():
    day = held(guest(1))
    first, again = done(day, deeds.next_, DESK, hand=TO), done(day, deeds.this, 10, minutes=1)
    assert (again.made.call, again.made.turn, again.made.desk) == (first.made.call, 2, 11)
    assert day.calls(DESK, at()) == 1


def test_who_is_in_line_anew_is_called_by_another_name():
    day = held(guest(1))
    first = done(day, deeds.next_, DESK, hand=TO)
    done(day, deeds.back, 10)
    second = done(day, deeds.next_, DESK, hand=TO)
    assert (second.made.turn, second.made.call == first.made.call) == (1, False)


def test_who_did_not_come_stands_behind_three_calls_and_is_given_up_after_three():
    day = held(guest(1))
    called = [done(day, deeds.this, 10, hand=TO).made for _ in range(3) if not missed(day)]
    entry = done(day, deeds.missed, 10)
    assert [one.turn for one in called] == [1, 2, 3] and len({one.call for one in called}) == 1
    assert (changes(entry), state(day, 10)) == ([("step", 10, "called", "missed")], "missed")


def missed(day):
    """Whoever is called did not come; never true."""
    if state(day, 10) == "called":
        entry = done(day, deeds.missed, 10)
        assert [one.not_before for one in entry.changes] == [None, day.calls(DESK, at()) + 3]
    return False


def test_those_for_somebody_else_are_passed_over_unless_asked_for():
    mine = guest(1, part(10, for_="Dr Li"), minutes=-9)
    day = held(mine, guest(2))
    assert done(day, deeds.next_, DESK, hand=TO).made.step == 20
    assert refused(day, deeds.next_, DESK, hand=TO) == "nobody"
    assert done(day, deeds.next_, DESK, "Dr Li", hand=TO).made.step == 10


def test_nobody_unpaid_comes_to_a_station_where_one_pays_first():
    day = held(guest(1, part(10, DOCTOR), due=3000), guest(2, part(20, DOCTOR, minutes=5)))
    assert done(day, deeds.next_, DOCTOR, hand=TO_DOCTOR, minutes=6).made.step == 20
    assert refused(day, deeds.this, 10, hand=TO_DOCTOR) == "unpaid"
    assert refused(day, deeds.begin, 10, hand=TO_DOCTOR) == "unpaid"
    assert refused(day, deeds.paid, 10, 3001) == "amount"
    assert refused(day, deeds.let_pass, 10, hand=Hand(why="bleeds")) == "reason"
    done(day, deeds.paid, 10, 1000)
    entry = done(day, deeds.let_pass, 10, hand=Hand(by="Wang", why="bleeds"))
    assert (entry.by, entry.why, entry.cleared.what, day.row(10, at()).guest.due) == (
        "Wang",
        "bleeds",
        "overridden",
        2000,
    )
    assert done(day, deeds.begin, 10, hand=TO_DOCTOR).changes[0].becomes == "in_room"


def test_after_a_step_the_next_that_was_planned_begins_and_at_last_the_stay_is_over():
    day = held(guest(1, part(10), part(11, TESTS, "planned")))
    done(day, deeds.begin, 10)
    assert changes(done(day, deeds.done, 10)) == [
        ("step", 10, "serving", "done"),
        ("step", 11, "planned", "waiting"),
    ]
    done(day, deeds.begin, 11)
    assert changes(done(day, deeds.done, 11))[-1] == ("stay", 1, "here", "done")
    assert day.guests(at()) == {}


def test_after_tests_one_is_back_in_the_line_of_the_doctor_who_waits():
    away = part(10, DOCTOR, "orders_placed")
    day = held(guest(1, away, part(11, TESTS, "serving")))
    assert changes(done(day, deeds.done, 11))[-1] == ("step", 10, "orders_placed", "returned")
    assert tickets(day, DOCTOR) == ["A001"]


def test_sent_on_one_keeps_the_time_one_has_waited():
    day = held(guest(1, minutes=-30))
    entry = done(day, deeds.send_on, 10, TESTS)
    assert (entry.sent, changes(entry)) == (
        Sent(stay=1, station=TESTS, queued_at=at(-30)),
        [("step", 10, "waiting", "moved")],
    )
    assert (tickets(day, TESTS), state(day, -entry.n)) == (["A001"], "waiting")


def test_a_step_that_was_planned_there_is_the_one_that_begins():
    day = held(guest(1, part(10, state="serving"), part(11, TESTS, "planned")))
    entry = done(day, deeds.send_on, 10, TESTS, minutes=3)
    assert (entry.sent, changes(entry)[-1]) == (None, ("step", 11, "planned", "waiting"))
    assert day.row(11, at()).part.queued_at == at(3)


def test_a_doctor_with_an_open_record_waits_for_whom_they_send_on():
    day = held(guest(1, part(10, DOCTOR, "exam_draft")))
    entry = done(day, deeds.send_on, 10, TILL)
    assert changes(entry) == [("step", 10, "exam_draft", "orders_placed")]
    assert refused(held(guest(1, part(10, DOCTOR, "exam_draft"))), deeds.done, 10) == "not_drawn"


def test_who_has_left_is_in_no_line_any_more():
    day = held(guest(1, part(10), part(11, TESTS, "planned"), part(12, DOCTOR, "signed")))
    assert [one[2:] for one in changes(done(day, deeds.gone, 10))] == [
        ("here", "left"),
        ("waiting", "left"),
        ("planned", "cancelled"),
        ("signed", "discharged"),
    ]
    assert refused(day, deeds.back, 10) == "moved"


def test_on_hold_one_is_not_called_and_comes_back_at_the_end_of_the_line():
    day = held(guest(1, minutes=-9), guest(2, minutes=-5))
    done(day, deeds.hold, 10)
    assert (tickets(day, DESK), refused(day, deeds.this, 10, hand=TO)) == (["A002"], "not_drawn")
    done(day, deeds.back, 10)
    assert tickets(day, DESK) == ["A002", "A001"]


def test_who_comes_gets_a_number_of_the_lease_a_place_and_what_it_costs():
    day = held()
    entry = done(day, deeds.come, "general", "14:30")
    row = day.row(-2, at())
    assert (entry.came.ticket, entry.came.day, entry.came.due_at) == ("A960", "2026-11-23", "2026-11-23T06:30:00Z")
    assert (row.guest.id, row.guest.due, row.part.station, entry.changes) == (-2, 3000, DESK, [])
    assert refused(day, deeds.come, "general", "25:00") == "time"
    assert refused(day, deeds.come, "nowhere") == "unknown"


def test_two_who_come_with_the_same_appointment_are_called_as_they_came():
    day = held()
    for _ in range(3):
        done(day, deeds.come, "general", "12:00")
    assert tickets(day, DESK) == ["A960", "A961", "A962"]


def test_numbers_end_and_nobody_gets_one_twice():
    day = held()
    given = [done(day, deeds.come, "quick").came.ticket for _ in range(10)]
    assert (given, refused(day, deeds.come, "quick")) == ([f"B{n}" for n in range(990, 1000)], "numbers")


def test_a_door_is_one_of_its_own_station_and_somebody_sits_there():
    day = held(guest(1))
    assert refused(day, deeds.next_, DESK) == "door"
    assert refused(day, deeds.next_, DESK, hand=TO_DOCTOR) == "unknown"
    assert refused(day, deeds.next_, 99) == "unknown"
    assert refused(day, deeds.send_on, 10, 99) == "unknown"


def test_what_somebody_else_has_changed_since_the_page_was_made_changes_nothing():
    day = held(guest(1), guest(2))
    done(day, deeds.next_, DESK, hand=Hand(11, seen=1))
    assert refused(day, deeds.next_, DESK, hand=Hand(11, seen=1)) == "moved"
    assert refused(day, deeds.this, 10, hand=Hand(11, seen=1)) == "moved"
    assert done(day, deeds.next_, DESK, hand=Hand(11, seen=2)).made.step == 20


def test_two_doors_that_call_at_once_get_two_people():
    day = held(guest(1, part(10, DOCTOR)), guest(2, part(20, DOCTOR)))
    seen = [done(day, deeds.next_, DOCTOR, hand=Hand(one, seen=1)).made.step for one in (DOOR, OTHER)]
    assert seen == [10, 20]


@pytest.mark.parametrize("given", [True, False])
def test_without_the_queue_nothing_can_be_done(given):
    day = held(guest(1))
    if given:
        day.apply(deeds.gave(day, at()))
    else:
        day.hold = ""
    why = {refused(day, deeds.next_, DESK, hand=TO), refused(day, deeds.this, 10), refused(day, deeds.come, "general")}
    assert why == {"giving" if given else "cloud"}


def test_at_the_stores_midnight_another_day_begins():
    day = held(guest(1), guest(2, part(20, state="called", call="c", turn=1)))
    night = 12 * 60 + 1  # 00:01 in Shanghai, 16:01 UTC
    assert (tickets(day, DESK, night), day.row(10, at(night)), day.calls(DESK, at(night))) == ([], None, 0)
    assert refused(day, deeds.this, 10, hand=TO, minutes=night) == "moved"
    entry = done(day, deeds.come, "general", minutes=night)
    assert (entry.came.day, entry.came.ticket, tickets(day, DESK, night)) == ("2026-11-24", "A960", ["A960"])
    assert refused(day, deeds.come, "general", minutes=night + 1440) == "numbers"


def test_a_zone_nobody_knows_is_the_clock_of_the_world():
    day = held(guest(1), zone="Nowhere/Atlantis")
    assert day.clock(replace(day.book, made_at=at()).made_at) == "04:00"

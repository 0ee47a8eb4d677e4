"""Whatever is done in whatever order, and wherever the power is cut."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.queue import deeds
from edge.queue.day import Day, age, moment
from edge.queue.deeds import Hand
from edge.queue.log import FILE, Held, Log
from edge.queue.refusals import Refused
from protocols.envelope.calls import Answer
from protocols.envelope.queue import Answered
from protocols.queue.machines import may
from protocols.queue.turns import Waits, order
from protocols.queue.words import IN_LINE
from tests.edge.queue.books import (
    DESK,
    DOCTOR,
    DOOR,
    HOLD,
    OTHER,
    PLACES,
    TESTS,
    TILL,
    at,
    become,
    book,
    guest,
    lease,
    part,
    took,
)

DOORS = {DESK: 11, TESTS: None, DOCTOR: DOOR, TILL: 41}
PLAIN = (deeds.this, deeds.missed, deeds.begin, deeds.done, deeds.hold, deeds.back, deeds.gone)
wishes = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 40), st.floats(0, 900)), max_size=40)
states = ("waiting", "called", "serving", "held", "missed", "planned")
inside = ("waiting", "called", "in_room", "exam_draft", "orders_placed", "returned", "reviewing", "signed", "planned")


@st.composite
def books(draw):
    """Up to eight people with up to three steps each."""
    guests = []
    for n in range(1, draw(st.integers(0, 8)) + 1):
        parts = [
            part(n * 10 + k, station, draw(st.sampled_from(inside if station == DOCTOR else states)), minutes=-n)
            for k, station in enumerate(draw(st.lists(st.sampled_from(list(DOORS)), max_size=3, unique=True)))
        ]
        due = at(draw(st.integers(-60, 60))) if draw(st.booleans()) else ""
        told = {"priority": draw(st.integers(0, 2)), "due": draw(st.sampled_from([0, 3000])), "due_at": due}
        guests.append(guest(n, *(parts or [part(n * 10)]), minutes=-n, **told))
    numbers = [lease(day, 960, 963) for day in ("2026-11-23", "2026-11-24")]
    return book(*guests, numbers=[*numbers, lease("2026-11-23", 955, 957)])


def wished(day, wish):
    """One wish as a deed; what is refused is nothing."""
    what, which, minutes = wish
    steps = [row.part.id for one in PLACES for row in day.rows(one.id, at(minutes))] or [0]
    step, station = steps[which % len(steps)], list(DOORS)[which % 4]
    row = day.row(step, at(minutes))
    hand = Hand(DOORS[row.part.station] if row and which % 3 else None, by="W", why="reason")
    if what < len(PLAIN):
        return PLAIN[what](day, at(minutes), hand, step)
    if what in (7, 8):
        return deeds.next_(day, at(minutes), Hand(DOORS[station]), station)
    if what in (9, 10):
        return deeds.come(day, at(minutes), Hand(), "general")
    if what == 11:
        return deeds.send_on(day, at(minutes), hand, step, station)
    if what == 12:
        return deeds.paid(day, at(minutes), hand, step, 1000)
    if what == 13:
        return deeds.let_pass(day, at(minutes), hand, step)
    if what == 14:
        return deeds.took(day, at(minutes)) if day.gives else deeds.gave(day, at(minutes))
    callers = {"tv": Answer(state="shown", at=at(minutes))}
    return deeds.answered(day, at(minutes), Answered(call=f"c{which}", turn=1, callers=callers))


def played(day, all_, keep=lambda entry: None):
    """The entries of what was not refused."""
    found = []
    for wish in all_:
        try:
            entry = wished(day, wish)
        except Refused:
            continue
        keep(entry)
        day.apply(entry)
        found.append(entry)
    return found


def begun(told):
    day = Day(told)
    day.apply(took(told))
    return day


def whole(day):
    """Everything a day is."""
    return {name: value for name, value in vars(day).items() if name != "zone"}


@pytest.mark.edge("EDGE-490", "What was done with the queue is there after a power cut at any byte, and no half of it.")
@settings(deadline=None, max_examples=60)
@given(books(), wishes, st.floats(0, 1))
def test_after_a_cut_at_any_byte_the_day_is_as_it_was_confirmed(told, all_, where):
    with tempfile.TemporaryDirectory() as folder:
        log, day, ends = Log(Path(folder)), begun(told), []
        log.begin(Held(address="a/b/c", hold=HOLD, told=told), took(told))
        file = Path(folder) / FILE
        ends.append(file.stat().st_size)
        entries = played(day, all_, lambda entry: (log.append(entry), ends.append(file.stat().st_size)))
        cut = ends[0] + round((ends[-1] - ends[0]) * where)
        file.write_bytes(file.read_bytes()[:cut])

        again = Log(Path(folder))
        held, found = again.read()
        kept = sum(end <= cut for end in ends)
        rebuilt, expected = Day(held.told), begun(told)
        for one in found:
            rebuilt.apply(one)
        for one in entries[: kept - 1]:
            expected.apply(one)
        assert ([one.n for one in found], whole(rebuilt)) == (list(range(1, kept + 1)), whole(expected))

        if not rebuilt.gives:  # and it goes on behind the cut as if nothing had been torn
            again.append(following := deeds.gave(rebuilt, at()))
            assert Log(Path(folder)).read()[1] == [*found, following]


@pytest.mark.edge("EDGE-491", "No number is given twice, across restarts, midnights, leases and holdings.")
@settings(deadline=None, max_examples=80)
@given(st.lists(wishes, min_size=1, max_size=4), books())
def test_no_ticket_is_given_twice(rounds, told):
    day, given_ = begun(told), Counter()
    for all_ in rounds:
        entries = played(day, [(9 if what % 2 else what, *rest) for what, *rest in all_])
        given_.update((one.came.day, one.came.ticket) for one in entries if one.came)
        day = become(day, told)  # the cloud's book knows nothing of them; the next holding does
        day.apply(took(told))
    assert max(given_.values(), default=1) == 1
    assert all(955 <= int(ticket[1:]) <= 963 for _day, ticket in given_)


@settings(deadline=None, max_examples=80)
@given(books(), wishes)
def test_every_change_is_drawn_and_follows_the_one_before(told, all_):
    day = begun(told)
    known = {one.id: (one.machine, one.state) for each in told.guests for one in each.parts}
    for entry in played(day, all_):
        born = entry.came or entry.sent
        if born is not None:
            station = entry.sent.station if entry.sent else DESK
            known[-entry.n] = "doctor" if station == DOCTOR else "counter", "waiting"
        for one in entry.changes:
            machine, before = known[one.id] if one.of == "step" else ("stay", "here")
            assert (one.was, may(machine, one.was, one.becomes)) == (before, True)
            if one.of == "step":
                known[one.id] = machine, one.becomes
    here = {row.part.id: row.part.state for one in PLACES for row in day.rows(one.id, at())}
    assert {step: state for step, state in here.items() if known[step][1] != state} == {}


@settings(deadline=None, max_examples=80)
@given(books(), wishes, st.floats(0, 700))
def test_the_line_is_in_the_order_of_the_rule_and_call_next_keeps_to_it(told, all_, minutes):
    day = begun(told)
    played(day, all_)
    if day.gives:
        day.apply(deeds.took(day, at(minutes)))
    for one in PLACES:
        line = day.line(one.id, at(minutes))
        rows = [row for row in day.rows(one.id, at(minutes)) if row.part.state in IN_LINE]
        waits = [waiting(row) for row in rows]
        assert [age(row.part.id) for row in line] == [
            wait.id for wait in order(waits, moment(at(minutes)), day.calls(one.id, at(minutes)), day.book.rule)
        ]
        free = [row.part.id for row in line if not deeds.owes(row.guest, one)]
        if free:
            assert deeds.next_(day, at(minutes), Hand(DOORS[one.id]), one.id).made.step == free[0]


def waiting(row):
    due = moment(row.guest.due_at) if row.guest.due_at else None
    return Waits(
        age(row.part.id),
        moment(row.part.queued_at or row.guest.arrived_at),
        due,
        row.guest.priority,
        row.part.state == "returned",
        row.part.not_before,
        moment(row.guest.arrived_at),
    )


def test_three_hundred_people_go_through_four_stations_offline():
    """Everybody is called once at each station, and nobody is left in any line."""
    told = book(numbers=[lease("2026-11-23", 700, 999)])
    day, minutes, entries = begun(told), 0.0, []

    def do(deed, *words, hand=None):
        entries.append(deed(day, at(minutes), hand or Hand(), *words))
        day.apply(entries[-1])
        return entries[-1]

    for n in range(300):
        minutes = n / 10
        do(deeds.come, "general")
    for station, following in ((DESK, TESTS), (TESTS, DOCTOR), (DOCTOR, TILL), (TILL, None)):
        for _ in range(300):
            minutes += 0.1
            step = do(deeds.next_, station, hand=Hand(OTHER if station == DOCTOR else DOORS[station])).made.step
            do(deeds.begin, step)
            if station == DESK:
                do(deeds.paid, step, 3000)
            do(*((deeds.done, step) if following is None else (deeds.send_on, step, following)))

    called = Counter(one.made.step for one in entries if one.made)
    assert (len(called), set(called.values())) == (1200, {1})
    assert (day.guests(at(minutes)), {day.calls(one.id, at(minutes)) for one in PLACES}) == ({}, {300})
    assert [one.n for one in entries] == list(range(2, len(entries) + 2))

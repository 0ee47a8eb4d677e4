"""The judge finds what is wrong; one that always says yes would be worth nothing."""

from collections import Counter

import pytest

from deploy.morning.judge import callers, rule, times
from deploy.morning.judge.order import Replay, overtaken
from deploy.morning.judge.rule import Waiting
from deploy.morning.judge.visits import visits
from deploy.morning.kept import Row
from deploy.morning.log import CALLED, OVER, SERVED, WAITS, Deed, Log
from deploy.morning.people import CASHIER, Person, coming
from firmware_sim.callers import glass
from protocols import cd5220

AT = 10_000.0


def stands(ticket, minutes, **told):
    since = AT - minutes * 60
    return Waiting(ticket, since, told.pop("came", since), **told)


@pytest.mark.parametrize(
    ("line", "calls", "expected"),
    [
        ([stands("A1", 5), stands("A2", 9)], 0, "A2"),
        ([stands("A1", 50), stands("V1", 1, due=AT)], 0, "V1"),
        ([stands("A1", 50), stands("V1", 1, due=AT)], 1, "V1"),
        ([stands("A1", 50), stands("V1", 1, due=AT)], 2, "A1"),
        ([stands("V1", 1, due=AT)], 2, "V1"),
        ([stands("A1", 5), stands("V1", 1, due=AT - 17 * 60)], 0, "A1"),
        ([stands("A1", 1), stands("V1", 30, due=AT + 16 * 60)], 0, "A1"),
        ([stands("V1", 1, came=AT - 900, due=AT - 1740), stands("A1", 2)], 0, "V1"),
        ([stands("A1", 50), stands("A2", 1, back=True)], 0, "A2"),
        ([stands("A1", 1, back=True), stands("A2", 1, priority=1)], 0, "A2"),
        ([stands("A1", 9, priority=1), stands("E1", 1, priority=2)], 0, "E1"),
        ([stands("A1", 50, after=4), stands("A2", 1)], 3, "A2"),
        ([stands("A1", 50, after=4), stands("A2", 1)], 4, "A1"),
        ([stands("A1", 50, after=4, priority=1), stands("A2", 1)], 3, "A2"),
        ([stands("E1", 50, after=4, priority=2), stands("A2", 1)], 3, "E1"),
        ([], 0, ""),
    ],
)
def test_the_rule_in_its_own_words(line, calls, expected):
    assert rule.first(line, AT, calls) == expected


def said(what, began, ticket, *moves, **told):
    return Deed(what, began, "door-1", ended=began + 0.1, ticket=ticket, moves=moves, station=CASHIER, **told)


def day(*deeds):
    """Two people come to the cashier alone, one second apart."""
    came = [said("arrive", at, name, (CASHIER, WAITS), alone=True) for at, name in ((1, "A001"), (2, "A002"))]
    return Log(deeds=[*came, *deeds])


def press(began, ticket, **told):
    return said("press", began, ticket, (CASHIER, CALLED), **{"door": 41, "turn": 1, "alone": True, **told})


PEOPLE = [Person(0, 1, ticket="A001"), Person(1, 2, ticket="A002")]


def test_whoever_is_called_before_their_turn_is_found():
    assert list(Replay(day(press(3, "A001"), press(4, "A002")), PEOPLE).faults()) == []
    assert len(list(Replay(day(press(3, "A002"), press(4, "A001")), PEOPLE).faults())) == 1


def test_whoever_is_called_twice_or_never_is_found():
    assert visits(day(press(3, "A001"), press(4, "A002")))[1] == []
    assert len(visits(day(press(3, "A001"), press(4, "A001")))[1]) == 2


def test_overtaking_among_those_who_press_at_once_is_found():
    free = {"alone": False}
    right, wrong = (
        day(press(3, "A001", **free), press(4, "A002", **free)),
        day(press(3, "A002", **free), press(4, "A001", **free)),
    )
    assert list(overtaken(right, PEOPLE, visits(right)[0])) == []
    assert len(list(overtaken(wrong, PEOPLE, visits(wrong)[0]))) == 1


def test_a_call_that_is_missing_or_doubled_somewhere_is_found():
    made = callers.made(day(press(3, "A001"), press(4, "A002")))
    assert made.must == Counter({("A001", 41): 1, ("A002", 41): 1})
    assert list(callers.agree(made, [("A001", 41), ("A002", 41)])) == []
    assert len(list(callers.agree(made, [("A001", 41)]))) == 1
    assert len(list(callers.agree(made, [("A001", 41), ("A002", 41), ("A002", 41)]))) == 1
    assert len(list(callers.agree(made, [("A001", 41), ("A002", 42)]))) == 2


def test_a_report_that_is_off_by_more_than_a_second_is_found():
    log = day(
        press(11, "A001"), said("serving", 15, "A001", (CASHIER, SERVED)), said("done", 20, "A001", (CASHIER, OVER))
    )
    log.deeds = [one for one in log.deeds if one.ticket == "A001"]
    right = {"waits": 10.0, "called": 4.0, "served": 5.0, "away": 0.0}
    assert list(times.faults(log, [Row("A001", "Cashier", right)], {"Cashier": CASHIER})) == []
    for wrong in (right | {"waits": 12.0}, right | {"served": 3.0}):
        assert len(list(times.faults(log, [Row("A001", "Cashier", wrong)], {"Cashier": CASHIER}))) == 1
    assert len(list(times.faults(log, [], {}))) == 1


def test_the_display_is_read_page_by_page():
    pages = [("A012 -> 3", "Room 3"), ("B001", ""), ("A012 -> 3", "Room 3")]
    assert glass.shown(b"".join(cd5220.show(*one) for one in pages)) == pages
    assert glass.shown(cd5220.brightness(2) + cd5220.show("A1", through_printer=True)) == [("A1", "")]
    with pytest.raises(glass.Garbled):
        glass.shown(b"A012")


def test_the_same_seed_brings_the_same_people_of_every_sort():
    people = coming(1, 120, 150)
    assert people == coming(1, 120, 150) != coming(2, 120, 150)
    assert sum(one.missing > 0 for one in people) == 8
    assert Counter(one.priority for one in people) == {0: 112, 1: 6, 2: 2}

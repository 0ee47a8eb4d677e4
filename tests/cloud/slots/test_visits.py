"""Visits as practices have them: several segments, people and rooms together, families, windows kept for some."""

from dataclasses import replace
from datetime import date

import pytest

from cloud.slots import bits
from cloud.slots.assigning import assign
from cloud.slots.day import of
from cloud.slots.grid import Clock, Listed, Packed
from cloud.slots.hours import Hours, Reserved, Weekly, for_type, ground
from cloud.slots.layers import Kind, Layer, Why
from cloud.slots.reasons import missing, why
from cloud.slots.search import Question, marks, starts
from cloud.slots.together import Party, party_starts, seat
from cloud.slots.visit import Need, Place, Segment, Visit
from tests.cloud.slots.test_day import DAILY, hm

MONDAY = date(2026, 5, 4)
DAY = of(MONDAY, "Europe/London")
TECHNICIAN, REFRACTOR, DOCTOR, OTHER, LANE, OPTICIAN = range(1, 7)


def works(*windows: str) -> Hours:
    return Hours(tuple(Weekly(n, DAILY, tuple(map(hm, one.split("-")))) for n, one in enumerate(windows)))  # type: ignore[arg-type]


def need(*pool: int, count: int = 1, same: str | None = None) -> Need:
    return Need(frozenset(pool), count, same)


def grounds(**windows: str):
    return {
        int(number[1:]): ground(DAY, int(number[1:]), works(*one.split()), works("00:00-24:00"))
        for number, one in windows.items()
    }


def shown(mask: int) -> list[str]:
    return [f"{DAY.shown(one):%H:%M}" for one in bits.places(mask)]


def q(text: str) -> int:
    return next(bits.places(DAY.window(hm(text), 1440)))


# pre-test, drops work for 20 to 30 minutes, the doctor, the optician
DILATED = Visit(
    (
        Segment(2, (need(TECHNICIAN), need(REFRACTOR))),
        Segment(3, (need(DOCTOR, OTHER), need(LANE)), gap=(4, 6)),
        Segment(3, (need(OPTICIAN),)),
    )
)


def test_a_visit_of_three_segments_waits_for_the_drops():
    there = grounds(r1="09:00-10:00", r2="09:00-10:00", r3="09:35-10:00", r5="09:00-12:00", r6="09:00-12:00")
    question = Question(DAY, DILATED, there, Clock(5))
    assert shown(starts(question)) == ["09:00", "09:05", "09:10", "09:15"]
    assert assign(DILATED, there, q("09:00")) == (
        Place(0, TECHNICIAN, q("09:00"), q("09:10")),
        Place(0, REFRACTOR, q("09:00"), q("09:10")),
        Place(1, DOCTOR, q("09:35"), q("09:50")),
        Place(1, LANE, q("09:35"), q("09:50")),
        Place(2, OPTICIAN, q("09:50"), q("10:05")),
    )


def test_one_and_the_same_doctor_twice_is_not_two_doctors_once():
    twice = Visit(
        (Segment(3, (need(DOCTOR, OTHER, same="doctor"),)), Segment(3, (need(DOCTOR, OTHER, same="doctor"),), (6, 6)))
    )
    apart = grounds(r3="09:00-09:15", r4="09:45-10:00")
    assert starts(Question(DAY, twice, apart, Clock(15))) == 0
    anyone = Visit(tuple(replace(one, needs=(need(DOCTOR, OTHER),)) for one in twice.segments))
    assert shown(starts(Question(DAY, anyone, apart, Clock(15)))) == ["09:00"]
    assert why(Question(DAY, twice, apart, Clock(15)), q("09:00")) == {Why(Kind.TOGETHER)}


def test_two_needs_that_only_one_person_can_meet_are_not_met():
    both = Visit((Segment(2, (need(TECHNICIAN, DOCTOR), need(DOCTOR))),))
    assert starts(Question(DAY, both, grounds(r3="09:00-10:00"), Clock(5))) == 0
    assert shown(starts(Question(DAY, both, grounds(r3="09:00-09:10", r1="09:00-10:00"), Clock(5)))) == ["09:00"]


def test_two_out_of_a_pool():
    pair = Visit((Segment(2, (need(TECHNICIAN, DOCTOR, OTHER, count=2),)),))
    there = grounds(r1="09:00-10:00", r3="09:30-10:00", r4="09:00-09:15")
    assert shown(starts(Question(DAY, pair, there, Clock(5)))) == [
        "09:00",
        "09:05",
        "09:30",
        "09:35",
        "09:40",
        "09:45",
        "09:50",
    ]


def test_who_is_preferred_is_chosen_and_ties_go_by_number():
    one = Visit((Segment(2, (need(DOCTOR, OTHER),)),))
    there = grounds(r3="09:00-10:00", r4="09:00-10:00")
    assert assign(one, there, q("09:00")) == (Place(0, DOCTOR, q("09:00"), q("09:10")),)
    assert assign(one, there, q("09:00"), lambda who: (who != OTHER,)) == (Place(0, OTHER, q("09:00"), q("09:10")),)


def test_grids():
    one = Visit((Segment(4, (need(DOCTOR),)),))
    there = grounds(r3="09:10-10:00 10:25-11:30")
    assert shown(starts(Question(DAY, one, there, Clock(20)))) == ["09:20", "09:40", "10:40", "11:00"]
    assert shown(starts(Question(DAY, one, there, Clock(20, 10)))) == ["09:10", "09:30", "10:30", "10:50", "11:10"]
    assert shown(starts(Question(DAY, one, there, Listed(frozenset({hm("09:15"), hm("11:20")}))))) == ["09:15"]
    assert shown(starts(Question(DAY, one, there, Packed(4)))) == ["09:10", "09:30", "10:25", "10:45", "11:05"]


def test_a_patient_comes_when_preparation_is_done():
    prepared = Visit((Segment(4, (need(DOCTOR),)),), before=1)
    question = Question(DAY, prepared, grounds(r3="09:00-10:00"), Clock(15))
    assert shown(starts(question)) == ["09:15", "09:30", "09:45"]
    assert assign(prepared, question.grounds, q("09:15")) == (Place(0, DOCTOR, q("09:10"), q("09:30")),)


def test_turn_over_keeps_two_apart_and_says_so():
    one = Visit((Segment(2, (need(LANE),)),))
    there = grounds(r5="09:00-10:00")
    lane = replace(there[LANE], between=1).busy(DAY.window(hm("09:20"), hm("09:30")), Why(Kind.BUSY, 77, LANE))
    question = Question(DAY, one, {LANE: lane}, Clock(5))
    assert shown(starts(question)) == ["09:00", "09:05", "09:35", "09:40", "09:45", "09:50"]
    assert why(question, q("09:10")) == {Why(Kind.TURN_OVER, 77, LANE)}
    assert why(question, q("09:15")) == {Why(Kind.BUSY, 77, LANE), Why(Kind.TURN_OVER, 77, LANE)}


def test_windows_kept_for_some_types():
    morning = Weekly(1, DAILY, (hm("09:00"), hm("10:00")))
    children = Reserved(5, morning, frozenset({2}), only=True)
    no_lenses = Reserved(6, morning, frozenset({3}), only=False)
    whole = {1: DAY.window(*morning.window), 2: 0, 3: DAY.window(*morning.window)}
    for type_id, gone in whole.items():
        layers = for_type(DAY, type_id, [children, no_lenses])
        assert bits.union(layer.taken for layer in layers) == gone
    both = [children, Reserved(7, morning, frozenset({1}), only=True)]
    assert bits.union(layer.taken for layer in for_type(DAY, 1, both)) == 0
    assert [layer.why for layer in for_type(DAY, 3, both)] == [Why(Kind.ONLY_OTHERS, 5), Why(Kind.ONLY_OTHERS, 7)]


def test_why_a_time_is_missing_names_the_rule_and_whose_day_it_is():
    one = Visit((Segment(2, (need(DOCTOR), need(LANE))),))
    there = grounds(r3="09:00-10:00", r5="08:00-18:00")
    there[LANE] = there[LANE].under([Layer(DAY.window(hm("09:30"), hm("09:40")), Why(Kind.BLOCKED, 4, LANE))])
    question = Question(DAY, one, there, Clock(30), (Layer(bits.span(0, q("09:01")), Why(Kind.TOO_SOON)),))
    told = missing(question)
    assert told[q("09:30")] == {Why(Kind.BLOCKED, 4, LANE)}
    assert told[q("10:00")] == {Why(Kind.HOURS, None, DOCTOR)}
    assert told[q("09:00")] == {Why(Kind.TOO_SOON)}
    assert told[q("23:30")] == {Why(Kind.HOURS, None, DOCTOR), Why(Kind.HOURS, None, LANE)}
    nobody = replace(question, grounds={DOCTOR: there[DOCTOR]}, limits=())
    assert why(nobody, q("09:30")) == {Why(Kind.NOBODY)}
    assert marks(question) & starts(question) == starts(question)


def test_a_family_of_three_one_after_another_or_not_at_all():
    check = Visit((Segment(4, (need(DOCTOR),)),))
    question = Question(DAY, check, grounds(r3="09:00-10:20"), Clock(10))
    family = Party((check, check, check), apart=(4, 6))
    assert shown(party_starts(question, family)) == ["09:00", "09:10", "09:20"]
    seated = seat(question, family, q("09:20"))
    assert seated is not None
    assert [f"{DAY.shown(one):%H:%M}" for one in seated.times] == ["09:20", "09:40", "10:00"]
    assert seat(question, family, q("09:30")) is None


def test_side_by_side_needs_as_many_people_as_there_are():
    check = Visit((Segment(4, (need(DOCTOR, OTHER),)),))
    there = grounds(r3="09:00-10:00", r4="09:30-10:30")
    question = Question(DAY, check, there, Clock(10))
    assert shown(party_starts(question, Party((check, check)))) == ["09:30", "09:40"]
    seated = seat(question, Party((check, check)), q("09:30"))
    assert seated is not None
    assert {place.resource for place in seated.places} == {DOCTOR, OTHER}


@pytest.mark.parametrize("segments", [(), (Segment(1, (need(1),), gap=(1, 1)),), (Segment(1, ()),)])
def test_a_visit_that_is_none_is_refused(segments):
    with pytest.raises(ValueError, match="visit"):
        Visit(segments)

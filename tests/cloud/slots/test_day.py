"""Days on which clocks change: every case here has shifted somebody's appointments in another product."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from cloud.slots import bits
from cloud.slots.day import QUANTUM, Day, of
from cloud.slots.grid import Clock
from cloud.slots.hours import Dated, Hours, Weekly, ground
from cloud.slots.layers import Kind, Layer, Why
from cloud.slots.search import Question, starts
from cloud.slots.visit import Need, Segment, Visit
from tests.cloud.slots.strategies import dates, zones

DAILY = frozenset(range(7))


def hm(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def offered(
    zone: str, on: date, window: str, *, length: int = 60, every: int = 60, later: datetime | None = None
) -> list[str]:
    """What a resource that works daily in this window offers on a day, as its wall clock shows it."""
    start, end = map(hm, window.split("-"))
    day = of(on, zone)
    hours = Hours((Weekly(1, DAILY, (start, end)),))
    visit = Visit((Segment(length // 5, (Need(frozenset({1})),)),))
    soon = Layer(day.between(day.begins, later or day.begins), Why(Kind.TOO_SOON))
    question = Question(day, visit, {1: ground(day, 1, hours, hours)}, Clock(every), (soon,))
    return [f"{day.shown(one):%H:%M}" for one in bits.places(starts(question))]


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/Sao_Paulo", date(2026, 11, 1), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Asia/Kathmandu", date(2026, 10, 25), 24),
        ("Africa/Casablanca", date(2026, 2, 15), 25),
        ("Africa/Casablanca", date(2026, 3, 22), 23),
        ("Asia/Shanghai", date(2026, 3, 29), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 31), 24),
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Asia/Beirut", date(2026, 3, 29), 23),
        ("Asia/Beirut", date(2026, 10, 25), 24),
        ("Asia/Beirut", date(2026, 10, 24), 25),
        ("Pacific/Chatham", date(2026, 4, 5), 25),
    ],
)
def test_a_day_is_as_long_as_it_is(zone, on, hours):
    day = of(on, zone)
    assert day.quanta == hours * 12
    assert day.ends - day.begins == timedelta(hours=hours)


@given(zones, dates)
def test_days_follow_each_other_without_a_gap_and_labels_stay_on_their_day(zone, on):
    day, tomorrow = Day(on, zone), Day(on + timedelta(days=1), zone)
    assert day.ends == tomorrow.begins
    assert all(day.shown(one).date() == on for one in range(day.quanta))
    assert all(day.quantum(day.instant(one)) == one for one in range(day.quanta))
    assert day.window(0, 1440) == day.whole


@given(zones, dates)
def test_elapsed_minutes_are_what_lies_between_two_labels(zone, on):
    day = Day(on, zone)
    open_ = day.window(hm("09:00"), hm("17:00"))
    labels = [day.shown(one) for one in bits.places(open_)]
    if labels:
        elapsed = labels[-1].astimezone(UTC) - labels[0].astimezone(UTC)
        assert elapsed + QUANTUM == open_.bit_count() * QUANTUM
        assert (f"{labels[0]:%H:%M}", f"{labels[-1]:%H:%M}") == ("09:00", "16:55")
    assert bool(labels) == (day.quanta > 0)


def test_a_day_that_begins_in_a_gap_begins_with_its_first_instant():
    day = of(date(2026, 3, 8), "America/Havana")
    assert (day.begins, f"{day.shown(0):%H:%M}") == (at(2026, 3, 8, 5), "01:00")


def test_times_that_are_skipped_move_on_and_a_window_of_them_alone_is_empty():
    day = of(date(2026, 3, 8), "America/New_York")
    assert day.window(hm("02:00"), hm("03:00")) == 0
    assert day.window(hm("02:15"), hm("04:00")) == day.window(hm("03:00"), hm("04:00"))
    assert day.window(hm("01:00"), hm("02:30")) == day.window(hm("01:00"), hm("03:00"))
    assert day.window(hm("01:00"), hm("03:00")).bit_count() == 12


def test_times_that_come_twice_are_both_there_and_told_apart_by_their_offset():
    day = of(date(2026, 11, 1), "America/New_York")
    assert day.window(hm("01:00"), hm("02:00")).bit_count() == 24
    first, second = (one for one in range(day.quanta) if f"{day.shown(one):%H:%M}" == "01:30")
    assert [day.shown(one).utcoffset() for one in (first, second)] == [timedelta(hours=-4), timedelta(hours=-5)]
    assert offered("America/New_York", date(2026, 11, 1), "00:00-03:00") == ["00:00", "01:00", "01:00", "02:00"]


def test_a_change_of_half_an_hour():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert Day(date(2026, 10, 4), lord_howe).window(hm("01:00"), hm("03:00")).bit_count() == 18
    assert Day(date(2026, 4, 5), lord_howe).window(hm("01:00"), hm("03:00")).bit_count() == 30


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham"])
def test_odd_offsets_keep_local_marks(zone):
    assert offered(zone, date(2026, 5, 4), "09:00-12:00", every=30) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_an_instant_of_another_day_is_refused():
    with pytest.raises(ValueError, match="2026-05-04"):
        of(date(2026, 5, 4), "Europe/London").quantum(at(2026, 5, 5, 12))


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2026, 3, 6), at(2026, 3, 6, 18)),
        (date(2026, 3, 7), at(2026, 3, 7, 18)),
        (date(2026, 3, 8), at(2026, 3, 8, 17)),
        (date(2026, 3, 9), at(2026, 3, 9, 17)),
    ],
)
def test_cal_com_30021_an_afternoon_is_not_an_hour_late_on_the_day_of_the_change(on, first):
    day = of(on, "America/New_York")
    open_ = day.window(hm("13:00"), hm("18:00"))
    assert (day.instant(next(bits.places(open_))), open_.bit_count()) == (first, 60)


@pytest.mark.parametrize("on", [date(2023, 11, 1) + timedelta(days=n) for n in range(0, 40, 3)])
def test_cal_com_10517_november_begins_at_nine_like_december(on):
    assert offered("America/New_York", on, "09:00-12:00") == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize("notice", [6, 7, 8])
def test_cal_com_12137_notice_that_ends_on_the_day_of_the_change_shifts_nothing(notice):
    asked = at(2023, 10, 29, 14)  # 10:00 in New York
    later = asked + timedelta(days=notice)
    on = later.astimezone(ZoneInfo("America/New_York")).date()
    assert offered("America/New_York", on + timedelta(days=1), "09:00-17:00", later=later)[0] == "09:00"
    first = {4: "10:00", 5: "09:00", 6: "09:00"}[on.day]  # seven days of 24 hours end at nine on the longer day
    assert offered("America/New_York", on, "09:00-17:00", later=later)[0] == first


@pytest.mark.parametrize("on", [date(2023, 3, 5), date(2023, 3, 12), date(2023, 3, 19), date(2023, 11, 5)])
def test_cal_com_6217_half_an_hour_a_week_is_at_the_same_time_on_days_of_change(on):
    assert offered("America/Toronto", on, "12:30-13:00", length=30, every=30) == ["12:30"]


def test_whatever_is_offered_on_a_day_of_change_can_be_asked_for_by_its_instant():
    day = of(date(2026, 10, 25), "Europe/London")
    for one in range(day.quanta):
        assert day.quantum(day.shown(one).astimezone(UTC)) == one


def test_an_exception_replaces_a_day_and_a_closure_empties_it():
    on = date(2026, 5, 4)
    day = of(on, "Europe/London")
    weekly = Hours((Weekly(1, DAILY, (hm("09:00"), hm("17:00"))),))
    evening = Hours(weekly.weekly, (Dated(7, on, ((hm("18:00"), hm("20:00")),)),))
    assert ground(day, 1, evening, weekly).free == day.window(hm("18:00"), hm("20:00"))
    assert ground(day, 1, weekly, evening).free == 0
    short = Hours(weekly.weekly, (Dated(8, on, ((hm("10:00"), hm("14:00")),)),))
    assert ground(day, 1, weekly, short).free == day.window(hm("10:00"), hm("14:00"))
    closed = ground(day, 1, evening, weekly, [Dated(9, on)])
    assert (closed.free, Why(Kind.CLOSED_CHAIN, 9) in closed.covering(day.whole)) == (0, True)

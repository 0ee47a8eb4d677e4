"""Whether a letter may go out: pure questions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.messages.choices import Answer, Purpose, Why
from cloud.messages.rules import Known, Quiet, can_send, unsuitable

NIGHT = Quiet("Europe/Lisbon", 21 * 60, 8 * 60)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONES = st.sampled_from(
    ["Europe/Lisbon", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago"]
)
MINUTES = st.integers(0, 1439)


def known(purpose=Purpose.CARE, **told):
    return Known(purpose, **{"quiet": NIGHT, **told})


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, None),
        ({"provider": False}, Why.NO_PROVIDER),
        ({"deceased": True}, Why.DECEASED),
        ({"do_not_contact": True}, Why.DO_NOT_CONTACT),
        ({"opted_out": True}, Why.OPTED_OUT),
        ({"consent": "refused"}, Why.REFUSED_CONSENT),
        ({"consent": "withdrawn"}, Why.REFUSED_CONSENT),
        ({"consent": "given"}, None),
        ({"moved_away": True}, None),
        ({"until": NOON - timedelta(seconds=1)}, Why.TOO_LATE),
        ({"purpose": Purpose.MARKETING}, Why.NO_CONSENT),
        ({"purpose": Purpose.MARKETING, "consent": "not_asked"}, Why.NO_CONSENT),
        ({"purpose": Purpose.MARKETING, "consent": "given"}, None),
        ({"purpose": Purpose.MARKETING, "consent": "given", "opted_out": True}, Why.OPTED_OUT),
        ({"purpose": Purpose.MARKETING, "consent": "given", "moved_away": True}, Why.MOVED_AWAY),
        ({"purpose": Purpose.CODE, "opted_out": True, "consent": "refused", "do_not_contact": True}, None),
        ({"urgent": True, "opted_out": True, "consent": "refused", "do_not_contact": True}, None),
        ({"urgent": True, "deceased": True}, Why.DECEASED),
    ],
)
def test_who_may_be_written_to_at_noon(told, why):
    verdict = can_send(known(**told), NOON)
    assert (verdict.answer, verdict.why) == (Answer.DENY if why else Answer.ALLOW, why)


@pytest.mark.parametrize("prompt", [{"urgent": True}, {"at_once": True}, {"purpose": Purpose.CODE}])
def test_at_night_only_what_is_urgent_or_asked_for_goes_out(prompt):
    night = NOON.replace(hour=23)
    verdict = can_send(known(), night)
    assert (verdict.answer, verdict.until) == (Answer.DEFER, NOON.replace(day=23, hour=8))
    assert can_send(known(**prompt), night).answer == Answer.ALLOW


def test_what_would_come_too_late_after_the_night_is_not_sent():
    night, soon = NOON.replace(hour=23), NOON.replace(day=23, hour=7)
    assert can_send(known(until=soon), night).why == Why.TOO_LATE


@pytest.mark.parametrize(
    ("wish", "hour", "until"),
    [
        ("any", 12, None),
        ("morning", 9, None),
        ("morning", 12, (23, 8)),
        ("afternoon", 9, (22, 12)),
        ("evening", 12, (22, 17)),
        ("evening", 20, None),
    ],
)
def test_a_letter_waits_for_the_time_of_day_that_suits(wish, hour, until):
    suits = unsuitable(wish, "Europe/Lisbon")
    verdict = can_send(known(suits=suits), NOON.replace(hour=hour))
    at = NOON.replace(day=until[0], hour=until[1]) if until else None
    assert (verdict.answer, verdict.until) == (Answer.DEFER if until else Answer.ALLOW, at)


@pytest.mark.parametrize("told", [{"until": NOON + timedelta(hours=4)}, {"at_once": True}, {"urgent": True}])
def test_what_would_come_too_late_for_a_wish_goes_out_now(told):
    assert can_send(known(suits=unsuitable("evening", "Europe/Lisbon"), **told), NOON).answer == Answer.ALLOW


def test_a_wish_for_hours_that_are_quiet_holds_nothing_back_for_ever():
    early = Quiet("Europe/Lisbon", 16 * 60, 8 * 60)
    told = known(quiet=early, suits=unsuitable("evening", "Europe/Lisbon"))
    assert [can_send(told, NOON.replace(hour=hour)).answer for hour in (12, 17)] == [Answer.ALLOW, Answer.DEFER]


def lisbon(*wall, fold=0):
    return datetime(*wall, tzinfo=ZoneInfo("Europe/Lisbon"), fold=fold).astimezone(UTC)


def test_a_night_in_which_the_clock_changes_ends_by_the_clock():
    spring, autumn = lisbon(2026, 3, 28, 23), lisbon(2026, 10, 24, 23)
    assert NIGHT.until(spring) - spring == timedelta(hours=8)
    assert NIGHT.until(autumn) - autumn == timedelta(hours=10)


def test_an_end_that_is_shown_twice_is_the_second_and_one_that_is_skipped_the_first_there_is():
    twice, skipped = Quiet("Europe/Lisbon", 23 * 60, 90), Quiet("Europe/Lisbon", 23 * 60, 90)
    assert twice.until(lisbon(2026, 10, 25, 1, 10)) == lisbon(2026, 10, 25, 1, 30, fold=1)
    assert twice.until(lisbon(2026, 10, 25, 1, 40)) == lisbon(2026, 10, 25, 1, 30, fold=1)
    assert skipped.until(lisbon(2026, 3, 29, 0, 30)) == lisbon(2026, 3, 29, 2)


@given(ZONES, MINUTES, MINUTES, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_a_quiet_time_ends_later_than_now_within_two_days_and_is_over_then(zone, begins, ends, moment):
    quiet = Quiet(zone, begins, ends)
    until = quiet.until(moment)
    if until is None:
        clock = moment.astimezone(ZoneInfo(zone))
        minute = clock.hour * 60 + clock.minute
        inside = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
        before = (moment - timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset() == clock.utcoffset()
        after = (moment + timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset() == clock.utcoffset()
        assert not inside or not (before and after)
        return
    assert moment < until <= moment + timedelta(days=2)
    assert quiet.until(until) in (None, quiet.until(until + timedelta(seconds=1)))

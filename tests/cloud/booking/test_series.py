"""Visits that come again keep the hour on the clock, say what cannot be had, and are booked as they were accepted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cloud.booking import series, services
from cloud.booking.errors import Gone, NotRepeated, TooMany
from cloud.booking.models import Visit
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import LISBON, found


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=4)


def planned(engine, practice, rule):
    with unit_of_work(engine, practice.world.one) as session:
        return series.plan(session, practice.ask(), practice.at(9), rule)


def test_twelve_weeks_keep_their_hour_whatever_the_clocks_do(engine, practice):
    wished = planned(engine, practice, "FREQ=WEEKLY;COUNT=30")
    assert len(wished) == 30
    assert {f"{one.at.astimezone(LISBON):%a %H:%M}" for one in wished} == {f"{practice.on:%a} 09:00"}
    assert len({one.at.astimezone(LISBON).utcoffset() for one in wished}) == 2
    assert all(one.free for one in wished)


def test_what_is_taken_is_listed_with_other_times_and_the_rest_can_be_had(engine, practice):
    week = timedelta(days=7)
    for patient in practice.patients[:2]:
        with unit_of_work(engine, practice.world.one) as session:
            services.book(session, practice.ask(), practice.at(9) + week, patient, channel="desk")
    first, second, third = planned(engine, practice, "FREQ=WEEKLY;COUNT=3")
    assert [first.free, second.free, third.free] == [True, False, True]
    assert second.others[0] == practice.at(9, 20) + week

    accepted = [first.at, second.others[0], third.at]
    with unit_of_work(engine, practice.world.one) as session:
        visits = series.book(session, practice.ask(), accepted, practice.world.grace, channel="desk")
        assert [one.shown_at for one in visits] == accepted
        assert len({one.series for one in visits}) == 1
        assert visits[0].series is not None


def test_one_that_is_gone_meanwhile_undoes_all(engine, practice):
    for patient in practice.patients[:2]:
        with unit_of_work(engine, practice.world.one) as session:
            services.book(session, practice.ask(), practice.at(9, 40), patient, channel="desk")
    with pytest.raises(Gone), unit_of_work(engine, practice.world.one) as session:
        series.book(session, practice.ask(), [practice.at(9), practice.at(9, 40)], practice.world.grace, channel="desk")
    with unit_of_work(engine, practice.world.one) as session:
        mine = select(func.count()).select_from(Visit).where(Visit.patient_id == practice.world.grace)
        assert session.scalar(mine) == 0


@pytest.mark.parametrize("rule", ["FREQ=SOMETIMES", "weekly", "FREQ=DAILY;UNTIL=20200101T000000"])
def test_a_rule_that_says_nothing_is_refused(engine, practice, rule):
    with pytest.raises(NotRepeated):
        planned(engine, practice, rule)


def test_a_rule_without_end_is_refused(engine, practice):
    with pytest.raises(TooMany):
        planned(engine, practice, "FREQ=WEEKLY")

"""The same request twice, another under its key, and what the database refuses."""

import pytest
from sqlalchemy import func, select, text

from cloud.booking import once, services, taking
from cloud.booking.errors import Gone, OtherQuestion
from cloud.booking.models import Visit
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=12)


def booking(practice, session, patient, hour=9):
    def deed():
        visit = services.book(session, practice.ask(), practice.at(hour), patient, channel="desk")
        return {"visit": visit.id}

    return deed


def visits(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalar(select(func.count()).select_from(Visit))


def test_the_same_request_twice_has_one_answer_and_another_under_its_key_is_refused(engine, practice):
    answers = []
    for _time in range(2):
        with unit_of_work(engine, practice.world.one) as session:
            deed = booking(practice, session, practice.patients[0])
            answers.append(once.once(session, "k-1", {"at": practice.at(9)}, deed))
    assert answers[0] == answers[1]
    with pytest.raises(OtherQuestion), unit_of_work(engine, practice.world.one) as session:
        once.once(session, "k-1", {"at": practice.at(10)}, booking(practice, session, practice.patients[1], 10))
    assert visits(engine, practice) == 1


def test_a_key_is_a_chains_own(engine, practice):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        once.once(session, "k-1", {}, lambda: {"of": "one"})
    with unit_of_work(engine, world.two) as session:
        assert once.once(session, "k-1", {"other": 1}, lambda: {"of": "two"}) == {"of": "two"}


def test_a_button_that_is_pressed_eight_times_books_once(engine, practice):
    def want(_number):
        with unit_of_work(engine, practice.world.one) as session:
            told = once.once(session, "k-2", {"a": 1}, booking(practice, session, practice.patients[0]))
        return str(told["visit"])

    assert len(race(8, want).answers) == 1
    assert visits(engine, practice) == 1


def test_what_the_constraint_refuses_is_an_ordinary_answer(engine, practice, monkeypatch):
    monkeypatch.setattr(taking, "lock", lambda _session, _resources: None)

    def want(number):
        def deed(session):
            services.book(session, practice.ask(), practice.at(9), practice.patients[number], channel="desk")
            return "booked"

        try:
            return once.settled(engine, practice.world.one, deed)
        except Gone:
            return "gone"

    told = race(12, want)
    assert set(told.answers) == {"booked", "gone"}
    assert told.answers["booked"] <= 2


@pytest.mark.parametrize(("state", "times"), [("40P01", once.TRIES), ("40001", once.TRIES), ("22012", 1)])
def test_a_deadlock_is_tried_again_and_a_mistake_is_not(engine, practice, state, times):
    tried = []

    def deed(session):
        tried.append(1)
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))

    with pytest.raises(Exception, match="no"):
        once.settled(engine, practice.world.one, deed)
    assert len(tried) == times

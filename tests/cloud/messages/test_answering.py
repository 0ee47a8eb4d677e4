"""Answers to texts: confirmed, called off, opted out, and what changes nothing."""

import pytest
from sqlalchemy import func, select

from cloud.booking import answers, services, tasks
from cloud.booking.choices import By, State
from cloud.booking.models import Entry, Visit
from cloud.booking.once import settled
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages import answering, models, office, sending
from cloud.messages.choices import Channel
from cloud.people import services as people
from cloud.schedule.models import Type
from tests.cloud.booking.practice_here import found
from tests.cloud.messages.letters_here import LOCAL, never_quiet, texts_of

NUMBER = "+44 7700 900123"


@pytest.fixture
def practice(engine, world):
    before = office.of(engine)
    office.install(engine, LOCAL)
    never_quiet(engine, world)
    with unit_of_work(engine, world.one) as session:
        people.add_contact(session, world.grace, kind="mobile", value=NUMBER, by=None)
    yield found(engine, world)
    office.install(engine, before)


def reminded(engine, practice):
    """Grace has a visit, and its first reminder lies on her telephone."""
    with unit_of_work(engine, practice.world.one) as session:
        visit = services.book(session, practice.ask(), practice.at(9), practice.world.grace, channel="desk").id
    settled(engine, practice.world.one, tasks.tell)
    with unit_of_work(engine, practice.world.one) as session:
        mine = select(models.Letter).where(models.Letter.template == "visit_reminder").order_by(models.Letter.id)
        letter = session.scalars(mine).first()
        letter.due_at = now()
    assert sending.deliver(engine, practice.world.one, letter.id) == "sent"
    return visit


def hear(engine, practice, body, number=NUMBER):
    with unit_of_work(engine, practice.world.one) as session:
        by = practice.world.rosa.id
        return answering.hear(session, Channel.PHONE, number, body, answers.heard, by=by).outcome


def state(engine, practice, visit):
    with unit_of_work(engine, practice.world.one) as session:
        return session.get_one(Visit, (practice.world.one, visit)).state


def test_c_confirms_and_once_more_changes_nothing(engine, practice):
    visit = reminded(engine, practice)
    assert hear(engine, practice, "C") == "confirmed"
    assert hear(engine, practice, "确认") == "confirmed"
    assert state(engine, practice, visit) == State.CONFIRMED


def test_x_calls_off_tells_the_desk_and_answers(engine, practice):
    visit = reminded(engine, practice)
    assert hear(engine, practice, " x ") == "cancelled"
    assert state(engine, practice, visit) == State.CANCELLED
    settled(engine, practice.world.one, tasks.tell)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Entry.kind)).all() == ["cancelled"]
        mine = select(models.Letter.state).where(models.Letter.template == "visit_cancelled")
        assert session.scalars(mine).all() == ["waiting"]
    assert hear(engine, practice, "X") == "over"


def test_too_late_to_call_off_is_told_to_the_desk_and_the_visit_stays(engine, practice):
    visit = reminded(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        session.get_one(Type, (practice.world.one, practice.check)).cut_off = 60 * 24 * 60
    assert hear(engine, practice, "X") == "late"
    assert state(engine, practice, visit) == State.BOOKED
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Entry.kind)).all() == ["tell"]


def test_an_answer_to_a_time_that_was_moved_means_nothing_any_more(engine, practice):
    world, visit = practice.world, reminded(engine, practice)
    with unit_of_work(engine, world.one) as session:
        old = session.get_one(Visit, (world.one, visit))
        new = services.move(session, old, practice.ask(), practice.at(10), by=world.alice.id, through=By.STAFF).id
    assert hear(engine, practice, "X") == "over"
    assert state(engine, practice, new) == State.BOOKED


def test_stop_is_heard_for_the_number_and_start_takes_it_back(engine, practice):
    reminded(engine, practice)
    assert [hear(engine, practice, body) for body in ("STOP", "TD", "退订")] == ["stopped"] * 3
    with unit_of_work(engine, practice.world.one) as session:
        stands = select(func.count()).select_from(models.Suppression).where(models.Suppression.ended_at.is_(None))
        assert session.scalar(stands) == 1
        second = select(models.Letter).where(models.Letter.state == "waiting").order_by(models.Letter.id)
        letter = session.scalars(second).first()
        letter.due_at = now()
    assert sending.deliver(engine, practice.world.one, letter.id) == "denied"
    assert hear(engine, practice, "START") == "started"
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(stands) == 0


@pytest.mark.parametrize(("body", "number"), [("I am late", NUMBER), ("C", "+44 7700 900999")])
def test_what_is_not_understood_is_kept_for_people(engine, practice, body, number):
    visit = reminded(engine, practice)
    assert hear(engine, practice, body, number) == "to_staff"
    assert state(engine, practice, visit) == State.BOOKED
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(models.Reply.body)).all() == [body]


def test_another_chains_answer_from_the_same_number_touches_nothing_here(engine, practice):
    visit = reminded(engine, practice)
    with unit_of_work(engine, practice.world.two) as session:
        assert answering.hear(session, Channel.PHONE, NUMBER, "X", answers.heard).outcome == "to_staff"
    assert state(engine, practice, visit) == State.BOOKED


def test_what_lies_on_the_telephone_has_the_link_that_the_letter_has_no_more(engine, practice):
    reminded(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        [body] = texts_of(session)
        sent = session.scalars(select(models.Letter).where(models.Letter.state == "sent")).one()
        assert ("https://book.test/b/" in body, sent.secret) == (True, None)

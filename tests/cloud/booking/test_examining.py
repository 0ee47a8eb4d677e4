"""Examinations of a booked visit stand on the worklist, go where it goes, and end with it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from cloud.booking import examining, services, tasks
from cloud.booking.choices import By, State
from cloud.booking.models import Entry, Telling, Visit
from cloud.booking.once import settled
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Type
from cloud.worklist import services as worklist
from cloud.worklist.choices import Deed
from cloud.worklist.models import Change, Order
from tests.cloud.booking.practice_here import LISBON, found


@pytest.fixture
def practice(engine, world):
    made = found(engine, world)
    examine(engine, made, made.check, ["oct_macula", "fundus_photo"])
    return made


def examine(engine, practice, type_id, kinds):
    with unit_of_work(engine, practice.world.one) as session:
        session.get_one(Type, (practice.world.one, type_id)).examinations = kinds


def book(engine, practice, hour=9, **told):
    with unit_of_work(engine, practice.world.one) as session:
        said = {"channel": "desk", **told}
        return services.book(session, practice.ask(), practice.at(hour), practice.patients[0], **said).id


def followed(engine, practice):
    """After the worker's turn: every order as what, when, how it stands and by whom."""
    settled(engine, practice.world.one, tasks.tell)
    with unit_of_work(engine, practice.world.one) as session:
        rows = session.scalars(select(Order).where(Order.patient_id == practice.patients[0]).order_by(Order.id))
        return [(one.kind, one.wanted_on, f"{one.wanted_time:%H:%M}", one.state, one.ordered_by) for one in rows]


def visit(session, practice, visit_id):
    return session.get_one(Visit, (practice.world.one, visit_id))


def moved(engine, practice, visit_id, hour, **asked):
    with unit_of_work(engine, practice.world.one) as session:
        ask = replace(practice.ask(), **asked)
        told = {"by": None, "through": By.PATIENT}
        return services.move(session, visit(session, practice, visit_id), ask, practice.at(hour), **told).id


def test_a_patients_booking_wants_the_examinations_of_its_type_by_nobody_of_the_staff(engine, practice):
    book(engine, practice)
    at = (practice.on, "09:00", "wanted", None)
    assert followed(engine, practice) == [("oct_macula", *at), ("fundus_photo", *at)]


def test_what_the_desk_books_is_ordered_by_whoever_booked(engine, practice):
    book(engine, practice, booked_by=practice.world.bob.id)
    assert {by for *_rest, by in followed(engine, practice)} == {practice.world.bob.id}


def test_a_visit_that_moves_takes_them_along_and_none_is_doubled(engine, practice):
    one = book(engine, practice)
    followed(engine, practice)
    two = moved(engine, practice, one, 10)
    assert [row[:4] for row in followed(engine, practice)] == [
        ("oct_macula", practice.on, "10:00", "wanted"),
        ("fundus_photo", practice.on, "10:00", "wanted"),
    ]
    moved(engine, practice, two, 11)
    assert {row[2] for row in followed(engine, practice)} == {"11:00"}


def test_a_visit_moved_before_anybody_looked_wants_them_once(engine, practice):
    moved(engine, practice, book(engine, practice), 11)
    assert [row[:3] for row in followed(engine, practice)] == [
        ("oct_macula", practice.on, "11:00"),
        ("fundus_photo", practice.on, "11:00"),
    ]


def test_a_visit_moved_twice_in_a_row_takes_along_what_the_first_had(engine, practice):
    one = book(engine, practice)
    followed(engine, practice)
    moved(engine, practice, moved(engine, practice, one, 10), 11)
    assert [row[:4] for row in followed(engine, practice)] == [
        ("oct_macula", practice.on, "11:00", "wanted"),
        ("fundus_photo", practice.on, "11:00", "wanted"),
    ]


def test_another_type_wants_its_own(engine, practice):
    examine(engine, practice, practice.full, ["fundus_photo", "biometry"])
    one = book(engine, practice)
    followed(engine, practice)
    moved(engine, practice, one, 10, type_id=practice.full)
    assert [(row[0], row[3]) for row in followed(engine, practice)] == [
        ("oct_macula", "cancelled"),
        ("fundus_photo", "wanted"),
        ("biometry", "wanted"),
    ]


@pytest.mark.parametrize(("end", "left"), [(State.CANCELLED, "cancelled"), (State.NO_SHOW, "cancelled")])
def test_who_does_not_come_wants_nothing_any_more(engine, practice, end, left):
    one = book(engine, practice)
    followed(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        services.turn(session, visit(session, practice, one), end, by=None, through=By.PATIENT)
    assert {row[3] for row in followed(engine, practice)} == {left}


def test_who_is_there_keeps_what_is_wanted(engine, practice):
    one = book(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        services.turn(session, visit(session, practice, one), State.ARRIVED, by=None, through=By.SYSTEM)
    assert {row[3] for row in followed(engine, practice)} == {"wanted"}


def test_what_an_instrument_has_begun_is_left_alone(engine, practice):
    one = book(engine, practice)
    followed(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        begun = session.scalars(select(Order).where(Order.kind == "oct_macula")).one()
        worklist.advance(session, begun.id, Deed.STARTED)
    moved(engine, practice, one, 11)
    assert [(row[2], row[3]) for row in followed(engine, practice)] == [("09:00", "started"), ("11:00", "wanted")]


def test_the_history_of_an_order_says_that_it_came_with_a_visit(engine, practice, sign_in):
    book(engine, practice)
    followed(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        order = session.scalars(select(Order).where(Order.kind == "oct_macula")).one().id
        assert {one.why for one in session.scalars(select(Change))} == {"visit"}
    client = sign_in(practice.world.alice, store_id=practice.store)
    assert "with the visit that was booked" in client.get(f"/worklist/{order}").text
    assert "booked by the patient" in client.get(f"/patients/{practice.patients[0]}/orders").text


def test_an_examination_that_cannot_be_ordered_stops_no_letter_and_is_shown_to_the_desk(engine, practice, monkeypatch):
    def broken(*_told):
        raise LookupError

    monkeypatch.setattr(examining, "follow", broken)
    one = book(engine, practice)
    assert followed(engine, practice) == []
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Telling)).all() == []
        assert [(entry.kind, entry.visit_id) for entry in session.scalars(select(Entry))] == [("tell", one)]


def test_wall_clocks_of_orders_are_those_of_the_store(engine, practice):
    book(engine, practice)
    [first, _second] = followed(engine, practice)
    assert first[2] == f"{practice.at(9).astimezone(LISBON):%H:%M}"

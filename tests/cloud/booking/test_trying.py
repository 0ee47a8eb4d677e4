"""A time is tried before it is taken: whether it fits, whoever is wanted, and all that is in the way."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cloud.booking import asking, listing, services, trying
from cloud.booking.errors import NoSuchVisit, NotOffered
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Length, Segment, Type
from cloud.slots.layers import Kind
from tests.cloud.booking.practice_here import found

ZONE = "Europe/Lisbon"


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


def tried(engine, practice, hour, minute=0, patient=None, **told):
    with unit_of_work(engine, practice.world.one) as session:
        whose = patient or practice.world.grace
        return trying.tried(session, practice.ask(**told), practice.at(hour, minute), whose, ZONE)


def booked(engine, practice, hour, minute=0, patient=None):
    with unit_of_work(engine, practice.world.one) as session:
        whose = patient or practice.patients[0]
        return services.book(session, practice.ask(), practice.at(hour, minute), whose, channel="desk").id


def test_a_free_time_fits_and_has_nothing_in_its_way(engine, practice):
    told = tried(engine, practice, 9)
    assert (told.fits, told.marked, told.why, told.meets) == (True, True, frozenset(), ())


def test_whoever_is_wanted_is_in_the_way_alone(engine, practice):
    booked(engine, practice, 9)
    assert tried(engine, practice, 9).fits
    told = tried(engine, practice, 9, wanted=frozenset(practice.doctors[:1]))
    assert told.fits is False
    assert {(one.kind, one.resource) for one in told.why} == {(Kind.BUSY, practice.doctors[0])}
    assert practice.at(9, 20) in told.near
    assert tried(engine, practice, 9, wanted=frozenset(practice.doctors[1:])).fits


def test_a_time_between_the_marks_is_no_time_of_the_type_and_says_nothing_else(engine, practice):
    told = tried(engine, practice, 9, 5)
    assert (told.fits, told.marked, told.why) == (False, False, frozenset())
    booked(engine, practice, 9)
    booked(engine, practice, 9, patient=practice.patients[1])
    assert {one.kind for one in tried(engine, practice, 9, 5).why} == {Kind.BUSY}


def test_the_visit_that_is_given_up_is_not_in_its_own_way_but_another_of_the_same_person_is(engine, practice):
    mine = booked(engine, practice, 9, patient=practice.world.grace)
    assert tried(engine, practice, 9, besides=frozenset({mine})).fits
    told = tried(engine, practice, 9)
    assert (told.fits, [one.id for one in told.meets]) == (False, [mine])


def test_what_is_not_offered_is_not_tried(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).values(active=False))
    with pytest.raises(NotOffered):
        tried(engine, practice, 9)


def test_wanting_somebody_with_a_length_of_their_own_wants_that_length(engine, practice):
    ada, ben = practice.doctors
    with unit_of_work(engine, practice.world.one) as session:
        [segment] = session.query(Segment).where(Segment.type_id == practice.check)
        session.add(Length(segment_id=segment.id, resource_id=ben, minutes=40))

    def times(*wanted):
        with unit_of_work(engine, practice.world.one) as session:
            seen = asking.view(session, practice.ask(wanted=frozenset(wanted)), practice.on, practice.on)
            return asking.times(seen, practice.on)

    assert practice.at(11, 40) in times(ada)
    assert practice.at(11, 20) in times(ben)
    assert practice.at(11, 40) not in times(ben)
    assert times(practice.technician) == times()


def test_a_visit_of_another_chain_is_none(engine, practice):
    visit = booked(engine, practice, 9)
    with unit_of_work(engine, practice.world.two) as session, pytest.raises(NoSuchVisit):
        listing.one(session, visit)


def test_the_history_of_a_visit_begins_with_the_one_it_was_moved_from(engine, practice):
    visit = booked(engine, practice, 9)
    with unit_of_work(engine, practice.world.one) as session:
        old = listing.one(session, visit)
        ask = practice.ask(besides=frozenset({visit}))
        new = services.move(session, old, ask, practice.at(10), by=practice.world.alice.id, through="staff")
        assert [one.deed for one in listing.history(session, new.id)] == ["booked", "moved", "booked"]
        assert listing.moved_from(session, new.id).id == visit
        assert [one.id for one in listing.between(session, practice.store, practice.at(9), practice.at(11))] == [new.id]
        around = practice.at(9), practice.at(9) + timedelta(minutes=30)
        assert [one.id for one in listing.of_patients(session, practice.store, practice.patients, around)] == [visit]

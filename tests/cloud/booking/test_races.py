"""Two never have the same time, whoever asks together, and nobody meets a deadlock."""

import pytest
from sqlalchemy import text

from cloud.booking import holding, services, taking
from cloud.booking.choices import By, State
from cloud.booking.errors import BookingError
from cloud.booking.models import Visit
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found, kind
from tests.load.race import race

CLIENTS = 16
OVERLAPS = text("""
    SELECT count(*) FROM booking_part a JOIN booking_part b ON a.resource_id = b.resource_id AND a.id < b.id
    AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    WHERE a.taken IN ('hold', 'booked') AND b.taken IN ('hold', 'booked')
""")


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=2 * CLIENTS)


def overlaps(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalar(OVERLAPS)


def booking(engine, practice, at, type_id=None):
    def want(number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                services.book(session, practice.ask(type_id), at(number), practice.patients[number], channel="desk")
        except BookingError as refused:
            return type(refused).__name__
        return "booked"

    return want


def test_as_many_get_the_same_time_as_there_are_doctors(engine, practice):
    told = race(CLIENTS, booking(engine, practice, lambda _n: practice.at(9)))
    assert told.answers == {"booked": 2, "Gone": CLIENTS - 2}
    assert overlaps(engine, practice) == 0


def test_times_that_overlap_are_never_both_had(engine, practice):
    told = race(CLIENTS, booking(engine, practice, lambda n: practice.at(9, 20 * (n % 3)), practice.full))
    assert set(told.answers) <= {"booked", "Gone"}
    assert told.answers["booked"] == 3
    assert overlaps(engine, practice) == 0


def test_two_types_that_want_the_same_people_in_another_order(engine, practice):
    kinds = (practice.check, practice.full)

    def want(number):
        return booking(engine, practice, lambda _n: practice.at(9, 40), kinds[number % 2])(number)

    told = race(CLIENTS, want)
    assert set(told.answers) <= {"booked", "Gone"}
    assert overlaps(engine, practice) == 0


def test_swaps_that_cross_leave_everybody_with_one_time(engine, practice):
    visits = []
    for number in range(8):
        with unit_of_work(engine, practice.world.one) as session:
            at = practice.at(9 + number // 2 // 3, 20 * (number // 2 % 3))
            ask = practice.ask()
            visits.append(services.book(session, ask, at, practice.patients[number], channel="desk").id)

    def want(number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                visit = session.get_one(Visit, (practice.world.one, visits[number]))
                at = practice.at(9 + (7 - number) // 2 // 3, 20 * ((7 - number) // 2 % 3))
                services.move(session, visit, practice.ask(), at, by=practice.world.alice.id, through=By.STAFF)
        except BookingError as refused:
            return type(refused).__name__
        return "moved"

    told = race(8, want)
    assert set(told.answers) <= {"moved", "Gone"}
    assert overlaps(engine, practice) == 0
    with unit_of_work(engine, practice.world.one) as session:
        live = session.execute(text("SELECT patient_id, count(*) FROM booking_visit WHERE state = 'booked' GROUP BY 1"))
        assert dict(live.all()) == dict.fromkeys(practice.patients[:8], 1)


def test_a_hold_is_booked_once_however_often_it_is_confirmed(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        _kept, token = holding.hold(session, practice.ask(), practice.at(9), "me")

    def want(number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                services.book_held(session, holding.held(session, token), practice.patients[number], channel="online")
        except BookingError as refused:
            return type(refused).__name__
        return "booked"

    assert race(CLIENTS, want).answers == {"booked": 1, "RanOut": CLIENTS - 1}


def test_one_person_is_in_one_place_even_if_nobody_else_is_in_both(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        measured = kind(session, practice.store, "measured", 20, [(20, (0, 0), ["technician"])])

    def want(number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                ask = practice.ask((practice.check, measured)[number % 2])
                services.book(session, ask, practice.at(9), practice.patients[0], channel="desk")
        except BookingError as refused:
            return type(refused).__name__
        return "booked"

    told = race(8, want)
    assert set(told.answers) <= {"booked", "Overlaps", "Gone"}
    assert told.answers["booked"] == 1


def test_a_visit_is_cancelled_once(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        visit_id = services.book(session, practice.ask(), practice.at(9), practice.patients[0], channel="desk").id

    def want(_number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                visit = session.get_one(Visit, (practice.world.one, visit_id))
                services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT)
        except BookingError as refused:
            return type(refused).__name__
        return "cancelled"

    assert race(8, want).answers == {"cancelled": 1, "NoSuchMove": 7}


def test_without_the_lock_the_race_is_lost_to_the_constraint(engine, practice, monkeypatch):
    """What proves that the tests above would notice."""
    monkeypatch.setattr(taking, "lock", lambda _session, _resources: None)
    lost = 0
    for at in (practice.at(hour, minute) for hour in (9, 10, 11) for minute in (0, 20, 40)):
        lost = lost or race(CLIENTS, booking(engine, practice, lambda _n, at=at: at)).answers["IntegrityError"]
    assert lost > 0
    assert overlaps(engine, practice) == 0

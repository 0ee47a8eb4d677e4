"""Who serves: whom somebody had the last time, else whose turn it is by the share of the work they should have."""

import pytest
from sqlalchemy import select, update

from cloud.booking import asking, holding, services
from cloud.booking.choices import By, State
from cloud.booking.models import Part, Visit
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Resource
from tests.cloud.booking.practice_here import found


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=6)


def book(engine, practice, hour, patient, minute=0):
    """The doctor it is with."""
    with unit_of_work(engine, practice.world.one) as session:
        visit = services.book(
            session, practice.ask(), practice.at(hour, minute), practice.patients[patient], channel="desk"
        )
        return doctor(session, practice, visit.id)


def doctor(session, practice, visit_id):
    parts = select(Part.resource_id).where(Part.visit_id == visit_id, Part.resource_id.in_(practice.doctors))
    return session.scalars(parts).one()


def weigh(engine, practice, *weights):
    with unit_of_work(engine, practice.world.one) as session:
        for one, weight in zip(practice.doctors, weights, strict=True):
            session.execute(update(Resource).where(Resource.id == one).values(weight=weight))


@pytest.fixture
def afterwards(practice, monkeypatch):
    """For whoever asks what was, the day of the tests is over."""
    return lambda: monkeypatch.setattr(asking, "now", lambda: practice.at(20))


def ended(engine, practice, patient, state=State.COMPLETED):
    with unit_of_work(engine, practice.world.one) as session:
        ours = Visit.patient_id == practice.patients[patient]
        session.execute(update(Visit).where(ours).values(state=state))


def test_a_days_work_is_shared(engine, practice):
    first, second = practice.doctors
    assert [book(engine, practice, 9, 0), book(engine, practice, 10, 1)] == [first, second]
    assert [book(engine, practice, 11, 2), book(engine, practice, 9, 3, 40)] == [second, first]


def test_of_two_who_have_done_as_much_the_one_is_chosen_whose_day_stays_whole(engine, practice):
    first, second = practice.doctors
    assert [book(engine, practice, 9, 0), book(engine, practice, 9, 1, 20)] == [first, second]
    assert book(engine, practice, 9, 2, 40) == second


def test_a_larger_share_is_a_larger_part_of_the_day(engine, practice):
    weigh(engine, practice, 1, 3)
    served = [book(engine, practice, 9 + n // 3, n, 20 * (n % 3)) for n in range(4)]
    assert sorted(served) == sorted([practice.doctors[0], *[practice.doctors[1]] * 3])


def test_somebody_is_given_whom_they_had_the_last_time_and_anybody_else_when_those_are_busy(
    engine, practice, afterwards
):
    first, second = practice.doctors
    book(engine, practice, 9, 0)
    assert book(engine, practice, 10, 1) == second
    ended(engine, practice, 1)
    afterwards()
    assert book(engine, practice, 11, 1) == second
    ended(engine, practice, 1)
    assert book(engine, practice, 11, 1) == first


def test_a_visit_that_was_called_off_says_nothing_of_whom_they_had(engine, practice, afterwards):
    book(engine, practice, 9, 0)
    afterwards()
    for state, had in ((State.COMPLETED, True), (State.NO_SHOW, False)):
        ended(engine, practice, 0, state)
        with unit_of_work(engine, practice.world.one) as session:
            found = asking.last_served(session, practice.patients[0], practice.store)
            assert (practice.doctors[0] in found) is had


def test_a_visit_that_moves_stays_with_whoever_had_it(engine, practice):
    first, second = practice.doctors
    book(engine, practice, 9, 0)
    assert book(engine, practice, 10, 1) == second
    with unit_of_work(engine, practice.world.one) as session:
        visit = session.scalars(select(Visit).where(Visit.patient_id == practice.patients[0])).one()
        moved = services.move(session, visit, practice.ask(), practice.at(11), by=None, through=By.PATIENT)
        assert doctor(session, practice, moved.id) == first


def test_a_hold_is_with_whom_somebody_knows(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        kept, _token = holding.hold(session, practice.ask(), practice.at(9), "me", practice.doctors[1:])
        parts = session.scalars(select(Part.resource_id).where(Part.hold_id == kept.id)).all()
        assert practice.doctors[1] in parts

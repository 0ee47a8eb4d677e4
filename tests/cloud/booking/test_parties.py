"""People who come together are all booked or none, and what is offered to them can be had."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cloud.booking import parties, services
from cloud.booking.errors import BookingError, Gone, Overlaps, TooMany
from cloud.booking.models import Hold, Part, Visit
from cloud.booking.parties import Company
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Resource
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=24)


def company(practice, count, apart=parties.SIDE_BY_SIDE, type_id=None):
    return Company((practice.ask(type_id),) * count, apart)


def offered(engine, practice, wanted):
    with unit_of_work(engine, practice.world.one) as session:
        return parties.times(session, wanted, practice.on, practice.on)[practice.on]


def test_two_fit_side_by_side_and_three_do_not(engine, practice):
    assert offered(engine, practice, company(practice, 2))[:2] == [practice.at(9), practice.at(9, 20)]
    assert offered(engine, practice, company(practice, 3)) == []


def test_three_fit_one_after_another(engine, practice):
    wanted = company(practice, 3, apart=(0, 20))
    assert practice.at(9) in offered(engine, practice, wanted)
    with unit_of_work(engine, practice.world.one) as session:
        visits = parties.book(session, wanted, practice.at(9), practice.patients[:3], channel="desk")
        assert [one.shown_at for one in visits] == [practice.at(9), practice.at(9), practice.at(9, 20)]
        assert len({one.party for one in visits}) == 1
        assert visits[0].party is not None


def test_a_family_of_two_types_takes_everybody_it_needs(engine, practice):
    wanted = Company((practice.ask(practice.full), practice.ask()), (0, 60))
    assert offered(engine, practice, wanted) != []
    at = offered(engine, practice, wanted)[0]
    with unit_of_work(engine, practice.world.one) as session:
        visits = parties.book(session, wanted, at, practice.patients[:2], channel="desk")
        parts = select(Part.visit_id, Part.segment, Part.resource_id).order_by(Part.visit_id, Part.segment)
        found_ = session.execute(parts).all()
    assert [segment for visit, segment, _ in found_ if visit == visits[0].id] == [0, 0, 1, 1]
    assert [segment for visit, segment, _ in found_ if visit == visits[1].id] == [0, 0]


def test_held_times_become_one_party_and_all_or_nothing(engine, practice):
    world, wanted = practice.world, company(practice, 2)
    with unit_of_work(engine, world.one) as session:
        tokens = [token for _, token in parties.hold(session, wanted, practice.at(9), "me")]
    with unit_of_work(engine, world.one) as session:
        services.book(session, practice.ask(), practice.at(9, 20), world.per, channel="desk")
    with pytest.raises(Overlaps), unit_of_work(engine, world.one) as session:
        parties.book_held(session, tokens, [world.grace, world.grace], channel="online")
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Hold)).all()) == 2
        assert session.scalars(select(Visit.patient_id)).all() == [world.per]
    with unit_of_work(engine, world.one) as session:
        visits = parties.book_held(session, tokens, [world.grace, practice.patients[0]], channel="online")
        assert len({one.party for one in visits}) == 1
        assert session.scalars(select(Hold)).all() == []


def test_a_new_hold_lets_the_one_before_go(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        parties.hold(session, company(practice, 2), practice.at(9), "me")
        parties.hold(session, company(practice, 2), practice.at(9, 20), "me")
        assert set(session.scalars(select(Hold.shown_at))) == {practice.at(9, 20)}


def test_who_comes_too_late_gets_other_times_and_nothing_is_kept(engine, practice):
    wanted = company(practice, 2)
    with unit_of_work(engine, practice.world.one) as session:
        services.book(session, practice.ask(), practice.at(9), practice.world.per, channel="desk")
    with pytest.raises(Gone) as refused, unit_of_work(engine, practice.world.one) as session:
        parties.hold(session, wanted, practice.at(9), "me")
    assert refused.value.others == (practice.at(9, 20), practice.at(9, 40), practice.at(10))
    assert offered(engine, practice, wanted)[0] == practice.at(9, 20)


def test_turn_overs_count_between_members_too(engine, practice):
    """One doctor who wants twenty minutes in between."""
    wanted, enough = (company(practice, 2, apart=(minutes, minutes)) for minutes in (20, 40))
    with unit_of_work(engine, practice.world.one) as session:
        alone = update(Resource).where(Resource.id == practice.doctors[1])
        session.execute(alone.values(active_until=practice.on - timedelta(days=1)))
        session.execute(update(Resource).where(Resource.id == practice.doctors[0]).values(between=20))
    assert offered(engine, practice, wanted) == []
    assert offered(engine, practice, enough)[0] == practice.at(9)
    with unit_of_work(engine, practice.world.one) as session, pytest.raises(Gone):
        parties.book(session, wanted, practice.at(9), practice.patients[:2], channel="desk")


def test_a_crowd_is_refused(engine, practice):
    with pytest.raises(TooMany):
        offered(engine, practice, company(practice, parties.MOST + 1))


def test_families_that_race_for_the_same_two_doctors(engine, practice):
    def want(number):
        try:
            with unit_of_work(engine, practice.world.one) as session:
                people = practice.patients[2 * number : 2 * number + 2]
                parties.book(session, company(practice, 2), practice.at(9), people, channel="desk")
        except BookingError as refused:
            return type(refused).__name__
        return "booked"

    assert race(8, want).answers == {"booked": 1, "Gone": 7}
    with unit_of_work(engine, practice.world.one) as session:
        assert len(session.scalars(select(Visit)).all()) == 2

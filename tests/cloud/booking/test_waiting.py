"""Time that came free goes to whoever waits for it: in order, once, and never past what they would accept."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from cloud.booking import services, tasks, waiting
from cloud.booking.choices import By, Kind, Stands, State, Wish
from cloud.booking.errors import OfferOver, WaitsAlready
from cloud.booking.models import Entry, Freed, Hold, Offer, Part, Visit, Waiting
from cloud.booking.once import settled
from cloud.kernel.database import unit_of_work
from cloud.schedule.choices import Who
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=20)


def full(engine, practice, *times):
    """Both doctors are taken at these times; the ids of the visits."""
    people = iter(practice.patients)
    ids = []
    for at in times:
        for _doctor in practice.doctors:
            with unit_of_work(engine, practice.world.one) as session:
                ids.append(services.book(session, practice.ask(), at, next(people), channel="desk").id)
    return ids


def waits(engine, practice, patient_id, **told):
    on = practice.on
    said = {"type_id": practice.check, "stores": frozenset(), "since": on, "until": on, **told}
    with unit_of_work(engine, practice.world.one) as session:
        return waiting.join(session, patient_id, Who.EXISTING, waiting.Wanted(**said)).id


def cancel(engine, practice, visit_id):
    with unit_of_work(engine, practice.world.one) as session:
        visit = session.scalars(select(Visit).where(Visit.id == visit_id)).one()
        services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT)


def worked(engine, practice):
    settled(engine, practice.world.one, tasks.step)


def offers(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        query = select(Offer.waiting_id, Offer.shown_at, Offer.state).order_by(Offer.id)
        return [tuple(row) for row in session.execute(query)]


def claim(engine, practice, waiting_id):
    def deed(session):
        offer = session.scalars(select(Offer).where(Offer.waiting_id == waiting_id).order_by(Offer.id.desc())).first()
        return waiting.claim(session, offer).id

    return settled(engine, practice.world.one, deed)


def test_what_came_free_is_offered_to_the_first_in_line_and_kept_for_them(engine, practice):
    world, at = practice.world, practice.at(9)
    [visit, _other] = full(engine, practice, at)
    first, second = waits(engine, practice, world.grace), waits(engine, practice, world.per)
    cancel(engine, practice, visit)
    worked(engine, practice)

    assert offers(engine, practice) == [(first, at, Stands.OPEN)]
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Freed)).all() == []
        assert session.scalars(select(Hold.shown_at)).all() == [at]
        assert session.scalars(select(Waiting.state).order_by(Waiting.id)).all() == [Wish.OFFERED, Wish.OPEN]

    claimed = claim(engine, practice, first)
    with unit_of_work(engine, world.one) as session:
        mine = session.scalars(select(Visit).where(Visit.id == claimed)).one()
        assert (mine.patient_id, mine.shown_at, mine.state) == (world.grace, at, State.BOOKED)
        assert session.scalars(select(Hold)).all() == []
        assert session.scalars(select(Entry.kind)).all() == [Kind.CLAIMED]
        assert session.get_one(Waiting, (world.one, second)).state == Wish.OPEN
    with pytest.raises(OfferOver):
        claim(engine, practice, first)


def test_whoever_does_not_answer_makes_room_for_the_next_and_is_not_asked_again(engine, practice, monkeypatch):
    world, at = practice.world, practice.at(9)
    [visit, _other] = full(engine, practice, at)
    first, second = waits(engine, practice, world.grace), waits(engine, practice, world.per)
    cancel(engine, practice, visit)
    monkeypatch.setattr(waiting, "QUIET", (time.max, time.min))
    with monkeypatch.context() as patch:
        patch.setattr(waiting, "KEPT_FOR", timedelta())
        worked(engine, practice)
    worked(engine, practice)
    worked(engine, practice)

    assert offers(engine, practice) == [(first, at, Stands.OVER), (second, at, Stands.OPEN)]
    with pytest.raises(OfferOver), unit_of_work(engine, world.one) as session:
        waiting.claim(session, session.scalars(select(Offer).where(Offer.waiting_id == first)).one())


def test_a_declined_time_goes_to_the_next_and_they_wait_on(engine, practice):
    world, at = practice.world, practice.at(9)
    [visit, _other] = full(engine, practice, at)
    first, second = waits(engine, practice, world.grace), waits(engine, practice, world.per)
    cancel(engine, practice, visit)
    worked(engine, practice)
    with unit_of_work(engine, world.one) as session:
        waiting.decline(session, session.scalars(select(Offer)).one())
    worked(engine, practice)

    assert offers(engine, practice) == [(first, at, Stands.DECLINED), (second, at, Stands.OPEN)]
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Waiting, (world.one, first)).state == Wish.OPEN


@pytest.mark.parametrize(
    "told",
    [
        {"starts": 600},
        {"days": frozenset({7})},
        {"stores": frozenset({0})},
        {"resources": "another"},
        {"until": "before"},
    ],
    ids=["an hour", "a day", "a store", "a person", "a date"],
)
def test_nobody_is_offered_what_they_would_not_accept(engine, practice, told):
    visits = full(engine, practice, practice.at(9))
    if told.get("resources"):
        with unit_of_work(engine, practice.world.one) as session:
            mine = select(Part.resource_id).where(Part.visit_id == visits[0], Part.resource_id.in_(practice.doctors))
            told = {"resources": frozenset(practice.doctors) - {session.scalars(mine).one()}}
    if told.get("until"):
        told = {"since": practice.on - timedelta(days=9), "until": practice.on - timedelta(days=1)}
    waits(engine, practice, practice.world.grace, **told)
    cancel(engine, practice, visits[0])
    worked(engine, practice)

    assert offers(engine, practice) == []


def test_priority_stands_before_time(engine, practice):
    [visit, _other] = full(engine, practice, practice.at(9))
    waits(engine, practice, practice.world.grace)
    urgent = waits(engine, practice, practice.world.per, priority=1)
    cancel(engine, practice, visit)
    worked(engine, practice)

    assert [one[0] for one in offers(engine, practice)] == [urgent]


def test_an_earlier_time_ends_the_later_visit_and_that_goes_to_the_next(engine, practice):
    world, early, late = practice.world, practice.at(9), practice.at(11)
    visits = full(engine, practice, early, late)
    earlier = waits(engine, practice, practice.patients[2], instead_of=visits[2])
    follower = waits(engine, practice, world.per, starts=660)
    cancel(engine, practice, visits[0])
    worked(engine, practice)
    claim(engine, practice, earlier)
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Visit, (world.one, visits[2])).state == State.CANCELLED
    worked(engine, practice)

    assert [one[:2] for one in offers(engine, practice)] == [(earlier, early), (follower, late)]


def test_what_is_near_goes_to_several_and_the_first_who_claims_has_it(engine, practice, monkeypatch):
    monkeypatch.setattr(waiting, "SOON", timedelta(days=60))
    world = practice.world
    [visit, _other] = full(engine, practice, practice.at(9))
    those = [waits(engine, practice, one) for one in practice.patients[4:9]]
    cancel(engine, practice, visit)
    worked(engine, practice)

    assert [one[0] for one in offers(engine, practice)] == those[:3]
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Hold)).all() == []
        assert session.scalars(select(Entry.kind)).all() == [Kind.WAITING]

    def want(number):
        try:
            claim(engine, practice, those[number])
        except OfferOver:
            return "over"
        return "claimed"

    assert race(3, want).answers == {"claimed": 1, "over": 2}


def test_two_who_claim_one_offer_get_one_visit(engine, practice):
    world = practice.world
    [visit, _other] = full(engine, practice, practice.at(9))
    mine = waits(engine, practice, world.grace)
    cancel(engine, practice, visit)
    worked(engine, practice)

    def want(_number):
        try:
            claim(engine, practice, mine)
        except OfferOver:
            return "over"
        return "claimed"

    assert race(8, want).answers == {"claimed": 1, "over": 7}
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Visit).where(Visit.patient_id == world.grace)).all()) == 1


def test_nobody_waits_twice_for_the_same_and_whoever_leaves_is_not_asked(engine, practice):
    mine = waits(engine, practice, practice.world.grace)
    with pytest.raises(WaitsAlready):
        waits(engine, practice, practice.world.grace)
    [visit, _other] = full(engine, practice, practice.at(9))
    with unit_of_work(engine, practice.world.one) as session:
        waiting.leave(session, session.get_one(Waiting, (practice.world.one, mine)))
    cancel(engine, practice, visit)
    worked(engine, practice)

    assert offers(engine, practice) == []


def test_an_answer_is_not_wanted_in_the_night(engine, practice, monkeypatch):
    monkeypatch.setattr(waiting, "now", lambda: practice.at(23, 30) - timedelta(days=7))
    with unit_of_work(engine, practice.world.one) as session:
        until = waiting._answered_by(session, practice.store)
    assert until == practice.at(8, 15) - timedelta(days=6)

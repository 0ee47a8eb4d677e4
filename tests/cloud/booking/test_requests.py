"""Requests take up nobody's time, are answered once, and what is proposed can be had."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cloud.booking import asking, entries, requests, services, tasks
from cloud.booking.choices import Kind, Look, Stands, State, Wish
from cloud.booking.errors import Gone, NobodyKnown, OfferOver, Taken, TooMany, WantsReason, WishOver
from cloud.booking.models import Entry, Hold, Offer, Part, Request, Visit
from cloud.booking.once import settled
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


@pytest.fixture
def asked(engine, practice):
    wish = requests.Asked(
        store_id=practice.store,
        type_id=practice.check,
        windows=((practice.on, 540, 720),),
        reason="a new pair",
        person={"family": "Silva", "given": "Ana", "email": "ana@example.com"},
        new=True,
        answers=(("Do you wear contact lenses?", "No"),),
    )
    with unit_of_work(engine, practice.world.one) as session:
        return requests.ask(session, wish).id


def request(session):
    return session.scalars(select(Request)).one()


def test_a_request_stands_in_the_queue_with_its_answers_and_takes_nothing(engine, practice, asked):
    with unit_of_work(engine, practice.world.one) as session:
        [entry] = entries.of_store(session, practice.store, 0, 10)
        assert (entry.kind, entry.new, entry.request_id) == (Kind.REQUEST, True, asked)
        assert entry.answers == [["Do you wear contact lenses?", "No"]]
        assert entry.due_at is not None
        assert session.scalars(select(Part)).all() == []
        assert entries.waiting(session, practice.store) == 1


def test_nothing_is_booked_for_nobody(engine, practice, asked):
    with pytest.raises(NobodyKnown), unit_of_work(engine, practice.world.one) as session:
        requests.answer_with(session, request(session), practice.ask(), practice.at(9), by=practice.world.bob.id)
    with unit_of_work(engine, practice.world.one) as session:
        assert request(session).state == Wish.OPEN
        assert session.scalars(select(Visit)).all() == []


def test_the_desk_books_it_and_the_entry_is_done(engine, practice, asked):
    bob = practice.world.bob.id
    with unit_of_work(engine, practice.world.one) as session:
        requests.known_as(session, request(session), practice.world.grace)
        visit = requests.answer_with(session, request(session), practice.ask(), practice.at(9), by=bob)
        assert (visit.patient_id, visit.reason, visit.booked_by) == (practice.world.grace, "a new pair", bob)
        assert request(session).visit_id == visit.id
    with unit_of_work(engine, practice.world.one) as session:
        assert entries.of_store(session, practice.store, 0, 10) == []
        assert session.scalars(select(Entry.state)).all() == [Look.DONE]
    with pytest.raises(WishOver), unit_of_work(engine, practice.world.one) as session:
        requests.decline(session, request(session), by=bob, why="too late")


def proposed(engine, practice, *times):
    with unit_of_work(engine, practice.world.one) as session:
        requests.known_as(session, request(session), practice.world.grace)
        requests.propose(session, request(session), practice.ask(), times, by=practice.world.bob.id)


def test_three_times_are_kept_and_the_one_that_is_chosen_frees_the_others(engine, practice, asked):
    times = [practice.at(9), practice.at(9, 20), practice.at(9, 40)]
    proposed(engine, practice, *times)
    with unit_of_work(engine, practice.world.one) as session:
        offers = requests.times_of(session, request(session))
        assert [one.shown_at for one in offers] == times
        assert len(session.scalars(select(Hold)).all()) == 3
        visit = requests.choose(session, request(session), offers[1])
        assert (visit.shown_at, visit.state, visit.patient_id) == (times[1], State.BOOKED, practice.world.grace)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Hold)).all() == []
        assert session.scalars(select(Offer.state).order_by(Offer.shown_at)).all() == [
            Stands.OVER,
            Stands.CLAIMED,
            Stands.OVER,
        ]
        assert session.scalars(select(Entry.kind).where(Entry.state == Look.OPEN)).all() == [Kind.CLAIMED]


def test_two_browsers_choose_and_one_visit_comes_of_it(engine, practice, asked):
    proposed(engine, practice, practice.at(9), practice.at(9, 20))

    def want(number):
        def deed(session):
            offers = session.scalars(select(Offer).order_by(Offer.id)).all()
            return requests.choose(session, request(session), offers[number % 2]).id

        try:
            settled(engine, practice.world.one, deed)
        except (OfferOver, WishOver):
            return "over"
        return "chosen"

    assert race(8, want).answers == {"chosen": 1, "over": 7}
    with unit_of_work(engine, practice.world.one) as session:
        assert len(session.scalars(select(Visit)).all()) == 1


def test_times_nobody_chose_are_free_again_and_the_desk_hears_of_it(engine, practice, asked, monkeypatch):
    monkeypatch.setattr(requests, "KEPT_FOR", timedelta())
    proposed(engine, practice, practice.at(9))
    settled(engine, practice.world.one, tasks.step)
    with unit_of_work(engine, practice.world.one) as session:
        assert request(session).state == Wish.OPEN
        assert session.scalars(select(Hold)).all() == []
        assert [one.kind for one in entries.of_store(session, practice.store, 0, 10)] == [Kind.REQUEST]


def test_what_is_taken_cannot_be_proposed_and_nothing_stays_of_the_others(engine, practice, asked):
    for patient in practice.patients:
        with unit_of_work(engine, practice.world.one) as session:
            services.book(session, practice.ask(), practice.at(9, 20), patient, channel="desk")
    with pytest.raises(Gone):
        proposed(engine, practice, practice.at(9), practice.at(9, 20))
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Hold)).all() == []
        assert request(session).state == Wish.OPEN


def test_more_than_three_times_and_no_without_a_reason_are_refused(engine, practice, asked):
    with pytest.raises(TooMany):
        proposed(engine, practice, *(practice.at(9, 20 * n) for n in range(3)), practice.at(10))
    with pytest.raises(WantsReason), unit_of_work(engine, practice.world.one) as session:
        requests.decline(session, request(session), by=practice.world.bob.id, why=" ")
    with unit_of_work(engine, practice.world.one) as session:
        assert request(session).state == Wish.OPEN


def test_an_entry_is_looked_after_by_one(engine, practice, asked):
    alice, bob = practice.world.alice.id, practice.world.bob.id
    with unit_of_work(engine, practice.world.one) as session:
        [entry] = entries.of_store(session, practice.store, 0, 10)
        entries.take(session, entry, alice)
        with pytest.raises(Taken):
            entries.take(session, entry, bob)
        with pytest.raises(Taken):
            entries.give_back(session, entry, bob)
        assert (entry.state, entry.by) == (Look.TAKEN, alice)
        entries.give_back(session, entry, alice)
        entries.done(session, entry, bob)
        assert entries.of_store(session, practice.store, 0, 10) == []


def test_urgent_answers_stand_above_what_is_newer(engine, practice, asked):
    with unit_of_work(engine, practice.world.one) as session:
        urgent = entries.note(session, Kind.URGENT, store_id=practice.store)
        booked = entries.note(session, Kind.BOOKED, store_id=practice.store)
        found_ = entries.of_store(session, practice.store, 0, 10)
        assert [one.id for one in found_[:2]] == [urgent.id, booked.id]
        assert asking.now() > urgent.at - timedelta(minutes=5)

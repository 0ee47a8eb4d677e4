"""What a gateway is told of its store's queue: enough to go on alone, and no name a screen may not say."""

from datetime import timedelta

import pytest

from cloud.accounts import queries as accounts
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.offline import services, telling
from cloud.people.models import Patient
from cloud.queue import calling, holding, queries, setting_up
from cloud.queue import services as queue
from cloud.queue.choices import Step as State
from cloud.queue.errors import NoSuch


def test_a_book_has_who_is_here_and_where_they_stand(store, gateway):
    with store.work() as session:
        room = store.room(session, 3)
        due = now() + timedelta(minutes=10)
        first = store.at_doctor(session, minutes=9, due_at=due)
        queue.line_up(session, store.step(session, first).stay, store.stations["cashier"], by=None, planned=True)
        one, call = calling.next_(session, store.stations["doctor"], room, by=None)
    book = gateway.reads()

    assert [(place.sort, place.calls) for place in book.places if place.calls] == [("doctor", 1)]
    assert [door.number for place in book.places for door in place.doors if place.sort == "doctor"] == [3, None]
    (guest,) = book.guests
    assert (guest.id, guest.ticket, guest.due_at) == (one.stay.id, "A001", due.isoformat())
    parts = [(part.station, part.state, part.turn, part.call, part.desk) for part in guest.parts]
    assert parts == [
        (store.stations["doctor"], State.CALLED, 1, str(call.uid), room.id),
        (store.stations["cashier"], State.PLANNED, 0, "", None),
    ]


def test_numbers_of_today_and_tomorrow_are_the_gateways_alone(store, gateway):
    book = gateway.reads()
    days = sorted({one.day for one in book.numbers})
    with store.work() as session:
        today = queries.today(session, store.world.pier.id)

    assert days == [today.isoformat(), (today + timedelta(days=1)).isoformat()]
    assert {one.letter for one in book.numbers} == {one.letter for one in book.offers}
    assert all((one.first, one.last, one.given) == (680, 999, 679) for one in book.numbers)


@pytest.mark.parametrize(("who", "said"), [("number", ""), ("masked", "O."), ("surname", "Okafor")])
def test_of_a_person_nothing_is_said_but_what_a_screen_may_say(store, gateway, who, said):
    with store.work() as session:
        session.get_one(Patient, (store.world.one, store.world.grace)).family_name = "Okafor"
        store.come(session, patient_id=store.world.grace)
        setting_up.say(session, store.world.pier.id, who, ["en"], by=store.world.alice.id)
    assert [one.who for one in gateway.reads().guests] == [said]


def test_what_is_owed_and_whom_somebody_waits_for_is_in_it(store, gateway):
    with store.work() as session:
        stay, step = store.come(session)
        stay.fee, step.staff_id = 2500, store.world.bob.id
    (guest,) = gateway.reads().guests
    with store.work() as session:
        bob = accounts.names(session, {store.world.bob.id})[store.world.bob.id]
    assert (guest.due, guest.passed, guest.parts[0].for_) == (2500, False, bob)


def test_who_is_done_and_who_was_here_yesterday_is_in_no_book(store, gateway):
    with store.work() as session:
        today = queries.today(session, store.world.pier.id)
        store.come(session, day=today - timedelta(days=1))
        stay, _step = store.come(session)
        queue.leave(session, stay, by=None)
    assert gateway.reads().guests == []


def test_a_new_book_only_when_something_is_new(store, gateway):
    first = gateway.keeps()
    assert gateway.reads() is None
    with store.work() as session:
        store.come(session)
        row = holding.of(session, store.world.pier.id)
        assert row is not None
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).due
    assert gateway.reads().version == first.version + 1


def test_what_was_rolled_back_is_no_news(store, gateway):
    gateway.keeps()
    with pytest.raises(RuntimeError), store.work() as session:
        store.come(session)
        raise RuntimeError
    with store.work() as session:
        assert not holding.of(session, store.world.pier.id).due


def test_a_gateway_without_the_book_is_told_again_and_one_that_has_a_newer_one_too(store, gateway):
    book = gateway.keeps()
    gateway.is_born(0)
    assert gateway.reads().version == book.version
    gateway.is_born(book.version + 40)
    assert gateway.reads().version == book.version + 41


def test_the_first_gateway_that_can_keep_a_book_does(store):
    with store.work() as session:
        services.born(session, store.world.pier.sender.gateway_id, store.world.pier.id, None)
        assert holding.of(session, store.world.pier.id) is None
        services.born(session, store.world.pier.sender.gateway_id, store.world.pier.id, 0)
        assert holding.of(session, store.world.pier.id).gateway_id == store.world.pier.sender.gateway_id


def test_another_choice_empties_the_topic_of_the_one_before(store, gateway):
    gateway.keeps()
    with store.work() as session:
        services.choose(session, store.world.pier.id, None, by=store.world.alice.id)
        plan = telling.plan(session, store.world.pier.id)
    assert [(one.topic.rpartition("/")[2], one.payload) for one in plan.letters] == [("queue", b"")]


def test_nobody_chooses_a_gateway_of_another_store(store, gateway):
    with store.work() as session, pytest.raises(NoSuch):
        services.choose(session, store.world.pier.id, store.world.hill.sender.gateway_id, by=store.world.alice.id)
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).gateway_id == gateway.id


def test_two_publishers_never_tell_the_same_book(store, gateway):
    with store.work() as session:
        assert telling.plan(session, store.world.pier.id) is not None
    with store.work() as session:
        assert telling.plan(session, store.world.pier.id) is None


def test_what_is_due_is_found_over_all_chains_and_not_too_often(store, gateway):
    mine = (store.world.one, store.world.pier.id)
    assert mine in telling.due(store.engine)
    gateway.keeps()
    with store.work() as session:
        store.come(session)
    assert mine not in telling.due(store.engine)
    with store.work() as session:
        holding.of(session, store.world.pier.id).told_at = now() - timedelta(seconds=telling.APART_S + 1)
    assert mine in telling.due(store.engine)


def test_charlies_chain_has_no_part_in_it(store, gateway):
    gateway.keeps()
    with unit_of_work(store.engine, store.world.two) as session:
        assert holding.of(session, store.world.pier.id) is None
        assert telling.plan(session, store.world.pier.id) is None

"""One has the queue at a time: the cloud refuses while the gateway may be calling, and says so."""

import pytest

from cloud.kernel.clock import now
from cloud.offline import services
from cloud.queue import calling, holding, tasks
from cloud.queue import services as queue
from cloud.queue.choices import Step as State
from cloud.queue.choices import Through
from cloud.queue.errors import HeldAway
from cloud.queue.models import Stay
from tests.cloud.offline.gateway_here import step
from tests.cloud.queue.store_here import minutes_ago


def waits(store):
    with store.work() as session:
        return store.at_doctor(session)


def tries(store, number):
    """Everything one may do with somebody in line; each must be refused."""
    world, doctor = store.world, store.stations["doctor"]
    return {
        "next": lambda session: calling.next_(session, doctor, None, by=world.alice.id),
        "this": lambda session: calling.this(session, store.step(session, number), None, by=world.alice.id),
        "missed": lambda session: calling.missed(session, store.step(session, number), by=world.alice.id),
        "turn": lambda session: queue.turn(session, store.step(session, number), State.HELD, by=world.alice.id),
        "transfer": lambda session: queue.transfer(
            session, store.step(session, number), store.stations["cashier"], by=world.alice.id
        ),
        "leave": lambda session: queue.leave(session, store.step(session, number).stay, by=world.alice.id),
        "cancel": lambda session: queue.cancel(session, store.step(session, number).stay, by=world.alice.id, why="x"),
    }


@pytest.mark.parametrize("deed", ["next", "this", "missed", "turn", "transfer", "leave", "cancel"])
def test_while_the_gateway_has_it_nothing_is_done_here(store, gateway, deed):
    number = waits(store)
    gateway.keeps()
    gateway.holds()
    with store.work() as session, pytest.raises(HeldAway):
        tries(store, number)[deed](session)
    with store.work() as session:
        one = store.step(session, number).step
        assert (one.state, one.turn) == (State.WAITING, 0)


def test_a_gateway_that_is_away_may_be_calling(store, gateway):
    number = waits(store)
    gateway.keeps()
    gateway.becomes("offline")
    with store.work() as session:
        assert holding.away(session, store.world.pier.id).certain is False
        with pytest.raises(HeldAway):
            calling.this(session, store.step(session, number), None, by=store.world.alice.id)


def test_one_that_never_kept_the_book_cannot(store, gateway):
    number = waits(store)
    gateway.becomes("offline")
    with store.work() as session:
        assert calling.this(session, store.step(session, number), None, by=store.world.alice.id).turn == 1


def test_people_may_still_come_in(store, gateway):
    gateway.keeps()
    gateway.holds()
    with store.work() as session:
        assert store.come(session)[0].ticket == "A001"


def test_taken_back_by_name_the_cloud_calls_again_until_the_gateway_is_away_anew(store, gateway):
    number = waits(store)
    gateway.keeps()
    gateway.becomes("offline")
    with store.work() as session:
        services.regain(session, store.world.pier.id, by=store.world.alice.id)
    with store.work() as session:
        calling.this(session, store.step(session, number), None, by=store.world.alice.id)
    gateway.becomes("online")
    gateway.becomes("offline")
    with store.work() as session, pytest.raises(HeldAway):
        calling.this(session, store.step(session, number), None, by=store.world.alice.id)


def test_what_the_gateway_hands_back_is_the_clouds_and_the_book_says_so(store, gateway):
    number = waits(store)
    gateway.keeps()
    gateway.holds()
    gateway.does("moved", changes=[step(number, "waiting", "held")])
    gateway.does("gave")
    book = gateway.reads()
    assert (book.safe.hold, book.safe.n, book.safe.ended) == (gateway.hold, gateway.n, True)
    with store.work() as session:
        holding.mine(session, store.world.pier.id)
        queue.turn(session, store.step(session, number), State.WAITING, by=store.world.alice.id)


def test_it_may_take_it_again_in_the_same_holding(store, gateway):
    gateway.keeps()
    gateway.holds()
    gateway.does("gave")
    gateway.does("took")
    with store.work() as session, pytest.raises(HeldAway):
        holding.mine(session, store.world.pier.id)


def test_a_day_is_not_ended_over_the_gateways_head(store, gateway):
    with store.work() as session:
        day = minutes_ago(36 * 60).date()
        stay, _one = store.come(session, day=day)
        number = stay.id
    gateway.keeps()
    gateway.becomes("offline")
    with store.work() as session:
        tasks.close(session)
        assert session.get_one(Stay, (store.world.one, number)).state == "here"
    gateway.becomes("online")
    with store.work() as session:
        tasks.close(session)
        assert session.get_one(Stay, (store.world.one, number)).state == "left"


def test_what_ends_by_itself_needs_nobody(store, gateway):
    gateway.keeps()
    gateway.holds()
    with store.work() as session:
        stay, _one = store.come(session, at=now())
        queue.leave(session, stay, by=None, through=Through.SYSTEM)
        assert stay.state == "left"


def test_one_that_comes_back_holding_has_it_before_its_first_entry(store, gateway):
    number, book = waits(store), gateway.keeps()
    gateway.is_born(book.version, gateway.hold)
    with store.work() as session, pytest.raises(HeldAway):
        calling.this(session, store.step(session, number), None, by=store.world.alice.id)


def test_a_birth_after_it_was_handed_back_takes_nothing_again(store, gateway):
    book = gateway.keeps()
    gateway.is_born(book.version, gateway.hold)
    gateway.holds()
    gateway.does("gave")
    gateway.is_born(book.version, gateway.hold)
    with store.work() as session:
        assert holding.away(session, store.world.pier.id) is None

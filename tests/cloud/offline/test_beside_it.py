"""What goes on at the cloud while a gateway has the queue: records do, nobody is moved, and whoever tries is told."""

import pytest

from cloud.kernel.clock import now
from cloud.offline import services as offline
from cloud.queue import calling, gates, queries, services
from cloud.queue.choices import Step as State
from cloud.queue.models import Holding, Stay
from tests.cloud.arrival import door_here
from tests.cloud.loops import loops_here


def taken(store):
    """The gateway at the pier has the queue from now on."""
    with store.work() as session:
        offline.born(session, store.world.pier.sender.gateway_id, store.world.pier.id, 0)
        row = session.query(Holding).one()
        row.hold, row.ended, row.held_at = "h", False, now()


@pytest.fixture
def loop(store):
    return loops_here.loop(store)


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


def test_a_test_goes_on_and_its_patient_stays_where_the_gateway_has_them(store, loop, alice):
    (number,) = loop.tests()
    before = loop.at("check_up")
    taken(store)
    loop.post(alice, number, "identified", "in_progress")
    loop.done(number)
    loop.follow()
    loop.post(alice, number, "validated", "published")
    assert (loop.state(number), loop.at("check_up")) == ("published", before)


def test_what_is_paid_meanwhile_lets_a_test_go_on_without_moving_anybody(store, loop):
    (number,) = loop.tests("oct_macula", amount=900)
    before = loop.at("cashier")
    taken(store)
    with store.work() as session:
        stay = session.get_one(Stay, (store.world.one, loop.stay))
        gates.pay(session, stay, gates.owed(session, stay).due, by=store.world.rosa.id)
    loop.follow()
    assert (loop.state(number), loop.at("cashier")) == ("queued", before)


@pytest.mark.parametrize("deed", ["left", "cancel"])
def test_the_desk_is_told_why_nobody_is_moved(store, sign_in, world, deed):
    with store.work() as session:
        number = store.come(session)[0].id
    taken(store)
    answer = sign_in(world.rosa).post(f"/arrivals/{number}/{deed}", data={"why": "x", "reason": "x"})
    assert answer.status_code == 409
    assert "gateway has the queue just now; nothing was changed" in answer.text
    with store.work() as session:
        assert session.get_one(Stay, (world.one, number)).state == "here"


def test_a_phone_is_told_to_ask_at_the_desk(store, app, engine, world):
    doors = door_here.opened(app, engine, world)
    with store.work() as session:
        kind = queries.kind(session, world.pier.id, "general")
        stay, _step, token = services.arrive(session, kind, by=world.rosa.id)
        number = stay.id
    taken(store)
    one = doors.browser()
    one.read(f"/place/{token}/leave")
    answer = one.send(f"/place/{token}/leave")
    assert (answer.status_code, "Tell the desk that you go" in answer.text) == (409, True)
    with store.work() as session:
        assert session.get_one(Stay, (world.one, number)).state == "here"


def test_handed_back_everything_goes_on(store, loop):
    taken(store)
    with store.work() as session:
        offline.regain(session, store.world.pier.id, by=store.world.alice.id)
        number = store.come(session, "green")[1].id
        calling.this(session, store.step(session, number), None, by=store.world.alice.id)
        assert store.step(session, number).step.state == State.CALLED

"""A call button does what its key says: once, while it is meant, and never more than that."""

import msgspec
import pytest
from sqlalchemy import select

from cloud.calls import buttons
from cloud.fleet.models import Order
from cloud.kernel.ids import uuid7
from cloud.queue import queries
from cloud.queue.choices import Step as State
from cloud.queue.models import Press
from protocols.envelope import Event
from protocols.envelope.calls import Printed
from tests.cloud.queue.store_here import minutes_ago


@pytest.fixture
def pad(store):
    """Press a key of the pad at the pier; what became of it."""

    def press(key: str, ago: float = 0, name: str | None = None) -> str:
        at = minutes_ago(ago).isoformat()
        data = {"key": key, "press": name or str(uuid7())}
        event = Event(v=1, id=str(uuid7()), at=at, code="button_pressed", text="pad", dev="pad", data=data)
        with store.work() as session:
            buttons.heard(session, store.world.pier.sender.gateway_id, store.world.pier.id, event)
        with store.work() as session:
            return session.scalars(select(Press).where(Press.press == data["press"])).one().outcome

    with store.work() as session:
        store.room(session, 3)
    return press


def waits(store):
    with store.work() as session:
        return store.at_doctor(session)


def state(store, number):
    with store.work() as session:
        step = store.step(session, number).step
        return step.state, step.turn


def test_next_calls_to_the_door_the_button_is_at(store, pad):
    number = waits(store)
    assert pad("next:3") == "called"
    with store.work() as session:
        one = store.step(session, number)
        assert (one.step.state, one.step.desk_id, one.step.through) == (
            State.CALLED,
            store.room(session, 3).id,
            "button",
        )


def test_again_and_missed_mean_who_was_called_to_that_door(store, pad):
    number = waits(store)
    assert pad("again:3") == "nobody"
    pad("next:3")
    assert (pad("again:3"), state(store, number)) == ("called", (State.CALLED, 2))
    assert (pad("missed:3"), state(store, number)) == ("called", (State.WAITING, 2))


def test_a_press_that_is_told_twice_calls_once(store, pad):
    first, second = waits(store), waits(store)
    for _time in range(2):
        pad("next:3", name="the-same")
    assert [state(store, one)[0] for one in (first, second)] == [State.CALLED, State.WAITING]


def test_a_press_of_long_ago_is_kept_and_not_carried_out(store, pad):
    number = waits(store)
    assert (pad("next:3", ago=2), state(store, number)[0]) == ("late", State.WAITING)


def test_nobody_waits_and_nothing_breaks(store, pad):
    assert pad("next:3") == "nobody"


@pytest.mark.parametrize("key", ["", "next", "next:", "next:9", "next:x", "dance:3", "ticket:nothing", "next:3:4"])
def test_a_key_that_means_nothing_here_does_nothing(store, pad, key):
    number = waits(store)
    assert (pad(key), state(store, number)[0]) == ("unknown", State.WAITING)


def test_a_ticket_by_button_has_no_name_and_goes_to_the_printer(store, pad, callers):
    assert pad("ticket:general") == "ticket"
    with store.work() as session:
        [order] = session.scalars(select(Order).where(Order.verb == "print_ticket"))
        printed = msgspec.json.decode(order.args, type=Printed)
        day = queries.today(session, store.world.pier.id)
        [stay] = queries.stays(session, store.world.pier.id, day)
        assert (stay.source, stay.patient_id, stay.ticket) == ("button", None, printed.ticket)
        assert (printed.heading, printed.lines) == ("Pier", ["Reception", "前台"])


def test_a_quota_that_is_full_is_refused(store, pad):
    with store.work() as session:
        queries.kind(session, store.world.pier.id, "general").quota = 0
    assert pad("ticket:general") == "refused"

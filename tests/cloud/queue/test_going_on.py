"""Where somebody goes after a step: to what was planned since the doctor sent them, to the doctor, to the rest."""

import pytest

from cloud.queue import queries, services
from cloud.queue.choices import Step as State
from tests.cloud.queue.store_here import inline


@pytest.fixture
def session(store):
    with store.work() as session:
        yield session


@pytest.fixture
def inside(store, session):
    """Somebody who is being examined."""
    one = store.step(session, store.at_doctor(session))
    turn(store, session, one, State.IN_ROOM, State.EXAM_DRAFT)
    return one


@pytest.fixture
def sent(store, session, inside):
    """Somebody whom the doctor has sent to the check-up; the doctor's step and the one there."""
    return inside, send(store, session, inside)


def turn(store, session, one, *states):
    for state in states:
        services.turn(session, one, state, by=store.world.alice.id)


def send(store, session, one):
    there = services.line_up(session, one.stay, store.stations["check_up"], by=store.world.alice.id)
    turn(store, session, one, State.ORDERS_PLACED)
    return there


def plan(store, session, stay, sort):
    return services.line_up(session, stay, store.stations[sort], by=store.world.rosa.id, planned=True)


def done(store, session, step, stay):
    session.refresh(step)
    for state in (State.SERVING, State.DONE):
        services.turn(session, inline(step, stay), state, by=store.world.rosa.id)


def states(session, stay):
    return [one.state for one in queries.steps_of(session, [stay.id])[stay.id][1:]]  # the first is the reception's


def test_with_nothing_planned_they_go_back_to_the_doctor(store, session, sent):
    one, there = sent
    done(store, session, there, one.stay)
    assert states(session, one.stay) == [State.RETURNED, State.DONE]


def test_the_cashier_then_the_test_then_the_doctor(store, session, sent):
    """Planned one after the other by those they were with, while the doctor waits."""
    one, there = sent
    cashier = services.transfer(session, inline(there, one.stay), store.stations["cashier"], by=store.world.rosa.id)
    check_up = plan(store, session, one.stay, "check_up")
    done(store, session, cashier, one.stay)
    assert states(session, one.stay) == [State.ORDERS_PLACED, State.MOVED, State.DONE, State.WAITING]
    done(store, session, check_up, one.stay)
    assert states(session, one.stay) == [State.RETURNED, State.MOVED, State.DONE, State.DONE]


def test_what_is_planned_while_the_doctor_waits_comes_in_its_order(store, session, sent):
    one, there = sent
    first, second = plan(store, session, one.stay, "cashier"), plan(store, session, one.stay, "check_up")
    done(store, session, there, one.stay)
    assert (first.state, second.state, one.step.state) == (State.WAITING, State.PLANNED, State.ORDERS_PLACED)
    done(store, session, first, one.stay)
    assert (second.state, one.step.state) == (State.WAITING, State.ORDERS_PLACED)
    done(store, session, second, one.stay)
    session.refresh(one.step)
    assert one.step.state == State.RETURNED


def test_what_was_planned_before_they_were_sent_comes_after_the_doctor(store, session, inside):
    cashier = plan(store, session, inside.stay, "cashier")
    there = send(store, session, inside)
    done(store, session, there, inside.stay)
    assert (cashier.state, store.step(session, inside.step.id).step.state) == (State.PLANNED, State.RETURNED)
    turn(store, session, inside, State.REVIEWING, State.SIGNED, State.DISCHARGED)
    session.refresh(cashier)
    assert cashier.state == State.WAITING


def test_both_kinds_of_plan_keep_their_side_of_the_doctor(store, session, inside):
    optical = plan(store, session, inside.stay, "optical")
    there = send(store, session, inside)
    cashier = plan(store, session, inside.stay, "cashier")
    done(store, session, there, inside.stay)
    assert (optical.state, cashier.state, inside.step.state) == (State.PLANNED, State.WAITING, State.ORDERS_PLACED)
    done(store, session, cashier, inside.stay)
    session.refresh(optical)
    assert (optical.state, store.step(session, inside.step.id).step.state) == (State.PLANNED, State.RETURNED)


def test_medicines_come_after_the_doctor_whenever_they_were_planned(store, session, sent):
    one, there = sent
    drugs = plan(store, session, one.stay, "drugs")
    done(store, session, there, one.stay)
    assert (drugs.state, store.step(session, one.step.id).step.state) == (State.PLANNED, State.RETURNED)
    turn(store, session, one, State.REVIEWING, State.SIGNED, State.DISCHARGED)
    session.refresh(drugs)
    assert drugs.state == State.WAITING


def test_a_plan_that_is_skipped_holds_nobody_up(store, session, sent):
    one, there = sent
    cashier = plan(store, session, one.stay, "cashier")
    services.turn(session, inline(cashier, one.stay), State.SKIPPED, by=store.world.rosa.id, why="nothing to pay")
    done(store, session, there, one.stay)
    assert states(session, one.stay) == [State.RETURNED, State.DONE, State.SKIPPED]


def test_the_stay_ends_with_the_last_step_and_not_before(store, session, sent):
    one, there = sent
    cashier = plan(store, session, one.stay, "cashier")
    done(store, session, there, one.stay)
    done(store, session, cashier, one.stay)
    assert one.stay.state == "here"
    turn(store, session, one, State.REVIEWING, State.SIGNED, State.DISCHARGED)
    assert one.stay.state == "done"

"""Masks are proved against what they were counted from; one that is wrong is told, forgotten and counted out anew."""

import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from cloud.booking import asking, glance, holding, proving, services
from cloud.booking.models import Hold, Mask
from cloud.booking.proving import Prover
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


def offered(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        seen = glance.view(session, practice.ask(), practice.on, practice.on)
        return asking.times(seen, practice.on)


def proved(engine, practice, after=0):
    with unit_of_work(engine, practice.world.one) as session:
        return proving.step(session, after)


def test_what_is_true_stays(engine, practice, caplog):
    before = offered(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        services.book(session, practice.ask(), practice.at(9), practice.patients[0], channel="desk")
        holding.hold(session, practice.ask(), practice.at(10), "me")
    assert len(offered(engine, practice)) == len(before)
    assert proved(engine, practice) == practice.store
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Mask)) == 6
    assert caplog.records == []


def test_what_is_wrong_is_told_without_a_name_and_is_right_again(engine, practice, caplog):
    right = offered(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Mask).where(Mask.resource_id == practice.doctors[0]).values(free=b"\0" * 40))
        session.execute(update(Mask).where(Mask.resource_id == practice.doctors[1]).values(free=b"\0" * 40))
    assert offered(engine, practice) == []
    with caplog.at_level(logging.ERROR):
        proved(engine, practice)
    assert [one.message for one in caplog.records] == [
        f"2 days of store {practice.store} were not as they were written down; they are counted out anew"
    ]
    assert offered(engine, practice) == right


def test_a_hold_that_has_ended_is_no_fault(engine, practice, caplog):
    right = offered(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        holding.hold(session, practice.ask(), practice.at(9), "me")
        holding.hold(session, practice.ask(practice.full), practice.at(10), "me")
    offered(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Hold).values(until=now() - timedelta(minutes=1)))
    with caplog.at_level(logging.ERROR):
        proved(engine, practice)
    assert caplog.records == []
    assert offered(engine, practice) == right


def test_days_that_are_over_are_forgotten(engine, practice):
    offered(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        old = {"tenant_id": practice.world.one, "on_date": date(2020, 1, 1), "begins": now(), "ends": now()}
        one = session.scalars(select(Mask)).first()
        rest = {name: getattr(one, name) for name in ("store_id", "resource_id", "version", "open", "free")}
        session.add(Mask(**old, **rest))
    proved(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.min(Mask.on_date))) == practice.on


def test_stores_are_proved_in_turn_and_then_from_the_first_again(engine, practice):
    offered(engine, practice)
    assert proved(engine, practice) == practice.store
    assert proved(engine, practice, practice.store) == 0


def test_the_worker_proves_once_a_minute(engine, practice):
    offered(engine, practice)
    prover = Prover()
    assert prover.work(engine) is False
    assert prover._last[practice.world.one] == practice.store
    prover.work(engine)
    assert prover._last[practice.world.one] == practice.store

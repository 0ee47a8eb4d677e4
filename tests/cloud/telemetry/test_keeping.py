"""The bounded table: what is kept, added up and let go, and that a chain sees its own alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cloud.ingest.vitals import Vitals
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.telemetry import queries, services
from cloud.telemetry.looks import Look
from cloud.telemetry.models import Hour, Sample
from cloud.telemetry.series import Window
from cloud.telemetry.sinks import SqlSink
from cloud.telemetry.tasks import Upkeep
from tests.cloud.servers import wait_until
from tests.cloud.telemetry.days_here import EVERY, day, noon
from tests.cloud.telemetry.test_looks import said


def look(place, at, **figures):
    return Look(place.sender.tenant_id, place.sender.gateway_id, place.address, at, dict(figures))


def count(engine, tenant_id, table):
    with unit_of_work(engine, tenant_id) as session:
        return session.scalar(select(func.count()).select_from(table))


def read(engine, place, names, window, tenant_id=None):
    with unit_of_work(engine, tenant_id or place.sender.tenant_id) as session:
        return queries.steps(session, place.sender.gateway_id, names, window)


def test_the_highest_gauge_and_the_last_counter_of_a_step_count(engine, world):
    at = noon()
    SqlSink(engine).write(
        [
            look(world.pier, at - timedelta(seconds=200), outbox_depth=9.0, reconnects=1.0),
            look(world.pier, at, outbox_depth=4.0, reconnects=2.0),
            look(world.pier, at + timedelta(seconds=1), outbox_depth=1.0, reconnects=3.0),
        ]
    )
    found = read(engine, world.pier, ["outbox_depth", "reconnects"], Window.back(at + EVERY, EVERY * 4, EVERY))
    assert found == {"outbox_depth": [(at, 9.0), (at + EVERY, 1.0)], "reconnects": [(at, 2.0), (at + EVERY, 3.0)]}


def test_a_look_told_twice_is_kept_once(engine, world):
    same = look(world.pier, noon(), outbox_depth=1.0)
    for _ in range(2):
        SqlSink(engine).write([same])
    assert count(engine, world.one, Sample) == 1


@pytest.mark.edge("EDGE-257", "No chain reads another's figures.")
def test_another_chain_sees_nothing(engine, world):
    SqlSink(engine).write([look(world.pier, noon(), outbox_depth=1.0)])
    window = Window.back(noon(), EVERY * 4, EVERY)
    assert len(read(engine, world.pier, ["outbox_depth"], window)) == 1
    assert read(engine, world.pier, ["outbox_depth"], window, tenant_id=world.two) == {}
    assert count(engine, world.two, Sample) == 0


def test_hours_are_added_up_once_whole_and_again_when_a_look_comes_late(engine, world):
    last = noon().replace(minute=0) - timedelta(hours=1)
    with unit_of_work(engine, world.one) as session:
        services.keep(session, [look(world.pier, last - timedelta(minutes=9), outbox_depth=2.0, reconnects=5.0)])
        services.add_up(session, last - timedelta(minutes=1), last - timedelta(hours=2))
        assert session.scalars(select(Hour)).all() == []
        services.add_up(session, last, last - timedelta(hours=2))
        services.keep(session, [look(world.pier, last, outbox_depth=1.0, reconnects=6.0)])
        services.add_up(session, now(), last - timedelta(hours=2))
    window = Window.back(last, timedelta(days=7), timedelta(hours=1))
    found = read(engine, world.pier, ["outbox_depth", "reconnects"], window)
    assert found == {"outbox_depth": [(last, 2.0)], "reconnects": [(last, 6.0)]}


@pytest.mark.edge("EDGE-258", "The table of figures is bounded in age and in number of looks of a gateway.")
def test_old_looks_and_too_many_are_let_go(engine, world, monkeypatch):
    monkeypatch.setattr(services, "RAW_COUNT", 10)
    with unit_of_work(engine, world.one) as session:
        old = [look(world.pier, now() - timedelta(days=3), outbox_depth=1.0)]
        services.keep(
            session, [*old, *day(world.pier, noon(), hours=2, gap=(0, 0)), *day(world.hill, noon(), 2, (0, 0))]
        )
        session.add(Hour(gateway_id=world.pier.sender.gateway_id, at=now() - timedelta(days=91), figures={}))
        session.flush()
        services.let_go(session, now())
        kept = session.execute(select(Sample.gateway_id, func.count()).group_by(Sample.gateway_id)).all()
        hours = session.scalar(select(func.count()).select_from(Hour))
        newest = session.scalar(select(func.min(Sample.at)).where(Sample.gateway_id == world.pier.sender.gateway_id))
    assert {tuple(row) for row in kept} == {(p.sender.gateway_id, 10) for p in (world.pier, world.hill)}
    assert (hours, newest) == (0, noon() - EVERY * 9)


@pytest.mark.usefixtures("no_others_chains")
def test_the_worker_goes_round_every_chain_now_and_then(engine, world):
    SqlSink(engine).write([*day(world.pier, noon(), hours=3, gap=(0, 0)), *day(world.mill, noon(), 3, (0, 0))])
    upkeep = Upkeep()
    went = upkeep.work(engine)
    before = count(engine, world.one, Hour), count(engine, world.two, Hour)
    with unit_of_work(engine, world.one) as session:
        session.query(Hour).delete()
    assert (went, upkeep.work(engine)) == (True, False)
    assert min(before) >= 2
    assert count(engine, world.one, Hour) == 0


@pytest.fixture
def vitals(engine):
    thread = Vitals(engine, SqlSink(engine))
    thread.start()
    yield thread
    thread.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.edge("EDGE-259", "Figures that cannot be read or come from a stranger cost no others.")
def test_what_arrives_is_kept_and_what_cannot_be_is_passed_over(engine, world, vitals, caplog):
    at = now()
    told = said(at=at.isoformat(), gauges={"d": 5})
    stranger = world.pier.address.__class__("nobody", "here", "gw-1")
    for address, payload in (
        (world.pier.address, b"\xff{"),
        (stranger, told),
        (world.pier.address, told),
        (world.mill.address, told),
    ):
        vitals.put(address, payload, at)
    wait_until(lambda: count(engine, world.one, Sample) + count(engine, world.two, Sample) == 2)
    assert (count(engine, world.one, Sample), count(engine, world.two, Sample)) == (1, 1)
    assert "cannot be kept" in caplog.text

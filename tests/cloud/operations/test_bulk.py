"""One thing asked of many gateways: tried dry, done step by step, stopped, and nobody asked who cannot."""

import pytest
from sqlalchemy import func, select, update

from cloud.accounts import queries as accounts
from cloud.fleet import services as fleet
from cloud.fleet.listing import Asked
from cloud.fleet.models import Gateway, Order
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.operations import bulk, deeds, tasks
from cloud.operations.errors import NoSuchBulk
from cloud.shadow import queries as shadow
from cloud.shadow.errors import Faulty


@pytest.fixture
def three(engine, world):
    """Pier's gateway is there, Hill's is away, a third has never been seen and a fourth is revoked."""
    with unit_of_work(engine, world.one) as session:
        for place, state in ((world.pier, "online"), (world.hill, "offline")):
            mine = update(Gateway).where(Gateway.id == place.sender.gateway_id)
            session.execute(mine.values(state=state))
        fleet.enrol(session, store_id=world.hill.id, slug="gw-new")
        gone = fleet.enrol(session, store_id=world.hill.id, slug="gw-gone")
        gone.status, gone.state = "revoked", "online"
    return world


def tried(engine, world, verb):
    with unit_of_work(engine, world.one) as session:
        trial = bulk.trial(session, Asked(), verb)
    return [one.gateway.slug for one in trial.reached], sorted((one.gateway.slug, why) for one, why in trial.left_out)


def test_a_dry_run_says_whom_it_reaches_and_why_not_the_others(engine, three):
    assert tried(engine, three, "ping") == (
        ["gw-1"],
        [("gw-1", "offline"), ("gw-gone", "revoked"), ("gw-new", "never_seen")],
    )
    reached, left_out = tried(engine, three, "configure")
    assert (len(reached), len(left_out)) == (2, 2)
    with unit_of_work(engine, three.one) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0


def begun(engine, world, verb="ping", args="{}", of=None):
    with unit_of_work(engine, world.one) as session:
        ids = of or list(session.scalars(select(Gateway.id).order_by(Gateway.id)))
        return bulk.begin(session, verb=verb, args=args, gateway_ids=ids, by=world.omar.id).id


def steps(engine, world, bulk_id):
    with unit_of_work(engine, world.one) as session:
        found = bulk.steps(session, bulk_id)
        return sorted((line.gateway.slug, step.state, step.why) for step, line in found), bulk.one(
            session, bulk_id
        ).state


@pytest.mark.edge("EDGE-275", "What is asked of many gateways is asked of each once, and of none that cannot do it.")
def test_each_is_asked_once_and_whoever_cannot_is_left_out(engine, three, monkeypatch):
    monkeypatch.setattr(accounts, "chains", lambda _engine: [three.one])  # other tests leave thousands behind
    bulk_id = begun(engine, three)
    watchman = tasks.Watchman()
    while watchman.work(engine):
        pass
    assert steps(engine, three, bulk_id) == (
        [
            ("gw-1", "given", None),
            ("gw-1", "refused", "offline"),
            ("gw-gone", "refused", "revoked"),
            ("gw-new", "refused", "never_seen"),
        ],
        "done",
    )
    with unit_of_work(engine, three.one) as session:
        orders = session.execute(select(Order.verb, Order.gateway_id, Order.patient_id)).all()
    assert orders == [("ping", three.pier.sender.gateway_id, None)]


def test_an_order_under_way_is_not_given_twice(engine, three):
    for _round in range(2):
        bulk_id = begun(engine, three, of=[three.pier.sender.gateway_id])
        with unit_of_work(engine, three.one) as session:
            assert bulk.step(session, bulk_id)
    assert steps(engine, three, bulk_id) == ([("gw-1", "refused", "under_way")], "done")


def test_a_part_of_a_configuration_is_set_and_the_rest_stays(engine, three):
    args = '{"key": "raw_days", "value": 14}'
    bulk_id = begun(engine, three, "configure", args, of=[three.pier.sender.gateway_id, three.hill.sender.gateway_id])
    with unit_of_work(engine, three.one) as session:
        assert bulk.step(session, bulk_id)
        wanted = [shadow.wanted(session, place.sender.gateway_id) for place in (three.pier, three.hill)]
    assert [(doc.raw_days, version) for doc, version in wanted] == [(14, 1), (14, 1)]


@pytest.mark.parametrize(
    ("key", "value"), [("raw_days", "-1"), ("raw_days", "many"), ("broker", "x"), ("language", "fr")]
)
def test_a_part_that_cannot_be_is_refused_before_anybody_is_asked(key, value):
    with pytest.raises(Faulty):
        deeds.part(key, value)


def test_what_is_stopped_asks_nobody_else(engine, three, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    bulk_id = begun(engine, three)
    with unit_of_work(engine, three.one) as session:
        assert bulk.step(session, bulk_id)
        assert bulk.stop(session, bulk_id, by=three.olivia.id)
        assert not bulk.stop(session, bulk_id, by=three.olivia.id)
        assert not bulk.step(session, bulk_id)
    found, state = steps(engine, three, bulk_id)
    assert ([one[1] for one in found].count("stopped"), state) == (3, "stopped")
    with unit_of_work(engine, three.one) as session:
        noted = session.scalars(select(Entry.verb).where(Entry.subject_kind == "bulk").order_by(Entry.id)).all()
    assert noted == ["bulk ping", "stopped"]


def test_another_chains_action_is_not_there(engine, three):
    bulk_id = begun(engine, three)
    with unit_of_work(engine, three.two) as session:
        assert bulk.running(session) == []
        for ask in (bulk.one, lambda work, number: bulk.stop(work, number, by=three.charlie.id)):
            with pytest.raises(NoSuchBulk):
                ask(session, bulk_id)
    assert steps(engine, three, bulk_id)[1] == "running"


def test_rings_are_those_of_the_chain(engine, three):
    with unit_of_work(engine, three.one) as session:
        sizes = bulk.rings(session)
        drawn = [one for number in range(1, len(sizes) + 1) for one in bulk.ring(session, number)]
        assert bulk.ring(session, 99) == ()
        enrolled = session.scalars(select(Gateway.id).where(Gateway.status == "enrolled")).all()
    assert sorted(drawn) == sorted(enrolled)

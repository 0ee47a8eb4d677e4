"""What a gateway is told: its own store's days and nobody else's, once for each change."""

from datetime import time, timedelta

import pytest
from sqlalchemy import update

from cloud.enrolment import revoking
from cloud.enrolment.choices import Why
from cloud.fleet.models import Gateway
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.people import services as people
from cloud.worklist import queries, rules, services, telling
from protocols import envelope
from protocols.envelope import parse
from protocols.envelope.worklist import Worklist
from tests.cloud.worklist.ordering_here import ZONE, today, wanted


@pytest.fixture
def work(engine, world):
    with unit_of_work(engine, world.one) as session:
        yield session


def say(session, place):
    """Carry out what is due, as the publisher does: what was left, by topic."""
    plan = telling.plan(session, place.sender.gateway_id)
    if plan is None:
        return []
    telling.told(session, place.sender.gateway_id, plan)
    return [(str(parse(one.topic).address), envelope.decode(Worklist, one.payload)) for one in plan.letters]


def test_a_gateway_hears_its_own_store_and_the_days_it_needs(work, world):
    kept = wanted(work, world.alice, world.grace, wanted_time=time(9, 15), station="OCT1")
    later = wanted(work, world.alice, world.per, wanted_on=today() + timedelta(days=2))
    wanted(work, world.alice, world.per, wanted_on=today() + timedelta(days=3))
    wanted(work, world.alice, world.per, wanted_on=today() - timedelta(days=1))
    wanted(work, world.bob, world.grace)
    gone = wanted(work, world.alice, world.per)
    services.cancel(work, gone.id, by=world.alice.id)

    ((address, told),) = say(work, world.pier)

    assert address == str(world.pier.address)
    assert (told.version, told.zone) == (1, ZONE)
    assert [one.accession for one in told.items] == [kept.accession, later.accession]
    first = told.items[0]
    assert (first.patient_id, first.family, first.given, first.latin) == ("R-1", "Okafor", "Grace", "Okafor^Grace")
    assert (first.at, first.station, first.modality) == (rules.at(today(), time(9, 15), ZONE), "OCT1", "OPT")
    assert (first.study_uid, first.physician) == (kept.study_uid, "Dr Alice Moreau")
    ((_, other),) = say(work, world.hill)
    assert len(other.items) == 1


def test_the_same_list_is_not_told_twice_and_each_change_is_the_next_version(work, world):
    one = wanted(work, world.alice, world.grace)
    assert [told.version for _, told in say(work, world.pier)] == [1]
    services.stir(work, world.pier.id)
    assert say(work, world.pier) == []
    services.arrive(work, one.id, uuid7())
    assert [(told.version, told.items) for _, told in say(work, world.pier)] == [(2, [])]


def test_a_store_without_orders_hears_nothing(work, world):
    services.heard(work, world.pier.sender.gateway_id, 0)
    assert say(work, world.pier) == []
    told = queries.told(work, world.pier.sender.gateway_id)
    assert (told.version, told.due, told.until) == (0, False, None)


def test_a_corrected_name_reaches_the_devices_when_the_list_is_made_anew(work, world):
    wanted(work, world.alice, world.grace)
    say(work, world.pier)
    people.edit(work, world.grace, {"family_name": "Okafor-Lind"}, opened=1, by=world.alice.id)
    ((_, told),) = say(work, world.pier)
    assert (told.version, told.items[0].family) == (2, "Okafor-Lind")
    until = queries.told(work, world.pier.sender.gateway_id).until
    assert until is not None


def test_a_gateway_that_keeps_less_is_told_again_and_one_that_keeps_more_is_overtaken(work, world):
    wanted(work, world.alice, world.grace)
    say(work, world.pier)
    gateway = world.pier.sender.gateway_id
    services.heard(work, gateway, 0)
    assert [told.version for _, told in say(work, world.pier)] == [1]
    services.heard(work, gateway, 1)
    assert say(work, world.pier) == []
    assert [one.told.kept for one in queries.told_in(work, world.pier.id)] == [1]
    services.heard(work, gateway, 57)
    assert [told.version for _, told in say(work, world.pier)] == [58]


def test_what_could_not_be_left_at_the_broker_stays_due(engine, world):
    gateway = world.pier.sender.gateway_id
    with unit_of_work(engine, world.one) as session:
        wanted(session, world.alice, world.grace)
    with unit_of_work(engine, world.one) as session:
        assert len(telling.plan(session, gateway).letters) == 1
    assert (world.one, gateway) not in queries.due(engine)  # somebody sees to it
    with unit_of_work(engine, world.one) as session:
        assert telling.plan(session, gateway) is None
        telling.failed(session, gateway)
    assert (world.one, gateway) in queries.due(engine)
    with unit_of_work(engine, world.one) as session:
        say(session, world.pier)
    assert (world.one, gateway) not in queries.due(engine)


def test_what_a_process_died_over_is_told_anew_and_under_a_newer_version(engine, world, monkeypatch):
    gateway = world.pier.sender.gateway_id
    monkeypatch.setattr(telling, "LEASE", timedelta(seconds=-1))
    with unit_of_work(engine, world.one) as session:
        wanted(session, world.alice, world.grace)
    with unit_of_work(engine, world.one) as session:
        first = telling.plan(session, gateway).version
        wanted(session, world.alice, world.per)
    assert (world.one, gateway) in queries.due(engine)
    with unit_of_work(engine, world.one) as session:
        [(_to, list_)] = say(session, world.pier)
        assert (list_.version, len(list_.items)) == (first + 1, 2)


def test_a_revoked_gateways_topic_is_emptied(work, world):
    wanted(work, world.alice, world.grace)
    say(work, world.pier)
    revoking.revoke(work, world.pier.sender.gateway_id, by=world.omar.id, why=Why.LOST)
    assert [(to, told.items) for to, told in say(work, world.pier)] == [(str(world.pier.address), [])]
    assert say(work, world.pier) == []


def test_a_moved_gateway_leaves_nobody_behind_and_learns_its_new_store(work, world):
    wanted(work, world.alice, world.grace)
    say(work, world.pier)
    hill = wanted(work, world.bob, world.per)
    work.execute(update(Gateway).where(Gateway.id == world.hill.sender.gateway_id).values(slug="gw-9"))
    revoking.move(work, world.pier.sender.gateway_id, world.hill.id, by=world.omar.id)
    old, new = say(work, world.pier)
    assert (old[0], old[1].items) == (str(world.pier.address), [])
    assert new[0] == str(world.hill.address)
    assert [one.accession for one in new[1].items] == [hill.accession]
    assert new[1].version > old[1].version

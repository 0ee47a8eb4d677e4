"""The store sees whose the queue is, may take it back, and reads what did not fit; nobody else may."""

import re

import pytest

from cloud.queue import holding
from cloud.queue.choices import Step as State
from tests.cloud.offline.gateway_here import step
from tests.cloud.test_views import rows


@pytest.fixture
def held(gateway):
    gateway.keeps()
    gateway.holds()
    return gateway


@pytest.fixture
def rosa(world, sign_in):
    return sign_in(world.rosa)


@pytest.fixture
def olivia(world, sign_in):
    return sign_in(world.olivia, store_id=world.pier.id)


def test_board_and_lists_say_who_has_the_queue(store, held, rosa):
    for path in ("/stations", "/stations/part", f"/stations/{store.stations['doctor']}"):
        page = rosa.get(path).text
        assert "gw-1 has called people since" in page
        assert "Call from here again" in page


def test_a_gateway_that_is_merely_away_is_not_said_to_call(store, gateway, rosa):
    gateway.keeps()
    gateway.becomes("offline")
    page = rosa.get("/stations/part").text
    assert "gw-1 has not been heard since" in page
    assert "called people since" not in page


def test_who_tries_to_call_is_told_and_nothing_changes(store, held, rosa):
    with store.work() as session:
        number = store.come(session, "green")[1].id
    before = rows(store.engine, store.world.one)
    page = rosa.post(f"/steps/{number}/call", follow_redirects=True).text
    assert "gateway has the queue just now; nothing was changed" in page
    assert rows(store.engine, store.world.one) == before


def test_taken_back_one_calls_again(store, held, rosa):
    with store.work() as session:
        number = store.come(session, "green")[1].id
    rosa.post("/stations/queue/regain")
    rosa.post(f"/steps/{number}/call")
    with store.work() as session:
        assert store.step(session, number).step.state == State.CALLED
        assert holding.of(session, store.world.pier.id).regained_by == store.world.rosa.id


def test_what_did_not_fit_is_read_once(store, held, rosa):
    with store.work() as session:
        stay, one = store.come(session, "green")
        number, ticket = one.id, stay.ticket
    held.does("moved", changes=[step(number, "called", "left")])
    page = rosa.get("/stations/part").text
    section = page[page.index("beside-title") :]
    assert re.search(rf"{ticket}</strong>.*went on.*stood otherwise", section)
    rosa.post("/stations/queue/read")
    assert "beside-title" not in rosa.get("/stations/part").text


def test_the_store_chooses_its_gateway_or_none(store, gateway, olivia):
    assert "It has not said" not in olivia.get("/stations/settings").text
    olivia.post("/stations/settings/gateway", data={"gateway": ""})
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).gateway_id is None
    olivia.post("/stations/settings/gateway", data={"gateway": str(gateway.id)})
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).gateway_id == gateway.id
    answer = olivia.post("/stations/settings/gateway", data={"gateway": str(store.world.hill.sender.gateway_id)})
    assert answer.status_code == 404
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).gateway_id == gateway.id


def test_charlie_takes_nothing_back_and_reads_nothing(store, held, world, sign_in):
    held.does("moved", changes=[step(10**9, "called", "left")])
    before = rows(store.engine, store.world.one)
    charlie = sign_in(world.charlie, store_id=world.mill.id)
    assert "gw-1 has called people" not in charlie.get("/stations").text
    for path in ("/stations/queue/regain", "/stations/queue/read"):
        charlie.post(path)
    charlie.post("/stations/settings/gateway", data={"gateway": str(held.id)})
    assert rows(store.engine, store.world.one) == before


def test_who_does_not_plan_chooses_no_gateway(store, held, rosa):
    before = rows(store.engine, store.world.one)
    assert rosa.post("/stations/settings/gateway", data={"gateway": ""}).status_code == 403
    assert rows(store.engine, store.world.one) == before


def test_while_one_gateway_has_the_queue_no_other_is_chosen(store, held, olivia):
    page = olivia.post("/stations/settings/gateway", data={"gateway": ""}, follow_redirects=True).text
    assert "gateway has the queue just now; nothing was changed" in page
    with store.work() as session:
        assert holding.of(session, store.world.pier.id).gateway_id == held.id

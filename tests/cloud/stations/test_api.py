"""The same moves by JSON: what is drawn is done, everything else is refused and changes nothing."""

import pytest

from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from cloud.queue.choices import Machine
from cloud.queue.choices import Step as State
from protocols.queue import machines
from tests.cloud.test_views import rows

NEED_MORE = {"called", "missed", "moved", "planned"}  # a call of its own; a station to go to


def waits(store, **told):
    with store.work() as session:
        return store.at_doctor(session, **told)


def test_the_line_is_told_in_the_order_of_its_calls(store, alice):
    second, first = waits(store, minutes=3), waits(store, minutes=9)
    found = {one["sort"]: one for one in alice.get("/api/v1/stations").json["stations"]}
    assert [one["id"] for one in found["doctor"]["line"]] == [first, second]
    assert [one["before"] for one in found["doctor"]["line"]] == [0, 1]
    doctor = found["doctor"]["id"]
    assert alice.post(f"/api/v1/stations/{doctor}/next").json["id"] == first
    assert alice.post(f"/api/v1/steps/{first}/called").json["turn"] == 2
    assert alice.post(f"/api/v1/steps/{first}/missed").json["state"] == "waiting"


def test_nobody_waits_is_a_conflict_with_its_name(store, alice):
    answer = alice.post(f"/api/v1/stations/{store.stations['doctor']}/next")
    assert (answer.status_code, answer.json["error"]) == (409, "NobodyWaits")


WAYS = {  # how a step gets into a state, from waiting
    "waiting": (),
    "called": ("called",),
    "held": ("held",),
    "in_room": ("in_room",),
    "exam_draft": ("in_room", "exam_draft"),
    "signed": ("in_room", "exam_draft", "signed"),
    "discharged": ("in_room", "exam_draft", "signed", "discharged"),
    "skipped": ("skipped",),
    "left": ("left",),
}


@pytest.mark.parametrize("was", WAYS)
def test_what_is_not_drawn_is_refused_by_the_api(store, alice, was):
    number = waits(store)
    for step in WAYS[was]:
        assert alice.post(f"/api/v1/steps/{number}/{step}", json={"reason": "for the test"}).status_code == 200
    before = rows(store.engine, store.world.one)
    undrawn = set(State) - set(machines.DRAWN[Machine.DOCTOR][was]) - NEED_MORE
    for wanted in sorted(undrawn):
        answer = alice.post(f"/api/v1/steps/{number}/{wanted}", json={"reason": "for the test"})
        assert (answer.status_code, answer.json["error"]) == (409, "NotDrawn"), wanted
    assert alice.post(f"/api/v1/steps/{number}/flying").status_code == 404
    assert rows(store.engine, store.world.one) == before


def test_charlie_bob_and_nobody_move_nothing(store, charlie, sign_in, world):
    number = waits(store)
    before = rows(store.engine, store.world.one)
    for browser, status in ((charlie, 404), (sign_in(world.bob), 404), (sign_in(world.dora), 403)):
        assert browser.post(f"/api/v1/steps/{number}/called").status_code == status
        assert browser.post(f"/api/v1/stations/{store.stations['doctor']}/next").status_code == status
    assert sign_in().post(f"/api/v1/steps/{number}/called").status_code in (302, 303, 401)
    assert rows(store.engine, store.world.one) == before


def hand_on(browser, number, **told):
    return browser.post(f"/api/v1/steps/{number}/moved", json=told)


def then(browser, number, station):
    return browser.post(f"/api/v1/steps/{number}/planned", json={"station": station})


def steps(store, number):
    with store.work() as session:
        stay = store.step(session, number).stay.id
        return [(one.station_id, one.state) for one in queries.steps_of(session, [stay])[stay]][1:]


@pytest.fixture
def elsewhere(store, world):
    """The check-up of another store of the chain, and of another chain."""
    with store.work() as session:
        hill = services.furnish(session, world.hill.id)
    with unit_of_work(store.engine, world.two) as session:
        mill = services.furnish(session, world.mill.id)
    return [next(one.id for one in there if one.sort == "check_up") for there in (hill, mill)]


def test_handing_on_keeps_the_place_that_was_earned(store, alice):
    number, check_up = waits(store, minutes=9), store.stations["check_up"]
    answer = hand_on(alice, number, station=check_up, reason="pressure first")
    assert (answer.status_code, answer.json["state"]) == (200, State.WAITING)
    assert steps(store, number) == [(store.stations["doctor"], State.MOVED), (check_up, State.WAITING)]
    with store.work() as session:
        was, is_ = store.step(session, number).step, store.step(session, answer.json["id"]).step
        assert (was.why, was.through, was.by) == ("pressure first", "api", store.world.alice.id)
        assert (is_.queued_at, is_.station_id, is_.through) == (was.queued_at, check_up, "api")


def test_who_is_handed_to_a_doctor_is_called_by_that_doctor_alone(store, alice, olivia):
    number, doctor = waits(store), store.stations["doctor"]
    mine = hand_on(alice, number, station=doctor, staff=store.world.olivia.id).json["id"]
    assert alice.post(f"/api/v1/stations/{doctor}/next").json["error"] == "NobodyWaits"
    assert olivia.post(f"/api/v1/stations/{doctor}/next").json["id"] == mine


def test_what_is_planned_comes_after_the_step_and_nobody_else_is_moved(store, alice):
    number, other, cashier = waits(store), waits(store), store.stations["cashier"]
    planned = then(alice, number, cashier).json
    assert (planned["state"], planned["before"]) == (State.PLANNED, None)
    for state in ("in_room", "exam_draft", "signed", "discharged"):
        assert alice.post(f"/api/v1/steps/{number}/{state}").status_code == 200
    assert steps(store, number)[-1] == (cashier, State.WAITING)
    assert steps(store, other) == [(store.stations["doctor"], State.WAITING)]


def test_who_is_handed_on_to_where_they_are_planned_goes_there_once(store, alice):
    number, cashier = waits(store), store.stations["cashier"]
    planned = then(alice, number, cashier).json["id"]
    assert hand_on(alice, number, station=cashier).json["id"] == planned
    assert steps(store, number) == [(store.stations["doctor"], State.MOVED), (cashier, State.WAITING)]


def test_a_station_that_is_not_of_the_store_leads_nowhere(store, alice, elsewhere):
    number = waits(store)
    before = rows(store.engine, store.world.one)
    for wrong in (*elsewhere, 0, "1", None, True, [1], 2**70):
        assert (hand_on(alice, number, station=wrong).status_code, then(alice, number, wrong).status_code) == (404, 404)
    assert alice.post(f"/api/v1/steps/{number}/moved").status_code == 404
    assert alice.post(f"/api/v1/steps/{number}/planned").status_code == 404
    assert rows(store.engine, store.world.one) == before


def test_nobody_is_handed_to_a_station_that_is_closed(store, alice):
    number, optical = waits(store), store.stations["optical"]
    with store.work() as session:
        queries.station(session, optical, store.world.pier.id).closed = True
    before = rows(store.engine, store.world.one)
    assert (hand_on(alice, number, station=optical).status_code, then(alice, number, optical).status_code) == (404, 404)
    assert rows(store.engine, store.world.one) == before


def test_who_does_not_work_in_the_store_is_handed_nobody(store, alice):
    number, doctor = waits(store), store.stations["doctor"]
    before = rows(store.engine, store.world.one)
    for wrong in (store.world.bob.id, store.world.charlie.id, 0, "1", [1], 2**70):
        assert hand_on(alice, number, station=doctor, staff=wrong).status_code == 404
    assert rows(store.engine, store.world.one) == before


def test_a_refused_hand_on_or_plan_changes_nothing(store, alice):
    number, cashier = waits(store), store.stations["cashier"]
    for state in ("in_room", "exam_draft", "signed", "discharged"):
        alice.post(f"/api/v1/steps/{number}/{state}")
    before = rows(store.engine, store.world.one)
    for answer in (hand_on(alice, number, station=cashier), then(alice, number, cashier)):
        assert (answer.status_code, answer.json["error"]) == (409, "NotDrawn")
    assert rows(store.engine, store.world.one) == before


def test_others_hand_nobody_on_and_plan_nothing(store, charlie, sign_in, world):
    number, cashier = waits(store), store.stations["cashier"]
    before = rows(store.engine, store.world.one)
    for browser, status in ((charlie, 404), (sign_in(world.bob), 404), (sign_in(world.dora), 403), (sign_in(), 401)):
        assert hand_on(browser, number, station=cashier).status_code == status
        assert then(browser, number, cashier).status_code == status
    assert rows(store.engine, store.world.one) == before

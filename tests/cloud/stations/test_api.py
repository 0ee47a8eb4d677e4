"""The same moves by JSON: what is drawn is done, everything else is refused and changes nothing."""

import pytest

from cloud.queue import machines
from cloud.queue.choices import Machine
from cloud.queue.choices import Step as State
from tests.cloud.test_views import rows

NEED_MORE = {"called", "missed", "planned"}  # a call of its own; nobody plans what has begun


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

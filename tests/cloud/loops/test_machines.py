"""Both machines by the API: every pair that is not drawn is refused there, and whatever is drawn keeps its guard."""

import pytest

from cloud.loops.chain import LINKS, NEXT, links
from cloud.loops.wording import DEEDS, STATES
from cloud.queue import queries
from protocols.queue.machines import DRAWN, Machine
from tests.cloud.loops.loops_here import put
from tests.cloud.test_views import rows

OURS = (Machine.CHECK_UP, Machine.DISPENSARY)
EVERY = [
    (machine, state) for machine in OURS for state in sorted({one for line in DRAWN[machine].values() for one in line})
]


@pytest.mark.parametrize(("machine", "was"), EVERY)
def test_what_is_not_drawn_is_refused_by_the_api_and_changes_nothing(loop, alice, machine, was):
    number = put(loop, machine, was)
    before = rows(loop.store.engine, loop.store.world.one)
    states = {state for of, state in EVERY if of == machine} | {"flying", "drafted"}
    for becomes in sorted(states - DRAWN[machine].get(was, frozenset())):
        answer = alice.post(f"/api/v1/tasks/{number}/{becomes}", json={"reason": "x"})
        said = (answer.status_code, answer.json["error"], answer.json["state"])
        assert said == (409, "NotDrawn", was), becomes
    assert rows(loop.store.engine, loop.store.world.one) == before


@pytest.mark.parametrize(("machine", "was"), EVERY)
def test_what_is_not_drawn_is_refused_by_the_page_and_changes_nothing(loop, alice, machine, was):
    number = put(loop, machine, was)
    before = rows(loop.store.engine, loop.store.world.one)
    states = {state for of, state in EVERY if of == machine}
    for becomes in sorted(states - DRAWN[machine].get(was, frozenset())):
        answer = alice.post(f"/loops/tasks/{number}/turn/{becomes}", data={"reason": "x"})
        assert answer.status_code == 303, becomes
    assert alice.post(f"/loops/tasks/{number}/turn/flying").status_code == 422
    assert rows(loop.store.engine, loop.store.world.one) == before


GUARDED = [
    *((Machine.CHECK_UP, "queued", "identified", "WrongIdentifiers"),),
    *(
        (Machine.CHECK_UP, "queued", "refused", "WantsReason"),
        (Machine.CHECK_UP, "queued", "cancelled", "WantsReason"),
    ),
    *(
        (Machine.CHECK_UP, "queued", "expired", "StillToday"),
        (Machine.CHECK_UP, "identified", "in_progress", "NotChecked"),
    ),
    *((Machine.CHECK_UP, "in_progress", "captured", "NothingCame"), (Machine.CHECK_UP, "seen", "told", "NotChecked")),
    *((Machine.CHECK_UP, "captured", "repeat_requested", "WantsReason"),),
    *((Machine.DISPENSARY, "clinical_check", "reserved", "NotChecked"),),
    *((Machine.DISPENSARY, "clinical_check", "refused", "WantsReason"),),
    *(
        (Machine.DISPENSARY, "reserved", "picked", "Unreadable"),
        (Machine.DISPENSARY, "picked", "second_check", "SamePerson"),
    ),
    *((Machine.DISPENSARY, "labelled", "handed_out", "WrongIdentifiers"),),
    *(
        (Machine.DISPENSARY, "handed_out", "returned", "WantsReason"),
        (Machine.DISPENSARY, "closed", "returned", "WantsReason"),
    ),
    *(
        (Machine.DISPENSARY, "inspected", "restocked", "WantsReason"),
        (Machine.DISPENSARY, "inspected", "destroyed", "WantsReason"),
    ),
]


@pytest.mark.parametrize(("machine", "was", "becomes", "refused"), GUARDED)
def test_a_guard_holds_by_the_api_too(loop, alice, machine, was, becomes, refused):
    number = put(loop, machine, was)
    answer = alice.post(f"/api/v1/tasks/{number}/{becomes}")
    assert (answer.status_code, answer.json["error"]) == (409, refused)
    assert (bool(answer.json["text"]), loop.state(number)) == (True, was)


@pytest.mark.parametrize(("was", "becomes"), [("captured", "validated"), ("validated", "published")])
def test_a_right_is_wanted_by_the_api_too(loop, rosa, was, becomes):
    number = put(loop, Machine.CHECK_UP, was)
    assert rosa.post(f"/api/v1/tasks/{number}/{becomes}").json["error"] == "MayNot"
    assert loop.state(number) == was


def test_the_api_moves_a_task_and_says_how_it_stands(loop, alice):
    [number] = loop.tests()
    answer = alice.post(f"/api/v1/tasks/{number}/identified", json={"number": "R-1", "born": "1958-03-04"})
    assert (answer.status_code, answer.json["state"], answer.json["next"]) == (200, "identified", "check_up")
    assert answer.json["missing"] == ["done", "reported", "seen", "told"]
    with loop.work() as session:
        [stamp] = [one for one in queries.moves(session, [loop.stay]) if one.becomes == "identified"]
        assert (stamp.through, stamp.by) == ("api", loop.store.world.alice.id)
    listed = alice.get("/api/v1/tasks?machine=check_up").json["tasks"]
    assert [one["id"] for one in listed] == [number]


@pytest.mark.parametrize("body", ["[]", "{", '{"number": 1}', '"x"'])
def test_a_body_that_is_none_is_refused(loop, alice, body):
    [number] = loop.tests()
    answer = alice.post(f"/api/v1/tasks/{number}/identified", data=body, content_type="application/json")
    assert (answer.status_code, loop.state(number)) == (422, "queued")
    assert alice.get("/api/v1/tasks?machine=flying").status_code == 422


def test_a_mistaken_identity_is_in_the_audit_by_the_api_too(loop, alice):
    [number] = loop.tests()
    alice.post(f"/api/v1/tasks/{number}/identified", json={"number": "R-2", "born": "1958-03-04"})
    last = rows(loop.store.engine, loop.store.world.one)["audit_entry"][-1]
    assert (last.verb, last.subject_id) == ("mistaken", str(number))


def test_others_find_no_tasks_by_the_api(loop, bob, charlie, sign_in):
    [number] = loop.tests()
    for client in (bob, charlie):
        assert client.get("/api/v1/tasks").json == {"tasks": []}
        assert client.post(f"/api/v1/tasks/{number}/cancelled", json={"reason": "x"}).status_code == 404
    assert sign_in().get("/api/v1/tasks").status_code == 401
    assert sign_in(loop.store.world.omar).get("/api/v1/tasks").status_code == 403
    assert loop.state(number) == "queued"


@pytest.mark.parametrize(("machine", "state"), EVERY)
def test_every_state_has_its_words_and_what_is_offered_is_drawn(machine, state):
    assert state in STATES
    for deed in DEEDS.get((machine, state), ()):
        assert deed.becomes in DRAWN[machine][state]


@pytest.mark.parametrize("machine", OURS)
def test_the_chain_closes_link_by_link(machine):
    closed = [sum(one.closed for one in links(machine, states[-1], 100)) for _name, states in LINKS[machine]]
    assert closed == [1, 2, 3, 4, 5, 6]
    first = LINKS[machine][0][1][0]
    assert [one.name for one in links(machine, first, 0) if one.free] == ["charged"]
    waited = set(NEXT[machine])
    ends = {"closed", "cancelled", "refused", "expired", "restocked", "destroyed"}
    assert waited == {state for of, state in EVERY if of == machine} - ends

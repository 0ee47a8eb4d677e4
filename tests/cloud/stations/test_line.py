"""A station's work list: call, take in, hold, hand on, hurry; what is refused and that it changes nothing."""

import pytest

from cloud.queue import queries
from cloud.queue.choices import Step as State
from tests.cloud.test_views import queries_for, rows


@pytest.fixture
def doctor(store):
    return store.stations["doctor"]


def waits(store, minutes=5, **told):
    with store.work() as session:
        number = store.at_doctor(session, minutes=minutes, **told)
        return number, store.step(session, number).stay.ticket


def state(store, number):
    with store.work() as session:
        return store.step(session, number).step.state


def test_next_calls_the_first_and_the_page_says_whom(store, doctor, alice):
    second, first = waits(store, 5), waits(store, 9, patient_id=store.world.grace)
    page = alice.get(f"/stations/{doctor}").text
    assert page.index(first[1]) < page.index(second[1])
    answer = alice.post(f"/stations/{doctor}/next", follow_redirects=True).text
    assert (f"{first[1]} is called." in answer, "Grace Okafor" in answer) == (True, True)
    assert (state(store, first[0]), state(store, second[0])) == (State.CALLED, State.WAITING)


def test_from_called_to_examined_is_one_click_and_opens_the_record(store, doctor, alice):
    number, _ticket = waits(store, patient_id=store.world.grace)
    alice.post(f"/stations/{doctor}/next")
    answer = alice.post(f"/steps/{number}/examine")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/patients/{store.world.grace}/examinations")
    assert state(store, number) == State.EXAM_DRAFT


def test_nobody_is_examined_without_a_name(store, doctor, alice):
    number, _ticket = waits(store)
    assert "Nobody knows yet who holds" in alice.post(f"/steps/{number}/examine", follow_redirects=True).text
    assert state(store, number) == State.WAITING


def test_with_several_doors_one_says_first_where_one_sits(store, doctor, alice):
    with store.work() as session:
        store.room(session, 3)
        number = store.at_doctor(session)
        room = store.room(session, 3).id
    assert "Choose the door" in alice.post(f"/stations/{doctor}/next", follow_redirects=True).text
    assert state(store, number) == State.WAITING
    alice.get(f"/stations/{doctor}?desk={room}")
    alice.post(f"/stations/{doctor}/next")
    with store.work() as session:
        assert store.step(session, number).step.desk_id == room


def test_what_is_not_drawn_is_refused_in_words_and_changes_nothing(store, doctor, alice):
    number, _ticket = waits(store)
    before = rows(store.engine, store.world.one)
    answer = alice.post(f"/steps/{number}/turn/signed", follow_redirects=True).text
    assert "nothing was changed" in answer
    assert alice.post(f"/steps/{number}/turn/flying").status_code == 422
    assert alice.post(f"/steps/{number}/turn/called").status_code == 422
    assert rows(store.engine, store.world.one) == before


def test_skipping_needs_a_reason_that_is_kept(store, doctor, alice):
    number, _ticket = waits(store)
    assert "needs a reason" in alice.post(f"/steps/{number}/turn/skipped", follow_redirects=True).text
    alice.post(f"/steps/{number}/turn/skipped", data={"reason": "No pupils to dilate"})
    with store.work() as session:
        one = store.step(session, number)
        assert (one.step.state, one.step.why) == (State.SKIPPED, "No pupils to dilate")


def test_handed_on_they_keep_the_time_they_have_waited(store, doctor, alice):
    number, ticket = waits(store, 12)
    check_up = store.stations["check_up"]
    answer = alice.post(f"/steps/{number}/transfer", data={"station": str(check_up)}, follow_redirects=True).text
    assert f"{ticket} waits at the other station now." in answer
    with store.work() as session:
        old = store.step(session, number)
        [new] = queries.open_steps(session, [check_up])
        assert (old.step.state, new.stay.id, new.step.queued_at) == (State.MOVED, old.stay.id, old.step.queued_at)


def test_what_was_planned_begins_when_the_step_is_over(store, doctor, alice):
    number, _ticket = waits(store, patient_id=store.world.grace)
    optical = store.stations["optical"]
    alice.post(f"/steps/{number}/then", data={"station": str(optical)})
    for deed in ("in_room", "exam_draft", "signed", "discharged"):
        alice.post(f"/steps/{number}/turn/{deed}")
    with store.work() as session:
        [one] = queries.open_steps(session, [optical])
        assert (one.step.state, one.stay.state) == (State.WAITING, "here")


def test_who_has_been_everywhere_has_been_here(store, doctor, alice):
    number, _ticket = waits(store)
    for deed in ("in_room", "exam_draft", "signed", "discharged"):
        alice.post(f"/steps/{number}/turn/{deed}")
    with store.work() as session:
        assert store.step(session, number).stay.state == "done"


def test_an_emergency_is_called_before_all(store, doctor, alice):
    waits(store, 60)
    number, ticket = waits(store, 1)
    assert "needs a reason" in alice.post(f"/steps/{number}/hurry", data={"priority": "2"}, follow_redirects=True).text
    page = alice.post(
        f"/steps/{number}/hurry", data={"priority": "2", "reason": "Chemical burn"}, follow_redirects=True
    )
    assert "Emergency" in page.text
    assert f"{ticket} is called." in alice.post(f"/stations/{doctor}/next", follow_redirects=True).text


def test_charlie_of_another_chain_finds_and_moves_nothing(store, doctor, charlie):
    number, _ticket = waits(store)
    before = rows(store.engine, store.world.one)
    assert charlie.get(f"/stations/{doctor}").status_code == 404
    for deed in ("call", "missed", "turn/held", "transfer", "then", "hurry", "examine"):
        assert charlie.post(f"/steps/{number}/{deed}", data={"priority": "2"}).status_code == 404
    assert charlie.post(f"/stations/{doctor}/next").status_code == 404
    assert rows(store.engine, store.world.one) == before


def test_bob_of_another_store_of_the_chain_finds_nothing_here(store, doctor, sign_in, world):
    number, _ticket = waits(store)
    bob = sign_in(world.bob)
    assert bob.get(f"/stations/{doctor}").status_code == 404
    assert bob.post(f"/steps/{number}/call").status_code == 404
    assert state(store, number) == State.WAITING


def test_the_board_shows_every_station_and_who_is_where(store, alice):
    _number, ticket = waits(store, patient_id=store.world.grace)
    page = alice.get("/stations").text
    for word in (
        "Reception",
        "Check-up",
        "Doctor",
        "Optical dispensary",
        "Pharmacy",
        "Cashier",
        ticket,
        "Grace Okafor",
    ):
        assert word in page


def test_a_store_without_stations_says_what_to_do(sign_in, world):
    assert "This store has no stations yet" in sign_in(world.alice).get("/stations").text
    page = sign_in(world.olivia).get("/stations/settings").text
    assert "Set up the usual stations" in page


def test_ten_people_ask_no_more_than_one(app, store, doctor, alice):
    for address in ("/stations", f"/stations/{doctor}", "/api/v1/stations"):
        waits(store, patient_id=None)
        alone = queries_for(app, alice, address)
        for _person in range(9):
            waits(store)
        assert queries_for(app, alice, address) == alone, address

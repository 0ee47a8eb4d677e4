"""The screen on the wall: what it shows, that it says when it has drawn it, and that nobody learns more by it."""

import re

import pytest

from cloud.calls import screens, sending
from cloud.queue import queries, services
from cloud.queue.choices import Step as State
from tests.cloud.test_views import rows


@pytest.fixture
def token(store):
    with store.work() as session:
        return screens.open_(session, store.world.pier.id, "screen", "Hall", by=store.world.olivia.id)[1]


def call(store, session, **told):
    one = store.step(session, store.at_doctor(session, **told))
    return one, sending.this(session, one, store.room(session, 3), by=store.world.alice.id)


def test_the_newest_call_stands_first_with_its_door(store, token, sign_in):
    with store.work() as session:
        (first, _), (second, _) = call(store, session), call(store, session)
        waiting = store.step(session, store.at_doctor(session)).stay.ticket
    page = sign_in().get(f"/screen/{token}").text
    order = [page.index(ticket) for ticket in (second.stay.ticket, first.stay.ticket, waiting)]
    assert (order, "Room 3" in page) == (sorted(order), True)


def test_a_person_is_on_it_once_however_often_they_were_called(store, token, sign_in):
    with store.work() as session:
        one, _call = call(store, session)
        sending.this(session, one, None, by=store.world.alice.id)
    part = sign_in().get(f"/screen/{token}/part").text
    assert (part.count(one.stay.ticket), 'data-turn="2"' in part) == (1, True)


def test_no_name_is_on_it_that_the_store_does_not_allow(store, token, sign_in):
    with store.work() as session:
        call(store, session, patient_id=store.world.grace)
    page = sign_in().get(f"/screen/{token}").text
    assert ("Okafor" in page, "Grace" in page, "O." in page) == (False, False, False)


def test_it_says_what_it_has_drawn_and_nothing_of_others(store, token, sign_in):
    with store.work() as session:
        _one, made = call(store, session)
    browser = sign_in()
    assert (
        browser.post(f"/screen/{token}/shown", json=["not one of ours", f"{made.uid}/{made.turn}"]).status_code == 204
    )
    with store.work() as session:
        assert queries.last_call(session, made.step_id).shown_at is not None
    for wrong in ({"a": 1}, [1], ["x"] * 7):
        assert browser.post(f"/screen/{token}/shown", json=wrong).status_code == 422


def test_each_turn_of_a_call_is_drawn_by_itself(store, token, sign_in):
    with store.work() as session:
        one, first = call(store, session)
        again = sending.this(session, one, None, by=store.world.alice.id)
    sign_in().post(f"/screen/{token}/shown", json=[f"{first.uid}/1"])
    with store.work() as session:
        assert queries.last_call(session, one.step.id).shown_at is None
    sign_in().post(f"/screen/{token}/shown", json=[f"{again.uid}/2"])
    with store.work() as session:
        assert queries.last_call(session, one.step.id).shown_at is not None


def test_a_screen_of_the_dispensary_shows_no_doctors_calls(store, sign_in):
    with store.work() as session:
        told = (session, store.world.pier.id, "screen", "Optics", [store.stations["optical"]])
        token = screens.open_(*told, by=store.world.olivia.id)[1]
        one, _call = call(store, session)
    assert one.stay.ticket not in sign_in().get(f"/screen/{token}").text


def test_who_was_served_is_marked_as_over(store, token, sign_in):
    with store.work() as session:
        one, _call = call(store, session)
        for state in (State.IN_ROOM, State.EXAM_DRAFT, State.SIGNED, State.DISCHARGED):
            services.turn(session, one, state, by=store.world.alice.id)
    assert re.search(r'class="call newest over"', sign_in().get(f"/screen/{token}").text)


@pytest.mark.parametrize("way", ["", "/part", "/live"])
def test_an_address_that_is_nobodys_or_has_ended_leads_nowhere(store, token, sign_in, way):
    assert sign_in().get(f"/screen/nobody{way}").status_code == 404
    with store.work() as session:
        [one] = screens.of_store(session, store.world.pier.id)
        screens.end(session, store.world.pier.id, one.id, by=store.world.olivia.id)
    before = rows(store.engine, store.world.one)
    assert sign_in().get(f"/screen/{token}{way}").status_code == 404
    assert sign_in().post(f"/screen/{token}/shown", json=[]).status_code == 404
    assert rows(store.engine, store.world.one) == before

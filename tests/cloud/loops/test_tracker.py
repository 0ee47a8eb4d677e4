"""What is still open: narrowed, aged, with its missing links; what goes on or expires by the worker alone."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from cloud.kernel.clock import now
from cloud.loops import questions, services, showing, tasks
from cloud.queue.choices import Step as State
from tests.cloud.loops.loops_here import put
from tests.cloud.test_views import rows


def listed(client, query=""):
    page = client.get(f"/loops{query}")
    assert page.status_code == 200
    return page.text


def test_every_open_loop_is_shown_with_its_missing_links_and_who_is_next(loop, alice):
    loop.tests()
    loop.medicine()
    page = listed(alice)
    assert "2 loops are open." in page
    for word in ("OCT macula", "Fluorometholone", "the check-up station", "the dispensary", "missing", "charged"):
        assert word in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=check_up", {"OCT macula"}),
        ("?kind=dispensary", {"Fluorometholone"}),
        ("?next=check_up", {"OCT macula"}),
        ("?next=pharmacy", {"Fluorometholone"}),
        ("?next=cashier", set()),
        ("?older=1", set()),
        ("?older=nonsense", {"OCT macula", "Fluorometholone"}),
    ],
)
def test_the_list_narrows(loop, alice, query, shown):
    loop.tests()
    loop.medicine()
    page = listed(alice, query)
    assert {word for word in ("OCT macula", "Fluorometholone") if word in page} == shown
    assert ("Nothing fits" in page) == (not shown)


def test_what_is_older_is_found_by_its_age(loop, alice, monkeypatch):
    loop.tests()
    later = now() + timedelta(hours=25)
    monkeypatch.setattr(showing, "now", lambda: later)
    assert "OCT macula" in listed(alice, "?older=24")
    assert "Nothing fits" in listed(alice, "?older=168")


def test_the_person_who_ordered_is_next_by_name(loop, alice, rosa):
    number = put(loop, "check_up", "published")
    assert "Dr Alice Moreau" in listed(rosa, "?next=orderer")
    assert loop.state(number) == "published"


def test_a_colleague_may_tell_the_patient_from_the_list(loop, rosa):
    number = put(loop, "check_up", "seen")
    assert "Told to the patient" in listed(rosa)
    data = {"how": "by phone", "back": "tracker"}
    answer = rosa.post(f"/loops/tasks/{number}/turn/told", data=data)
    assert (answer.headers["Location"], loop.state(number)) == (f"/loops#task-{number}", "told")


def test_a_refusal_leads_to_where_it_is_said(loop, rosa):
    number = put(loop, "check_up", "seen")
    answer = rosa.post(f"/loops/tasks/{number}/turn/told", data={"how": "", "back": "tracker"})
    assert (answer.headers["Location"], loop.state(number)) == ("/loops", "seen")


def test_it_goes_along_as_a_file(loop, alice):
    loop.tests(amount=4500)
    answer = alice.get("/loops/list.csv?kind=check_up")
    head, line = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert head == ["Ticket", "Record", "What", "State", "Who is next", "Hours open", "Missing"]
    missing = "charged, done, reported, seen, told"
    assert line == [loop.ticket, "R-1", "OCT macula", "To be paid", "the cashier", "0", missing]


def test_a_medicine_named_like_a_formula_stays_text(loop, alice):
    loop.medicine(name="=1+1")
    assert "'=1+1" in alice.get("/loops/list.csv").get_data(as_text=True)


def test_nothing_open_says_so_and_no_store_says_what_to_do(store, alice):
    assert "No loop is open" in listed(alice)
    for address, word in (("check-up", "No tests are waiting"), ("dispensary", "Nothing is to be handed out")):
        assert word in alice.get(f"/loops/{address}").text
    assert "Nothing to look at" in alice.get("/loops/results").text


def test_the_worker_captures_what_came_home_with_no_page_open(loop, alice, engine, no_others_chains):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    assert (loop.store.world.one, loop.store.world.pier.id) not in questions.due(engine)
    loop.done(number)
    assert (loop.store.world.one, loop.store.world.pier.id) in questions.due(engine)
    assert tasks.followed(engine) >= 1
    assert loop.state(number) == "captured"
    with loop.work() as session:
        assert services.follow(session, loop.store.world.pier.id) == 0


def test_tests_of_a_former_day_expire_and_the_order_with_them(loop, engine, owner):
    [number] = loop.tests()
    yesterday(loop, owner)
    tasks.followed(engine)
    assert (loop.state(number), loop.at("check_up")) == ("expired", [State.SKIPPED])
    with loop.work() as session:
        assert services.expire(session, loop.store.world.pier.id) == 0


def test_what_has_begun_does_not_expire(loop, alice, engine, owner):
    [number] = loop.tests()
    loop.post(alice, number, "identified")
    yesterday(loop, owner)
    tasks.followed(engine)
    assert loop.state(number) == "identified"


def yesterday(loop, owner):
    """The house cannot change a stay's day; its owner can."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('emmetra.tenant', :t, true)"), {"t": str(loop.store.world.one)})
        moved = "UPDATE queue_stay SET day = day - 1 WHERE id = :id"
        assert connection.execute(text(moved), {"id": loop.stay}).rowcount == 1


def test_the_worker_looks_once_a_second(engine, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "followed", lambda _engine: asked.append(1) or 0)
    follower = tasks.Follower()
    assert ([follower.work(engine) for _time in range(3)], len(asked)) == ([False] * 3, 1)


def test_looking_changes_nothing(loop, alice):
    loop.tests()
    loop.medicine()
    before = rows(loop.store.engine, loop.store.world.one)
    for address in ("", "/part", "/list.csv", "/check-up", "/check-up/part", "/dispensary/part", "/results/part"):
        assert alice.get(f"/loops{address}").status_code == 200
    assert rows(loop.store.engine, loop.store.world.one) == before


PAGES = ("/loops", "/loops/list.csv", "/loops/check-up", "/loops/dispensary", "/loops/results", "/api/v1/tasks")


@pytest.mark.parametrize("address", PAGES)
def test_who_has_no_part_in_it_sees_none_of_it(loop, sign_in, address):
    for who in (loop.store.world.dora, loop.store.world.omar):
        assert sign_in(who).get(address).status_code == 403
    assert sign_in().get(address).status_code in (303, 401)


def test_dora_and_omar_change_nothing(loop, sign_in):
    [number], medicine = loop.tests(), loop.medicine()
    before = rows(loop.store.engine, loop.store.world.one)
    deeds = [f"/loops/tasks/{one}/{deed}" for one in (number, medicine) for deed in ("turn/cancelled", "known", "pass")]
    for who in (loop.store.world.dora, loop.store.world.omar):
        for address in (*deeds, "/loops/ad-hoc", f"/steps/{loop.step}/tests", f"/api/v1/tasks/{number}/cancelled"):
            assert sign_in(who).post(address, data={"reason": "x"}).status_code == 403
    assert rows(loop.store.engine, loop.store.world.one) == before

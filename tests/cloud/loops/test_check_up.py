"""Tests from the doctor's room to the patient who knows: each hand-off, each guard, and what is refused."""

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.queue import queries
from cloud.queue.choices import Step as State
from cloud.worklist import queries as worklist
from tests.cloud.loops.loops_here import READY
from tests.cloud.test_views import rows


def test_a_doctor_orders_tests_and_the_patient_is_on_the_way(loop, alice):
    data = {"test": ["oct_macula", "tonometry"], "eye-tonometry": "right", "remark-tonometry": "before drops"}
    page = alice.post(f"/steps/{loop.step}/tests", data=data, follow_redirects=True).text
    assert ("2 tests are ordered." in page, "At tests" in page) == (True, True)
    page = alice.get("/loops/check-up").text
    assert ("OCT macula" in page, "before drops" in page) == (True, True)
    assert (loop.step_state(), loop.at("check_up")) == (State.ORDERS_PLACED, [State.WAITING])
    with loop.work() as session:
        first, second = queries.tasks_of(session, [loop.stay])
        order = worklist.order(session, second.order_id)
        assert (first.state, order.kind, order.laterality, order.state) == ("queued", "tonometry", "right", "wanted")


def test_the_whole_path_brings_the_patient_back_and_ends_with_a_patient_who_knows(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    assert (loop.state(number), loop.at("check_up")) == ("in_progress", [State.SERVING])
    loop.done(number)
    assert "Result is here" in alice.get("/loops/check-up").text
    loop.post(alice, number, "validated", "published")
    assert (loop.at("check_up"), loop.step_state()) == ([State.DONE], State.RETURNED)
    assert "OCT macula" in alice.get("/loops/results").text
    loop.post(alice, number, "seen", "told", "closed")
    with loop.work() as session:
        stamps = [one.becomes for one in queries.moves(session, [loop.stay]) if one.subject == number]
    drawn = "drafted ordered authorised queued identified in_progress captured validated published seen told closed"
    assert [one for one in stamps if one in drawn.split()] == drawn.split()


WRONG = [
    {"number": "R-2", "born": "1958-03-04"},
    {"number": "R-1", "born": "1958-03-05"},
    {"number": "", "born": "1958-03-04"},
    {"number": "R-1", "born": ""},
    {"number": "R-1", "born": "yesterday"},
    {"born": "1958-03-04"},
]


@pytest.mark.parametrize("said", WRONG)
def test_somebody_else_is_refused_nothing_changes_and_the_audit_knows(loop, alice, said):
    [number] = loop.tests()
    before = rows(loop.store.engine, loop.store.world.one)
    page = alice.post(f"/loops/tasks/{number}/turn/identified", data=said, follow_redirects=True).text
    assert "That is not this patient" in page
    after = rows(loop.store.engine, loop.store.world.one)
    [note] = [one for one in after["audit_entry"] if one not in before["audit_entry"]]
    assert (note.verb, note.subject_id, note.staff_id) == ("mistaken", str(number), loop.store.world.alice.id)
    assert after | {"audit_entry": before["audit_entry"]} == before


def test_the_ticket_and_the_birth_date_will_do(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified", number=loop.ticket.lower())
    assert loop.task(number).told["identified"] == {"with": "ticket"}


def test_a_record_without_a_birth_date_identifies_nobody(store, alice):
    from tests.cloud.loops.loops_here import loop as made

    one = made(store, born=None)
    [number] = one.tests()
    one.post(alice, number, "identified")
    assert one.state(number) == "queued"


@pytest.mark.parametrize("said", [{}, {"eye": "yes"}, {"drops": "yes"}, {"eye": "no", "drops": "yes"}])
def test_eye_and_drops_are_looked_at_before_it_begins(loop, alice, said):
    [number] = loop.tests()
    loop.post(alice, number, "identified")
    page = alice.post(f"/loops/tasks/{number}/turn/in_progress", data=said, follow_redirects=True).text
    assert ("Say first that it was looked at" in page, loop.state(number)) == (True, "identified")


def test_without_a_result_nothing_is_captured(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    assert "No result has come home yet" in loop.post(alice, number, "captured")
    assert loop.state(number) == "in_progress"


def test_a_result_that_came_before_anybody_was_identified_waits(loop, alice):
    [number] = loop.tests()
    loop.done(number)
    assert (loop.follow(), loop.state(number)) == (0, "queued")
    loop.post(alice, number, "identified", "in_progress")
    alice.get("/loops/check-up")
    assert loop.state(number) == "captured"


def test_only_who_may_release_results_does(loop, alice, rosa):
    [number] = loop.tests()
    loop.post(rosa, number, "identified", "in_progress")
    loop.done(number)
    rosa.get("/loops/check-up")
    assert "Somebody with another right" in loop.post(rosa, number, "validated")
    assert loop.state(number) == "captured"
    loop.post(alice, number, "validated")
    assert "Somebody with another right" in loop.post(rosa, number, "published")
    assert loop.state(number) == "validated"


def test_a_repeat_has_a_reason_and_instruments_see_the_order_again(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    loop.done(number)
    alice.get("/loops/check-up")
    assert "needs a reason" in loop.post(alice, number, "repeat_requested")
    loop.post(alice, number, "repeat_requested", reason="Blinked")
    with loop.work() as session:
        task = queries.task(session, number, loop.store.world.pier.id)
        assert (task.why, worklist.order(session, task.order_id).state) == ("Blinked", "wanted")
    loop.post(alice, number, "queued", "identified", number=loop.ticket)
    told = loop.task(number).told
    assert (told["identified"], told["identified.1"]) == ({"with": "ticket"}, {"with": "record_number"})


def test_what_is_refused_comes_back_to_the_orderer_who_reads_it(loop, alice, rosa):
    [number] = loop.tests()
    assert "needs a reason" in loop.post(rosa, number, "refused")
    loop.post(rosa, number, "refused", reason="Cannot sit still")
    assert (loop.at("check_up"), loop.step_state()) == ([State.SKIPPED], State.RETURNED)
    assert "Cannot sit still" in alice.get("/loops/results").text
    rosa.post(f"/loops/tasks/{number}/known")
    assert "Cannot sit still" in alice.get("/loops/results").text
    alice.post(f"/loops/tasks/{number}/known")
    assert "Cannot sit still" not in alice.get("/loops/results").text
    with loop.work() as session:
        assert worklist.order(session, loop.task(number).order_id).state == "cancelled"


def test_the_patient_comes_back_when_the_last_of_the_tests_is_over(loop, alice):
    first, second = loop.tests("oct_macula", "tonometry")
    loop.post(alice, first, "identified", "in_progress")
    loop.done(first)
    alice.get("/loops/check-up")
    loop.post(alice, first, "validated", "published")
    assert loop.step_state() == State.ORDERS_PLACED
    loop.post(alice, second, "cancelled", reason="Not needed")
    assert loop.step_state() == State.RETURNED


def test_only_the_orderer_has_seen_it(loop, alice, olivia):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    loop.done(number)
    alice.get("/loops/check-up")
    loop.post(alice, number, "validated", "published")
    assert "Only who ordered it" in loop.post(olivia, number, "seen")
    assert "OCT macula" not in olivia.get("/loops/results").text
    assert loop.state(number) == "published"


def test_how_the_patient_was_told_is_written_down(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified", "in_progress")
    loop.done(number)
    alice.get("/loops/check-up")
    loop.post(alice, number, "validated", "published", "seen")
    alice.post(f"/loops/tasks/{number}/turn/told", data={"how": " "})
    assert loop.state(number) == "seen"
    loop.post(alice, number, "told")
    assert loop.task(number).told["told"] == {"how": "in person"}


def test_what_costs_waits_for_money_and_goes_on_when_it_was_paid(loop, alice, rosa):
    [number] = loop.tests(amount=4500)
    assert (loop.state(number), loop.at("cashier")) == ("awaiting_payment", [State.WAITING])
    rosa.post(f"/stays/{loop.stay}/pay", data={"amount": "45.00"})
    page = rosa.get("/loops/check-up").text
    assert ("Waits" in page, loop.state(number)) == (True, "queued")
    assert (loop.at("cashier"), loop.at("check_up")) == ([State.SKIPPED], [State.WAITING])
    assert loop.step_state() == State.ORDERS_PLACED


def test_an_emergency_passes_unpaid_with_a_reason(loop, alice):
    [number] = loop.tests(amount=4500)
    assert "needs a reason" in alice.post(f"/loops/tasks/{number}/pass", follow_redirects=True).text
    assert loop.state(number) == "awaiting_payment"
    alice.post(f"/loops/tasks/{number}/pass", data={"reason": "Acute glaucoma"})
    assert (loop.state(number), loop.at("cashier")) == ("queued", [State.SKIPPED])


def test_what_is_not_wanted_any_more_holds_nobody_at_the_cashier(loop, alice):
    [free], [costs] = loop.tests(), loop.tests("biometry", amount=4500)
    loop.post(alice, free, "refused", reason="Cannot sit still")
    assert (loop.at("cashier"), loop.step_state()) == ([State.WAITING], State.ORDERS_PLACED)
    loop.post(alice, costs, "cancelled", reason="Not today")
    assert (loop.at("cashier"), loop.at("check_up")) == ([State.SKIPPED], [State.SKIPPED])
    assert loop.step_state() == State.RETURNED


def test_who_owes_for_something_else_stays_at_the_cashier(loop, alice):
    [one], [other] = loop.tests(amount=4500), loop.tests("biometry", amount=1250)
    loop.post(alice, one, "cancelled", reason="Not today")
    assert (loop.at("cashier"), loop.state(other)) == ([State.WAITING], "awaiting_payment")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"test": "flying"},
        {"test": "oct_macula", "price-oct_macula": "much"},
        {"test": "oct_macula", "price-oct_macula": "-1"},
        {"test": "oct_macula", "price-oct_macula": "NaN"},
        {"test": "oct_macula", "price-oct_macula": "1e30"},
        {"test": "oct_macula", "eye-oct_macula": "third"},
        {"test": ["oct_macula", "flying"]},
    ],
)
def test_an_order_that_is_none_is_refused_whole(loop, alice, data):
    before = rows(loop.store.engine, loop.store.world.one)
    answer = alice.post(f"/steps/{loop.step}/tests", data=data)
    assert (answer.status_code, "Nothing was ordered" in answer.text) == (422, True)
    assert rows(loop.store.engine, loop.store.world.one) == before


def test_nobody_orders_for_whom_nobody_knows_or_who_is_not_in_the_room(loop, alice):
    with loop.work() as session:
        unknown, waits = loop.store.at_doctor(session), loop.store.at_doctor(session, patient_id=loop.store.world.per)
    assert "Nobody knows yet" in alice.post(f"/steps/{unknown}/tests", data={"test": "oct_macula"}).text
    assert alice.post(f"/steps/{waits}/tests", data={"test": "oct_macula"}).status_code == 422
    assert loop.step_state(waits) == State.WAITING


def test_a_test_without_an_order_has_a_reason(loop, rosa):
    data = {"ticket": loop.ticket, "test": "tonometry"}
    assert "needs a reason" in rosa.post("/loops/ad-hoc", data=data, follow_redirects=True).text
    page = rosa.post("/loops/ad-hoc", data=data | {"reason": "Asked by phone"}, follow_redirects=True).text
    assert ("ad-hoc: Asked by phone" in page, loop.at("check_up")) == (True, [State.WAITING])
    for wrong in ({"ticket": "Z999"}, {"test": "flying"}):
        before = rows(loop.store.engine, loop.store.world.one)
        rosa.post("/loops/ad-hoc", data=data | {"reason": "x"} | wrong)
        assert rows(loop.store.engine, loop.store.world.one) == before


def test_tasks_of_another_store_or_chain_are_not_found(loop, bob, charlie):
    [number] = loop.tests()
    before = rows(loop.store.engine, loop.store.world.one)
    for client in (bob, charlie):
        for deed in ("turn/identified", "known", "pass"):
            assert client.post(f"/loops/tasks/{number}/{deed}", data=READY["identified"]).status_code == 404
        assert client.post(f"/steps/{loop.step}/tests", data={"test": "oct_macula"}).status_code == 404
        assert client.post(f"/steps/{loop.step}/medicines", data={"name": "x"}).status_code == 404
    assert rows(loop.store.engine, loop.store.world.one) == before


def test_every_deed_is_in_the_audit(loop, alice):
    [number] = loop.tests()
    loop.post(alice, number, "identified")
    with loop.work() as session:
        kinds = (Entry.subject_kind == "task", Entry.subject_id == str(number))
        assert list(session.scalars(select(Entry.verb).where(*kinds).order_by(Entry.id))) == ["ordered", "identified"]


def test_nobody_leaves_the_check_up_while_a_test_is_to_be_done(loop, alice, rosa):
    (number,) = loop.tests()
    loop.post(alice, number, "identified")
    with loop.work() as session:
        steps = queries.steps_of(session, [loop.stay])[loop.stay]
        step = next(one for one in steps if one.station_id == loop.store.stations["check_up"])
        assert step.state == State.SERVING
    page = rosa.post(f"/steps/{step.id}/turn/done", follow_redirects=True).text
    assert "Tests are still to be done" in page
    assert loop.at("check_up") == [State.SERVING]
    alice.post(f"/loops/tasks/{number}/turn/cancelled", data={"reason": "broken"})
    assert loop.at("check_up") != [State.SERVING]

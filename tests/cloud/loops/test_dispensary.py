"""A medicine from the doctor's room to somebody's hand: checked by two people, the right box to the right patient."""

import pytest

from cloud.people import services as people
from cloud.people.models import Patient
from cloud.prescriptions.choices import Kind
from cloud.queue import queries
from cloud.queue.choices import Step as State
from tests.cloud.loops.loops_here import CODE, GTIN
from tests.cloud.prescriptions.written_here import sign
from tests.cloud.test_views import rows

CHECKED = ("clinical_check", "reserved")
TWICE = (*CHECKED, "picked")


def test_a_medicine_goes_to_the_dispensary_and_the_patient_after_the_doctor(loop, alice):
    data = {"name": "Fluorometholone 0.1 %", "dose": "1 drop, 4 times a day", "price": "12.50"}
    page = alice.post(f"/steps/{loop.step}/medicines", data=data, follow_redirects=True).text
    assert ("1 medicine is at the dispensary." in page, loop.at("drugs")) == (True, [State.PLANNED])
    page = alice.get("/loops/dispensary").text
    assert [word in page for word in ("Fluorometholone", "1 drop, 4 times a day", "Grace Okafor")] == [True] * 3


def test_a_signed_prescription_is_sent_line_by_line(loop, alice):
    world = loop.store.world
    with loop.work() as session:
        row = sign(session, world.pier, world.alice, world.grace, Kind.DRUG)
    page = alice.get(f"/steps/{loop.step}/medicines").text
    assert (f'value="{row.id}-0"' in page, "4 times a day" in page) == (True, True)
    alice.post(f"/steps/{loop.step}/medicines", data={"line": f"{row.id}-0"})
    assert "Fluorometholone 0.1 %" in alice.get("/loops/dispensary").text
    before = rows(loop.store.engine, world.one)
    assert alice.post(f"/steps/{loop.step}/medicines", data={"line": "999999-0"}).status_code == 422
    after = rows(loop.store.engine, world.one)
    assert after["queue_task"] == before["queue_task"]


def test_the_whole_path_with_two_people_and_two_scans(loop, alice, rosa):
    number = loop.medicine(dose="1 drop")
    loop.post(alice, number, *CHECKED)
    loop.post(alice, number, "picked", code=CODE, lot="", expiry="")
    loop.post(rosa, number, "second_check", "labelled")
    label = rosa.get(f"/loops/tasks/{number}/label").text
    assert [word in label for word in ("1 drop", "L-7", "2030-12-31", "Grace Okafor", "Pier")] == [True] * 5
    loop.post(rosa, number, "handed_out", "counselled", "closed", code=CODE)
    task = loop.task(number)
    assert (task.state, task.picked_by, task.told["picked"]["gtin"]) == ("closed", loop.store.world.alice.id, GTIN)
    assert task.told["handed_out"] == {"with": "record_number"}


def test_who_picked_it_does_not_check_it(loop, alice, rosa):
    number = loop.medicine()
    loop.post(alice, number, *TWICE)
    before = rows(loop.store.engine, loop.store.world.one)
    assert "A second person has to check this" in loop.post(alice, number, "second_check")
    answer = alice.post(f"/api/v1/tasks/{number}/second_check", json={})
    assert (answer.status_code, answer.json["error"]) == (409, "SamePerson")
    assert rows(loop.store.engine, loop.store.world.one) == before
    loop.post(rosa, number, "second_check")
    assert loop.state(number) == "second_check"


def test_allergies_are_shown_before_the_check_and_have_to_be_looked_at(loop, alice, rosa):
    with loop.work() as session:
        about = {"substance": "Penicillin", "severity": "severe", "by": loop.store.world.alice.id}
        people.note_allergy(session, loop.store.world.grace, **about)
    number = loop.medicine()
    loop.post(rosa, number, "clinical_check")
    assert ("Penicillin" in alice.get("/loops/dispensary").text) is True
    assert ("Penicillin" in rosa.get("/loops/dispensary").text) is False
    page = alice.post(f"/loops/tasks/{number}/turn/reserved", follow_redirects=True).text
    assert ("Say first that it was looked at" in page, loop.state(number)) == (True, "clinical_check")
    assert "Somebody with another right" in loop.post(rosa, number, "reserved")
    loop.post(alice, number, "reserved")
    assert loop.state(number) == "reserved"


def test_a_refusal_goes_back_to_the_prescriber_with_its_reason(loop, alice):
    number = loop.medicine()
    loop.post(alice, number, "clinical_check")
    assert "needs a reason" in loop.post(alice, number, "refused")
    loop.post(alice, number, "refused", reason="Steroid responder")
    page = alice.get("/loops/results").text
    assert ("Steroid responder" in page, "Refused" in page) == (True, True)


def test_what_costs_is_paid_before_it_is_reserved(loop, alice, rosa):
    number = loop.medicine(amount=1250)
    loop.post(alice, number, "clinical_check")
    assert "Passes the check, to be paid" in alice.get("/loops/dispensary").text
    assert "still to be paid" in loop.post(alice, number, "reserved")
    loop.post(alice, number, "awaiting_payment", looked="yes")
    assert "still to be paid" in loop.post(alice, number, "reserved")
    rosa.post(f"/stays/{loop.stay}/pay", data={"amount": "12.50"})
    rosa.get("/loops/dispensary")
    assert loop.state(number) == "reserved"


def test_a_medicine_that_is_cancelled_holds_nobody_at_the_cashier(loop, alice):
    number = loop.medicine(amount=1250)
    loop.post(alice, number, "clinical_check", "awaiting_payment", looked="yes")
    assert loop.at("cashier") == [State.WAITING]
    loop.post(alice, number, "cancelled", reason="Has some at home")
    assert (loop.state(number), loop.at("cashier")) == ("cancelled", [State.SKIPPED])


def test_who_picked_it_reads_that_somebody_else_checks_it(loop, alice, rosa):
    number = loop.medicine()
    loop.post(alice, number, *TWICE)
    said = "You picked it: somebody else has to check it."
    pages = [client.get("/loops/dispensary").text for client in (alice, rosa)]
    assert [said in page for page in pages] == [True, False]
    assert ["Second check is good" in page for page in pages] == [False, True]


def test_an_emergency_gets_its_medicine_unpaid(loop, alice):
    number = loop.medicine(amount=1250)
    loop.post(alice, number, "clinical_check", "awaiting_payment", looked="yes")
    alice.post(f"/loops/tasks/{number}/pass", data={"reason": "Acute glaucoma"})
    assert loop.state(number) == "reserved"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"lot": "L-7", "expiry": "2020-01-31"}, "has expired"),
        ({"code": "(01)09506000134352(17)200131(10)L-7"}, "has expired"),
        ({"lot": "", "expiry": "2099-12-31"}, "no code with lot"),
        ({"lot": "L-7", "expiry": ""}, "no code with lot"),
        ({"lot": "L-7", "expiry": "soon"}, "no code with lot"),
        ({"code": "4006381333931"}, "no code with lot"),
        ({"code": f"01{GTIN}"}, "no code with lot"),
    ],
)
def test_an_expired_lot_or_one_that_nobody_can_read_is_not_picked(loop, alice, said, word):
    number = loop.medicine()
    loop.post(alice, number, *CHECKED)
    page = alice.post(f"/loops/tasks/{number}/turn/picked", data=said, follow_redirects=True).text
    assert (word in page, loop.state(number), loop.task(number).picked_by) == (True, "reserved", None)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"number": "R-2", "code": CODE}, "not this patient"),
        ({"number": "", "code": CODE}, "not this patient"),
        ({"number": "R-1", "code": f"01{GTIN}1730123110L-8"}, "not the box"),
        ({"number": "R-1", "code": "01040063813339311730123110L-7"}, "not the box"),
        ({"number": "R-1", "code": "L-7"}, "not the box"),
        ({"number": "R-1", "code": ""}, "not the box"),
    ],
)
def test_another_patient_or_another_box_gets_nothing(loop, alice, rosa, said, word):
    number = loop.medicine()
    loop.post(alice, number, *CHECKED)
    loop.post(alice, number, "picked", code=CODE, lot="", expiry="")
    loop.post(rosa, number, "second_check", "labelled")
    page = rosa.post(f"/loops/tasks/{number}/turn/handed_out", data=said, follow_redirects=True).text
    assert (word in page, loop.state(number)) == (True, "labelled")


def test_a_box_without_a_code_is_known_by_its_lot(loop, alice, rosa):
    number = loop.medicine()
    loop.post(alice, number, *TWICE)
    loop.post(rosa, number, "second_check", "labelled", "handed_out")
    assert loop.state(number) == "handed_out"


def test_a_product_number_goes_with_a_lot_that_was_typed(loop, alice, rosa):
    number = loop.medicine()
    loop.post(alice, number, *CHECKED)
    loop.post(alice, number, "picked", code=GTIN[1:])
    loop.post(rosa, number, "second_check", "labelled", "handed_out", code=GTIN[1:])
    assert (loop.state(number), loop.task(number).told["picked"]["lot"]) == ("handed_out", "L-7")


def test_what_came_back_is_inspected_and_restocked_or_destroyed_with_a_reason(loop, alice, rosa):
    number = loop.medicine()
    loop.post(alice, number, *TWICE)
    loop.post(rosa, number, "second_check", "labelled", "handed_out", "counselled", "closed")
    assert "Handed out in the last 30 days" in rosa.get("/loops/dispensary").text
    assert "needs a reason" in loop.post(rosa, number, "returned")
    loop.post(rosa, number, "returned", reason="Too strong")
    loop.post(rosa, number, "inspected")
    assert "needs a reason" in loop.post(rosa, number, "destroyed")
    loop.post(rosa, number, "destroyed", reason="Opened")
    assert (loop.state(number), loop.task(number).why) == ("destroyed", "Opened")


def test_a_label_speaks_the_patients_language(loop, alice, rosa):
    world = loop.store.world
    with loop.work() as session:
        session.get(Patient, (world.one, world.grace)).language = "zh-Hans"
        row = sign(session, world.pier, world.alice, world.grace, Kind.DRUG)
    alice.post(f"/steps/{loop.step}/medicines", data={"line": f"{row.id}-0"})
    with loop.work() as session:
        number = queries.tasks_of(session, [loop.stay])[0].id
    assert alice.get(f"/loops/tasks/{number}/label").status_code == 404
    loop.post(alice, number, *TWICE)
    loop.post(rosa, number, "second_check")
    page = rosa.get(f"/loops/tasks/{number}/label").text
    assert ('<html lang="zh-Hans"' in page, "滴眼液" in page or "双眼" in page) == (True, True)


def test_only_who_prescribes_sends_medicines(loop, rosa, olivia):
    before = rows(loop.store.engine, loop.store.world.one)
    for client in (rosa, olivia):
        assert client.get(f"/steps/{loop.step}/medicines").status_code == 403
        assert client.post(f"/steps/{loop.step}/medicines", data={"name": "x"}).status_code == 403
    assert rows(loop.store.engine, loop.store.world.one) == before

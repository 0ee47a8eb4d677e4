"""The desk: who is expected and who is here, one press, registering, and what is done with a ticket."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cloud.arrival import board
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.queue import gates, queries, services
from cloud.queue.models import Clearing, Screen, Step
from tests.cloud.desk.desk_here import asked
from tests.cloud.test_views import rows


def ticket(answer):
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def register(client, **told):
    return client.post("/arrivals/new", data={"kind": "general", **told})


def step_states(doors, stay):
    with doors.work() as session:
        return [(one.state, one.staff_id) for one in queries.steps_of(session, [stay])[stay]]


def test_one_press_says_that_somebody_has_arrived(doors, rosa, printed):
    visit = doors.booked()
    page = rosa.get("/arrivals").text
    assert "Grace Okafor" in page
    assert "Expected" in page
    answer = rosa.post(f"/arrivals/visits/{visit}")
    [stay] = doors.stays()
    assert ticket(answer) == stay.id
    assert (stay.ticket, stay.visit_id, stay.source, stay.by) == ("V001", visit, "desk", doors.world.rosa.id)
    assert doors.state(visit) == "arrived"
    assert [told[0] for told in printed] == ["V001"]
    page = rosa.get("/arrivals").text
    assert page.count("V001") == 2
    assert "Reception" in page


def test_who_has_arrived_does_not_arrive_twice(doors, rosa):
    visit = doors.booked()
    first = rosa.post(f"/arrivals/visits/{visit}")
    again = rosa.post(f"/arrivals/visits/{visit}", follow_redirects=True)
    assert len(doors.stays()) == 1
    assert "here already, with ticket V001" in again.text
    assert first.status_code == 303


def test_who_is_late_is_shown_as_late_and_who_was_seen_as_served(doors, rosa, monkeypatch):
    doors.booked()
    monkeypatch.setattr(board, "now", lambda: now() + timedelta(minutes=16))  # also right after midnight
    assert ">Late<" in rosa.get("/arrivals").text
    visit = doors.booked(patient=doors.world.per)
    rosa.post(f"/arrivals/visits/{visit}")
    with doors.work() as session:
        stay = queries.stay_of_visit(session, visit)
        one = queries.InLine(queries.steps_of(session, [stay.id])[stay.id][0], stay)
        services.turn(session, one, "serving", by=doors.world.rosa.id)
        services.turn(session, one, "done", by=doors.world.rosa.id)
    page = rosa.get("/arrivals").text
    assert ">Served<" in page
    assert "Nobody is here" in page


def test_the_lists_are_narrowed_by_what_was_typed(doors, rosa):
    doors.booked()
    doors.booked(patient=doors.world.per)
    for words in ("okaf", "R-1", "1234", "Grace Okafor"):
        page = rosa.get("/arrivals", query_string={"q": words}).text
        assert ("Okafor</td>" in page or "Grace Okafor" in page, "Lindqvist" in page) == (True, False)
    assert "Nobody found" in rosa.get("/arrivals?q=nobody").text


def test_a_long_day_comes_in_pages(doors, rosa):
    for _n in range(42):
        doors.booked()
    page = rosa.get("/arrivals").text
    assert page.count('data-part="visit-') == 40
    further = page.split('rel="next" href="')[1].split('"')[0]
    assert rosa.get(further).text.count('data-part="visit-') == 2
    assert "42 entries" in page


def test_a_long_day_asks_no_more_than_a_short_one(doors, rosa):
    rosa.post(f"/arrivals/visits/{doors.booked()}")
    short = asked(rosa, "/arrivals")
    for _n in range(12):
        doors.booked(patient=doors.world.per)
        register(rosa)
    assert asked(rosa, "/arrivals") == short


def test_a_visit_of_another_store_is_not_this_desks(doors, rosa):
    visit = doors.booked(store=doors.world.hill.id)
    assert rosa.post(f"/arrivals/visits/{visit}").status_code == 404
    assert doors.stays() == []


def test_somebody_comes_without_an_appointment(doors, rosa, printed):
    answer = register(rosa, patient=doors.world.grace)
    [stay] = doors.stays()
    page = rosa.get(answer.headers["Location"]).text
    assert (stay.ticket, stay.patient_id) == ("A001", doors.world.grace)
    assert '<p class="ticket-large">A001</p>' in page
    assert [(told[0], told[2]) for told in printed] == [("A001", "en")]
    paper = rosa.get(f"/arrivals/{stay.id}/paper").text
    assert "/place/" in paper
    assert "<svg" in paper
    assert "Okafor" not in paper


def test_a_ticket_is_given_without_a_name_and_gets_one(doors, rosa):
    stay = ticket(register(rosa))
    assert "Ticket without a name" in rosa.get("/arrivals").text
    assert "Okafor" in rosa.get(f"/arrivals/{stay}?q=okafor").text
    assert rosa.post(f"/arrivals/{stay}/who", data={"patient": doors.world.grace}).status_code == 303
    assert doors.stays()[0].patient_id == doors.world.grace
    assert rosa.post(f"/arrivals/{stay}/who", data={"patient": doors.world.per}).status_code == 422
    other = ticket(register(rosa))
    refused = rosa.post(f"/arrivals/{other}/who", data={"patient": doors.world.grace})
    assert (refused.status_code, "here already, with ticket A001" in refused.text) == (409, True)


def test_nobody_is_registered_twice_for_the_same(doors, rosa):
    register(rosa, patient=doors.world.grace)
    again = register(rosa, patient=doors.world.grace)
    assert (again.status_code, "here already, with ticket A001" in again.text) == (409, True)
    assert len(doors.stays()) == 1
    assert register(rosa, patient=doors.world.grace, kind="follow_up").status_code == 303


def test_what_is_left_of_a_quota_is_shown_and_held_to(doors, rosa):
    doors.kind("general", quota=1, fee=2500)
    page = rosa.get("/arrivals/new").text
    assert "1 left today" in page
    assert "€25.00" in page
    register(rosa)
    assert "none left today" in rosa.get("/arrivals/new").text
    full = register(rosa)
    assert (full.status_code, "All 1 registrations" in full.text) == (409, True)
    assert len(doors.stays()) == 1


def test_the_wanted_doctor_is_planned_for_after_the_reception(doors, rosa):
    stay = ticket(register(rosa, doctor=doors.world.alice.id))
    assert step_states(doors, stay) == [("waiting", None), ("planned", doors.world.alice.id)]
    page = rosa.get(f"/arrivals/{stay}").text
    assert "Dr Alice Moreau" in page
    assert "Rosa Lind</option>" not in page  # who may not sign is nobody's doctor
    rosa.post(f"/arrivals/{stay}/doctor", data={"doctor": ""})
    assert step_states(doors, stay)[1] == ("planned", None)


def test_the_doctor_is_changed_while_somebody_waits_and_their_place_kept(doors, rosa):
    stay = ticket(register(rosa, kind="green", doctor=doors.world.alice.id))
    with doors.work() as session:
        since = queries.steps_of(session, [stay])[stay][0].queued_at
    assert rosa.post(f"/arrivals/{stay}/doctor", data={"doctor": ""}).status_code == 303
    assert step_states(doors, stay) == [("moved", doors.world.alice.id), ("waiting", None)]
    with doors.work() as session:
        assert queries.steps_of(session, [stay])[stay][1].queued_at == since
    assert rosa.post(f"/arrivals/{stay}/doctor", data={"doctor": doors.world.omar.id}).status_code == 422


def test_a_priority_wants_a_reason(doors, rosa):
    refused = register(rosa, priority=2)
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert doors.stays() == []
    stay = ticket(register(rosa, priority=2, why="Chemical burn"))
    assert doors.stays()[0].priority == 2
    assert "emergency" in rosa.get("/arrivals").text
    assert rosa.post(f"/arrivals/{stay}/hurry", data={"priority": 0}).status_code == 422
    rosa.post(f"/arrivals/{stay}/hurry", data={"priority": 0, "why": "Rinsed"})
    assert doors.stays()[0].priority == 0


def test_the_kind_is_changed_and_the_ticket_stays(doors, rosa):
    doors.kind("general", fee=2500)
    doors.kind("fitting", fee=1000, quota=1)
    stay = ticket(register(rosa, patient=doors.world.grace))
    with doors.work() as session:
        gates.pay(session, queries.stay(session, stay, doors.world.pier.id), 2500, by=doors.world.rosa.id)
    answer = rosa.post(f"/arrivals/{stay}/kind", data={"kind": "fitting"}, follow_redirects=True)
    assert "€15.00 is to be paid back" in answer.text
    [one] = doors.stays()
    assert (one.ticket, one.fee) == ("A001", 1000)
    with doors.work() as session:
        steps = queries.steps_of(session, [stay])[stay]
    assert [(step.state, step.station_id) for step in steps] == [
        ("moved", doors.store.stations["reception"]),
        ("waiting", doors.store.stations["optical"]),
    ]
    other = ticket(register(rosa))
    assert rosa.post(f"/arrivals/{other}/kind", data={"kind": "fitting"}).status_code == 409
    assert rosa.post(f"/arrivals/{other}/kind", data={"kind": "nonsense"}).status_code == 422


def test_a_registration_is_cancelled_with_a_reason_and_what_was_paid_is_owed_back(doors, rosa):
    doors.kind("general", fee=2500)
    stay = ticket(register(rosa, patient=doors.world.grace))
    assert "€25.00 to be paid" in rosa.get(f"/arrivals/{stay}").text
    with doors.work() as session:
        gates.pay(session, queries.stay(session, stay, doors.world.pier.id), 2500, by=doors.world.rosa.id)
    assert rosa.post(f"/arrivals/{stay}/cancel", data={"why": " "}).status_code == 422
    answer = rosa.post(f"/arrivals/{stay}/cancel", data={"why": "Wrong day"}, follow_redirects=True)
    assert "€25.00 is to be paid back" in answer.text
    assert doors.stays()[0].state == "cancelled"
    with doors.work() as session:
        assert [one.what for one in session.scalars(select(Clearing).order_by(Clearing.id))] == ["paid", "refunded"]
    assert rosa.post(f"/arrivals/{stay}/cancel", data={"why": "Again"}).status_code == 409


def test_a_press_by_mistake_is_undone_and_can_be_made_again(doors, rosa):
    visit = doors.booked()
    stay = ticket(rosa.post(f"/arrivals/visits/{visit}"))
    rosa.post(f"/arrivals/{stay}/undo")
    assert (doors.state(visit), doors.stays()[0].state, doors.stays()[0].why) == (
        "booked",
        "cancelled",
        "Pressed by mistake",
    )
    assert "Expected" in rosa.get("/arrivals").text
    rosa.post(f"/arrivals/visits/{visit}")
    assert [one.ticket for one in doors.stays()] == ["V001", "V002"]


def test_somebody_left_without_being_seen(doors, rosa):
    visit = doors.booked()
    stay = ticket(rosa.post(f"/arrivals/visits/{visit}"))
    rosa.post(f"/arrivals/{stay}/left", data={"why": "Bus"})
    assert (doors.stays()[0].state, step_states(doors, stay)[0][0]) == ("left", "left")
    assert "Went away" in rosa.get("/arrivals").text


def test_a_ticket_is_printed_again_with_the_way_to_its_place(doors, rosa, printed):
    stay = ticket(register(rosa))
    rosa.post(f"/arrivals/{stay}/print")
    assert [told[0] for told in printed] == ["A001", "A001"]
    for _number, token, _language in printed:
        assert "A001" in doors.browser().read(f"/place/{token}").text


def test_without_a_printer_the_page_says_so(doors, rosa):
    stay = ticket(register(rosa))
    assert "No ticket printer" in rosa.post(f"/arrivals/{stay}/print", follow_redirects=True).text


def test_a_store_without_stations_says_how_to_get_them(engine, world, sign_in):
    assert "A manager or the owner can do this" in sign_in(world.rosa).get("/arrivals").text
    olivia = sign_in(world.olivia, store_id=world.pier.id)
    assert "Set up the stations" in olivia.get("/arrivals").text
    for _twice in range(2):
        olivia.post("/arrivals/stations")
    with unit_of_work(engine, world.one) as session:
        assert len(queries.stations(session, world.pier.id)) == 6
    assert "Nobody is booked today" in olivia.get("/arrivals").text


def test_a_kiosk_is_opened_shown_once_and_ended(doors, sign_in):
    olivia = sign_in(doors.world.olivia, store_id=doors.world.pier.id)
    assert olivia.post("/arrivals/kiosks", data={"name": " "}).status_code == 422
    page = olivia.post("/arrivals/kiosks", data={"name": "Side door"}).text
    address = "/kiosk/" + page.split("/kiosk/")[1].split("<")[0]
    assert doors.browser().read(address).status_code == 200
    assert address not in olivia.get("/arrivals/kiosks").text
    with doors.work() as session:
        screen = session.scalars(select(Screen.id).where(Screen.name == "Side door")).one()
    olivia.post(f"/arrivals/kiosks/{screen}/end")
    assert doors.browser().read(address).status_code == 404
    assert "Side door" not in olivia.get("/arrivals/kiosks").text


@pytest.mark.parametrize("deed", ["cancel", "undo", "left", "doctor", "kind", "who", "hurry", "print"])
def test_another_chain_finds_nothing_and_changes_nothing(doors, sign_in, deed):
    with doors.work() as session:
        stay, _step = doors.store.come(session, patient_id=doors.world.grace)
    before = rows(doors.engine, doors.world.one)
    charlie, told = sign_in(doors.world.charlie), {"why": "x", "patient": doors.world.mary, "kind": "follow_up"}
    assert charlie.post(f"/arrivals/{stay.id}/{deed}", data=told).status_code == 404
    assert sign_in(doors.world.dora).post(f"/arrivals/{stay.id}/{deed}", data=told).status_code == 403
    assert rows(doors.engine, doors.world.one) == before


def test_nonsense_gets_a_clear_answer(doors, rosa):
    stay = ticket(register(rosa))
    assert rosa.post(f"/arrivals/{stay}/nonsense").status_code == 404
    assert rosa.post("/arrivals/visits/999999").status_code == 404
    assert rosa.get("/arrivals/999999").status_code == 404
    assert rosa.get("/arrivals?after=nonsense&q=%25").status_code == 200
    assert rosa.post("/arrivals/new", data={"kind": "appointment-x", "patient": "x"}).status_code == 422
    with doors.work() as session:
        assert session.scalars(select(Step)).all()

"""Booking at the counter: times and why some are missing, holds, new patients, walk-ins."""

from datetime import timedelta

from sqlalchemy import select, update

from cloud.accounts.models import Store
from cloud.booking.models import Hold, Part, Visit
from cloud.kernel.clock import now
from cloud.schedule.choices import Effect
from cloud.schedule.models import Dated, Policy, Rule
from tests.cloud.desk.desk_here import booked, hold, latest, work
from tests.cloud.test_views import rows


def test_times_are_offered_and_those_that_are_missing_say_why(engine, practice, rosa):
    booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 9)
    page = rosa.get(f"/booking/new?type={practice.check}&day={practice.on}").text
    assert ">09:20</button>" in page
    assert ">09:00</button>" not in page
    assert "Dr Ada: 09:00–09:20 with Grace Okafor" in page
    only = rosa.get(f"/booking/new?type={practice.check}&day={practice.on}&wish={practice.doctors[1]}").text
    assert "Dr Ben: 09:00–09:20 with Family 0" in only
    assert "Dr Ada: 09" not in only


def test_a_day_without_a_time_names_the_next_one_that_has_one(engine, practice, rosa):
    with work(engine, practice.world) as session:
        for number in range(30):
            session.add(
                Dated(store_id=practice.store, on_date=practice.on + timedelta(days=number), windows=[], why="Works")
            )
    page = rosa.get(f"/booking/new?type={practice.check}&day={practice.on}").text
    assert "Nothing is free on this day." in page
    assert f"day={practice.on + timedelta(days=30)}" in page
    assert "(Works)" in page


def test_a_time_is_held_while_somebody_types_and_then_booked(engine, practice, rosa, sign_in):
    assert hold(rosa, practice, wish=practice.doctors[0]).status_code == 303
    assert "held until" in rosa.get(f"/calendar?day={practice.on}").text
    colleague = hold(sign_in(practice.world.alice), practice, wish=practice.doctors[0])
    assert (colleague.status_code, "taken meanwhile" in colleague.text) == (409, True)
    page = rosa.get(f"/booking/confirm?patient={practice.world.grace}").text
    assert "Held until" in page
    assert "Grace Okafor" in page
    answer = rosa.post(
        "/booking/confirm", data={"patient": practice.world.grace, "note": "Wheelchair", "reason": "Glasses"}
    )
    visit, serving, _taken = latest(engine, practice)
    assert answer.location == f"/visits/{visit.id}"
    assert (visit.note, visit.reason, visit.booked_by) == ("Wheelchair", "Glasses", practice.world.rosa.id)
    assert practice.doctors[0] in serving
    again = rosa.post("/booking/confirm", data={"patient": practice.world.grace})
    assert again.location.startswith("/booking/new")


def test_a_hold_that_ran_out_books_nothing_and_one_that_is_let_go_is_free(engine, practice, rosa):
    hold(rosa, practice)
    with work(engine, practice.world) as session:
        session.execute(update(Hold).values(until=now()))
    assert rosa.post("/booking/confirm", data={"patient": practice.world.grace}).location.startswith("/booking/new")
    hold(rosa, practice)
    assert rosa.post("/booking/let-go").status_code == 303
    with work(engine, practice.world) as session:
        assert session.scalars(select(Visit)).all() == []
        assert session.scalars(select(Part)).all() == []


def test_a_booking_without_a_patient_or_over_another_visit_is_refused_and_the_time_still_held(engine, practice, rosa):
    booked(engine, practice, practice.world.grace, 9)
    hold(rosa, practice)
    nobody = rosa.post("/booking/confirm")
    overlapping = rosa.post("/booking/confirm", data={"patient": practice.world.grace})
    assert [one.status_code for one in (nobody, overlapping)] == [422, 422]
    assert "another visit at that time" in overlapping.text
    assert rosa.post("/booking/confirm", data={"patient": practice.world.per}).status_code == 303


def test_the_same_patient_twice_at_once_is_booked_when_the_desk_says_so_after_a_warning(engine, practice, rosa):
    other = booked(engine, practice, practice.world.grace, 9)
    told = {"patient": practice.world.grace, "type": practice.check, "day": practice.on, "reason": "lost a lens"}
    hold(rosa, practice)
    warned = rosa.post("/booking/confirm", data=told)
    assert warned.status_code == 422
    assert all(said in warned.text for said in (f"/visits/{other}", "Book it all the same", "lost a lens"))
    assert rosa.post("/booking/confirm", data={**told, "twice": "yes"}).status_code == 303
    assert latest(engine, practice)[0].id != other


def test_where_a_store_refuses_the_same_patient_twice_nobody_says_otherwise(engine, practice, rosa):
    booked(engine, practice, practice.world.grace, 9)
    with work(engine, practice.world) as session:
        session.add(Policy(store_id=practice.store, overlap="deny"))
    told = {"patient": practice.world.grace, "type": practice.check, "day": practice.on, "twice": "yes"}
    hold(rosa, practice)
    before = rows(engine, practice.world.one)
    refused = rosa.post("/booking/confirm", data=told)
    assert (refused.status_code, "Book it all the same" in refused.text) == (422, False)
    assert rows(engine, practice.world.one) == before


def test_a_new_patient_is_added_on_the_way_and_comes_back_to_the_counter(practice, rosa):
    page = rosa.get(f"/booking/new?type={practice.check}&day={practice.on}").text
    assert "/patients/new?then=" in page
    told = {"family_name": "Ferreira", "given_name": "Ana"}
    answer = rosa.post(f"/patients/new?then=type%3D{practice.check}%26day%3D{practice.on}", data=told)
    assert answer.location.startswith("/booking/new?")
    assert "who=new" in answer.location
    assert "Ana Ferreira" in rosa.get(answer.location).text


def test_a_walk_in_is_booked_now_and_has_arrived(engine, practice, alice, rosa):
    with work(engine, practice.world) as session:
        session.execute(update(Rule).values(until=None))
        for one in (*practice.doctors, *practice.lanes):
            session.add(
                Rule(
                    store_id=practice.store,
                    resource_id=one,
                    effect=Effect.OPEN,
                    days=list(range(7)),
                    starts=0,
                    ends=1440,
                )
            )
    stands = {"type": practice.check, "patient": practice.world.grace, "wish": practice.doctors[0], "beside": "yes"}
    before = rows(engine, practice.world.one)
    assert rosa.post("/booking/walk-in", data={**stands, "why": "Pain"}).status_code == 403
    assert alice.post("/booking/walk-in", data=stands).status_code == 409
    assert alice.post("/booking/walk-in", data={**stands, "wish": "", "why": "Pain"}).status_code == 409
    assert rows(engine, practice.world.one) == before
    assert alice.post("/booking/walk-in", data={**stands, "why": "Pain"}).status_code == 303
    visit, _serving, taken = latest(engine, practice)
    assert (visit.state, taken) == ("arrived", {"overbooked"})
    assert abs(visit.shown_at - now()) < timedelta(minutes=6)


def test_a_walk_in_takes_the_next_free_time_of_today(engine, practice, rosa):
    noon = 12 - now().hour  # wherever it is noon now, so that today goes on for a while
    with work(engine, practice.world) as session:
        session.execute(update(Store).where(Store.id == practice.store).values(zone=f"Etc/GMT{-noon:+d}"))
        for one in (*practice.doctors, *practice.lanes):
            told = {"store_id": practice.store, "resource_id": one, "effect": Effect.OPEN}
            session.add(Rule(**told, days=list(range(7)), starts=0, ends=1440))
    nobody = rosa.post("/booking/walk-in", data={"type": practice.check})
    assert (nobody.status_code, "Choose the patient" in nobody.text) == (409, True)
    stands = {"type": practice.check, "patient": practice.world.grace}
    assert rosa.post("/booking/walk-in", data=stands).status_code == 303
    visit, _serving, taken = latest(engine, practice)
    assert (visit.state, taken) == ("arrived", {"booked"})
    assert timedelta() < visit.shown_at - now() + timedelta(minutes=1) < timedelta(minutes=30)
    again = rosa.post("/booking/walk-in", data=stands)
    assert (again.status_code, "another visit at that time" in again.text) == (409, True)

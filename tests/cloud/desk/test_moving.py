"""Another time for a visit: tried before it is saved, swapped, undone, refused."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cloud.schedule.models import Dated, Resource
from tests.cloud.desk.desk_here import ask, at, booked, hold, latest, state, work
from tests.cloud.test_views import rows


def test_a_move_is_tried_before_it_is_saved_and_says_what_is_in_the_way(engine, practice, alice):
    visit = booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 9, 40)
    before = rows(engine, practice.world.one)
    ada, ben = practice.doctors

    def tried(*when, resource=ada):
        return alice.get(f"/visits/{visit}/try?at={at(practice, *when)}&resource={resource}").text

    assert "data-fits" in tried(10)
    assert "data-fits" in tried(9, 40, resource=ben)
    assert "Dr Ada: 09:40–10:00 with Family 0" in tried(9, 40)
    assert "This type does not begin at such a time" in tried(10, 5)
    assert "Dr Ada: does not work then" in tried(13)
    assert "Tess does not do this" in tried(10, resource=practice.technician)
    assert "Move to 10:00" in tried(9, 40)
    assert rows(engine, practice.world.one) == before


def test_a_move_is_saved_as_a_swap_and_undone(engine, practice, alice):
    visit = booked(engine, practice, practice.world.grace, 9)
    asked_for = {
        "at": practice.at(10).isoformat(),
        "resource": practice.doctors[1],
        "back": f"?day={practice.on}&by=person",
    }
    answer = alice.post(f"/visits/{visit}/move", data=asked_for)
    moved, serving, _taken = latest(engine, practice)
    assert answer.location == f"/calendar?day={practice.on}&by=person&moved={moved.id}"
    assert (moved.shown_at, practice.doctors[1] in serving) == (practice.at(10), True)
    assert "Undo the move" in alice.get(answer.location).text
    alice.post(f"/visits/{moved.id}/undo")
    back, serving, _taken = latest(engine, practice)
    assert (back.shown_at, practice.doctors[0] in serving) == (practice.at(9), True)
    assert [state(engine, practice, one) for one in (visit, moved.id, back.id)] == ["moved", "moved", "booked"]


def test_a_visit_is_moved_from_a_list_of_times_without_a_pointer(engine, practice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    page = rosa.get(f"/visits/{visit}/times?day={practice.on}&wish={practice.doctors[1]}").text
    assert ">11:40</button>" in page
    told = {"at": practice.at(11, 40).isoformat(), "resource": practice.doctors[1], "back": "visit"}
    answer = rosa.post(f"/visits/{visit}/move", data=told)
    moved, serving, _taken = latest(engine, practice)
    assert (answer.location, practice.doctors[1] in serving) == (f"/visits/{moved.id}", True)
    assert "cannot be moved any more" in rosa.get(f"/visits/{visit}/times").text


def test_the_calendar_marks_where_a_visit_could_begin_with_whom(engine, practice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 10)
    days = {"first": practice.on, "last": practice.on}
    told = rosa.get("/booking/marks", query_string={"visit": visit, **days}).json
    ada, ben = (told[str(one)] for one in practice.doctors)
    assert practice.at(9).isoformat() in ada
    assert practice.at(10).isoformat() not in ada
    assert practice.at(10).isoformat() in ben
    assert str(practice.technician) not in told
    first = rosa.get("/booking/marks", query_string={"type": practice.full, **days}).json
    assert set(first) == {str(practice.technician), str(practice.refractor)}
    assert rosa.get("/booking/marks", query_string=days).status_code == 400
    backwards = {"visit": visit, "first": practice.on, "last": practice.on - timedelta(days=3)}
    assert rosa.get("/booking/marks", query_string=backwards).json == {}


def test_the_counter_begins_at_the_first_day_that_has_a_time(engine, practice, rosa):
    with work(engine, practice.world) as session:
        first = practice.on - timedelta(days=21)
        for number in range(-1, 21):
            on = first + timedelta(days=number)
            session.add(Dated(store_id=practice.store, on_date=on, windows=[], why="Works"))
    answer = rosa.get(f"/booking/new?type={practice.check}")
    assert answer.location == f"/booking/new?type={practice.check}&day={practice.on}"


def test_whoever_speaks_a_language_can_be_wished_for(engine, practice, rosa):
    with work(engine, practice.world) as session:
        speaks = ["doctor", "language:zh"]
        session.execute(update(Resource).where(Resource.id == practice.doctors[1]).values(skills=speaks))
    page = rosa.get(f"/booking/new?type={practice.check}&day={practice.on}&wish=language:zh").text
    assert "Speaks Chinese" in page
    booked(engine, practice, practice.patients[0], 9)
    hold(rosa, practice, wish="language:zh")
    assert "Dr Ben" in rosa.get("/booking/confirm").text


def test_a_time_that_was_taken_meanwhile_moves_nothing(engine, practice, alice):
    visit = booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 10)
    before = rows(engine, practice.world.one)
    asked_for = {"at": practice.at(10).isoformat(), "resource": practice.doctors[0]}
    page = alice.post(f"/visits/{visit}/move", data=asked_for, follow_redirects=True).text
    assert "the visit is where it was" in page
    assert rows(engine, practice.world.one) == before


def test_only_who_may_puts_a_visit_beside_another_and_only_with_a_reason(engine, practice, alice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 10)
    beside = {"at": practice.at(10).isoformat(), "resource": practice.doctors[0], "overbook": "yes"}
    before = rows(engine, practice.world.one)
    assert rosa.post(f"/visits/{visit}/move", data={**beside, "why": "Pain"}).status_code == 403
    assert "Overbook" not in rosa.get(f"/visits/{visit}/try?at={at(practice, 10)}&resource={practice.doctors[0]}").text
    assert "Say why" in alice.post(f"/visits/{visit}/move", data=beside, follow_redirects=True).text
    assert rows(engine, practice.world.one) == before
    alice.post(f"/visits/{visit}/move", data={**beside, "why": "Pain"})
    moved, serving, taken = latest(engine, practice)
    assert (moved.shown_at, moved.sequence, taken) == (practice.at(10), 1, {"overbooked"})
    assert set(serving) == {practice.doctors[0], practice.lanes[0]}
    assert "Pain" in alice.get(f"/visits/{moved.id}").text
    assert alice.get(f"/calendar?day={practice.on}").text.count("lanes-2") == 2


def test_another_chain_neither_sees_nor_moves_nor_tries(engine, practice, sign_in):
    visit = booked(engine, practice, practice.world.grace, 9)
    ask(engine, practice, practice.world.per)
    charlie, before = sign_in(practice.world.charlie), rows(engine, practice.world.one)
    answers = [
        charlie.get(f"/visits/{visit}"),
        charlie.get(f"/visits/{visit}/try?at={at(practice, 10)}"),
        charlie.post(f"/visits/{visit}/move?at={at(practice, 10)}"),
        charlie.post(f"/visits/{visit}/cancel", data={"why": "x"}),
    ]
    assert [one.status_code for one in answers] == [404] * 4
    assert "Okafor" not in charlie.get("/calendar/search?q=R-1").text
    assert rows(engine, practice.world.one) == before


@pytest.mark.parametrize("nonsense", ["", "soon", "2026-12-01", "2026-12-01T10:00"])
def test_a_time_that_is_none_is_refused(engine, practice, alice, nonsense):
    visit = booked(engine, practice, practice.world.grace, 9)
    assert alice.get(f"/visits/{visit}/try?at={nonsense}").status_code == 400
    assert alice.post(f"/visits/{visit}/move?at={nonsense}").status_code == 400

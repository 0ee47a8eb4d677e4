"""One visit: its states, its note, its end; and visits that are looked for."""

from datetime import timedelta

from sqlalchemy import select

from cloud.booking import listing
from cloud.booking.models import Change
from tests.cloud.desk.desk_here import booked, state, work
from tests.cloud.test_views import rows


def test_a_visit_goes_through_its_states_and_back_where_that_is_possible(engine, practice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    told = []
    for deed in ("confirm", "arrive", "start", "arrive", "start", "complete"):
        assert rosa.post(f"/visits/{visit}/{deed}").status_code == 303
        told.append(state(engine, practice, visit))
    assert told == ["confirmed", "arrived", "in_progress", "arrived", "in_progress", "completed"]
    page = rosa.get(f"/visits/{visit}").text
    assert page.count("Arrived") >= 2
    assert "Rosa Lind" in page
    refused = rosa.post(f"/visits/{visit}/arrive", follow_redirects=True).text
    assert "nothing was changed" in refused
    assert state(engine, practice, visit) == "completed"
    assert rosa.post(f"/visits/{visit}/explode").status_code == 404


def test_a_visit_is_cancelled_with_a_reason_and_not_without(engine, practice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    before = rows(engine, practice.world.one)
    refused = rosa.post(f"/visits/{visit}/cancel", data={"why": " "})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert rows(engine, practice.world.one) == before
    assert rosa.post(f"/visits/{visit}/cancel", data={"why": "Ill"}).status_code == 303
    assert state(engine, practice, visit) == "cancelled"
    assert "Ill" in rosa.get(f"/visits/{visit}").text
    assert "Grace" not in rosa.get(f"/calendar?day={practice.on}").text


def test_a_note_is_kept_with_the_one_before(engine, practice, rosa):
    visit = booked(engine, practice, practice.world.grace, 9)
    for text in ("First", "Second", "Second"):
        rosa.post(f"/visits/{visit}/note", data={"note": text})
    with work(engine, practice.world) as session:
        told = session.scalars(select(Change).where(Change.deed == "noted").order_by(Change.id)).all()
        assert [one.before["note"] for one in told] == [None, "First"]
        assert listing.one(session, visit).note == "Second"


def test_visits_are_found_by_name_number_and_day(engine, practice, rosa):
    booked(engine, practice, practice.world.grace, 9)
    assert "Grace Okafor" in rosa.get("/calendar/search?q=okaf").text
    assert "Grace Okafor" in rosa.get(f"/calendar/search?q=R-1&day={practice.on}").text
    other = practice.on + timedelta(days=1)
    assert "No visit found" in rosa.get(f"/calendar/search?q=R-1&day={other}").text

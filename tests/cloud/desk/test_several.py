"""A series, a family, the waiting list, a deposit."""

from datetime import timedelta

from sqlalchemy import update

from cloud.booking import deposits, listing, services, waiting
from cloud.people import services as people
from cloud.schedule.models import Type
from tests.cloud.desk.desk_here import booked, work
from tests.cloud.test_views import rows


def test_a_series_shows_what_is_taken_and_books_what_was_accepted(engine, practice, rosa):
    for patient in practice.patients[:2]:
        with work(engine, practice.world) as session:
            services.book(session, practice.ask(), practice.at(9) + timedelta(days=7), patient, channel="desk")
    told = {"type": practice.check, "patient": practice.world.grace, "day": practice.on, "every": 1, "count": 3}
    told["time"] = practice.at(9).isoformat()
    page = rosa.get("/booking/series", query_string=told).text
    assert page.count("checked") == 2
    assert "at 09:20 instead" in page
    instead = practice.at(9, 20) + timedelta(days=7)
    accepted = [practice.at(9).isoformat(), instead.isoformat(), ""]
    assert rosa.post("/booking/series", data={**told, "accepted": []}).status_code == 422
    assert rosa.post("/booking/series", data={**told, "accepted": accepted}).status_code == 303
    with work(engine, practice.world) as session:
        found = listing.of_patients(session, practice.store, [practice.world.grace])
        assert [one.shown_at for one in found] == [instead, practice.at(9)]
        assert len({one.series for one in found}) == 1
    page = rosa.get(f"/visits/{found[0].id}").text
    assert "Belongs together with" in page
    assert f"/visits/{found[1].id}" in page
    before = rows(engine, practice.world.one)
    assert rosa.post("/booking/series", data={**told, "accepted": accepted}).status_code == 409
    assert rows(engine, practice.world.one) == before


def test_a_family_is_booked_all_at_once_or_not_at_all(engine, practice, rosa):
    with work(engine, practice.world) as session:
        people.tie(session, practice.world.grace, practice.patients[0], "parent", by=practice.world.rosa.id)
    told = {"type": practice.check, "patient": practice.world.grace, "day": practice.on, "with": practice.patients[0]}
    assert "The family comes along" in rosa.get("/booking/new", query_string=told).text
    page = rosa.get("/booking/party", query_string=told).text
    assert ("Family 0" in page, ">09:00</button>" in page) == (True, True)
    booked(engine, practice, practice.patients[1], 9)
    before = rows(engine, practice.world.one)
    late = rosa.post("/booking/party", data={**told, "time": practice.at(9).isoformat()})
    assert (late.status_code, "Nobody is booked" in late.text) == (409, True)
    assert rows(engine, practice.world.one) == before
    after = {**told, "apart": "after", "time": practice.at(9).isoformat()}
    assert rosa.post("/booking/party", data=after).status_code == 303
    with work(engine, practice.world) as session:
        family = [practice.world.grace, practice.patients[0]]
        found = listing.of_patients(session, practice.store, family)
        assert [one.shown_at for one in found] == [practice.at(9, 20), practice.at(9)]
        assert len({one.party for one in found}) == 1


def test_somebody_waits_once_for_a_type(engine, practice, rosa):
    told = {"type": practice.check, "patient": practice.world.grace, "until": practice.on}
    assert rosa.post("/booking/wait", data=told).status_code == 303
    again = rosa.post("/booking/wait", data=told)
    assert (again.status_code, "waiting list for this type already" in again.text) == (409, True)
    with work(engine, practice.world) as session:
        [one] = waiting.of_patient(session, practice.world.grace)
        assert (one.type_id, one.stores, one.until) == (practice.check, [practice.store], practice.on)


def test_a_deposit_is_settled_at_the_desk(engine, practice, rosa):
    with work(engine, practice.world) as session:
        session.execute(update(Type).values(deposit=2500, currency="EUR"))
    visit = booked(engine, practice, practice.world.grace, 9)
    page = rosa.get(f"/visits/{visit}").text
    assert ("€25.00" in page, "Not paid yet" in page) == (True, True)
    assert rosa.post(f"/visits/{visit}/deposit/paid").status_code == 303
    assert "Paid back" in rosa.get(f"/visits/{visit}").text
    refused = rosa.post(f"/visits/{visit}/deposit/waived", follow_redirects=True).text
    assert "nothing was changed" in refused
    assert rosa.post(f"/visits/{visit}/deposit/lost").status_code == 404
    with work(engine, practice.world) as session:
        assert deposits.of_visit(session, visit).state == "paid"


def standing(engine, practice, *patients):
    """How all their visits stand, the earliest first."""
    with work(engine, practice.world) as session:
        found = sorted(listing.of_patients(session, practice.store, patients), key=lambda one: one.shown_at)
        return [one.state for one in found], [one.id for one in found]


def test_the_rest_of_a_series_is_called_off_in_one_go_and_what_was_before_stands(engine, practice, rosa):
    told = {"type": practice.check, "patient": practice.world.grace, "day": practice.on, "every": 1, "count": 3}
    told["time"] = practice.at(9).isoformat()
    accepted = [(practice.at(9) + timedelta(days=7 * n)).isoformat() for n in range(3)]
    assert rosa.post("/booking/series", data={**told, "accepted": accepted}).status_code == 303
    _states, [_first, second, last] = standing(engine, practice, practice.world.grace)
    assert "The later visit of the series as well" in rosa.get(f"/visits/{second}").text
    assert "of the series as well" not in rosa.get(f"/visits/{last}").text
    before = rows(engine, practice.world.one)
    assert rosa.post(f"/visits/{second}/cancel", data={"others": "yes", "why": ""}).status_code == 422
    assert rows(engine, practice.world.one) == before
    assert rosa.post(f"/visits/{second}/cancel", data={"others": "yes", "why": "moves away"}).status_code == 303
    assert standing(engine, practice, practice.world.grace)[0] == ["booked", "cancelled", "cancelled"]


def test_one_of_a_series_is_called_off_alone_unless_somebody_says_so(engine, practice, rosa):
    told = {"type": practice.check, "patient": practice.world.grace, "day": practice.on, "every": 1, "count": 2}
    told["time"] = practice.at(9).isoformat()
    accepted = [(practice.at(9) + timedelta(days=7 * n)).isoformat() for n in range(2)]
    rosa.post("/booking/series", data={**told, "accepted": accepted})
    _states, [first, _second] = standing(engine, practice, practice.world.grace)
    rosa.post(f"/visits/{first}/cancel", data={"why": "ill"})
    assert standing(engine, practice, practice.world.grace)[0] == ["cancelled", "booked"]


def test_a_whole_family_is_called_off_with_any_of_them(engine, practice, rosa):
    with work(engine, practice.world) as session:
        people.tie(session, practice.world.grace, practice.patients[0], "parent", by=practice.world.rosa.id)
    told = {"type": practice.check, "patient": practice.world.grace, "day": practice.on, "with": practice.patients[0]}
    rosa.post("/booking/party", data={**told, "apart": "after", "time": practice.at(9).isoformat()})
    family = practice.world.grace, practice.patients[0]
    _states, [_first, second] = standing(engine, practice, *family)
    assert "The other visit of the family as well" in rosa.get(f"/visits/{second}").text
    rosa.post(f"/visits/{second}/cancel", data={"others": "yes", "why": "ill"})
    assert standing(engine, practice, *family)[0] == ["cancelled", "cancelled"]

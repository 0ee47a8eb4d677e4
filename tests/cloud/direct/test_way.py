"""The way from the first page to the booking without a script, and what cannot be done on it."""

from datetime import date, timedelta

import pytest

from cloud.booking import services
from cloud.booking.models import Entry, Hold, Visit
from cloud.direct.models import Door, Flow
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import queries
from cloud.people import services as people
from cloud.schedule.models import Quota, Type
from tests.cloud.direct.steps_here import ADA, GRACE, NEW, count, rows, setting, to_confirm, to_times
from tests.cloud.direct.way_here import door, patient, reached
from tests.load.race import race


def test_somebody_known_books_by_forms_alone(one, engine, practice):
    one.prove(door(practice), GRACE)
    assert (one.step, "Grace (1980)" in one.page) == ("who", True)
    assert "Okafor" not in one.page
    one.send()
    one.send(**{f"type__p{practice.world.grace}": practice.check})
    one.press("when")
    assert count(engine, practice, Hold) == 1
    one.send("confirm", reason="New glasses")
    assert (one.step, "You are booked" in one.page) == ("done", True)
    [visit], [entry] = rows(engine, practice, Visit), rows(engine, practice, Entry)
    told = visit.patient_id, visit.channel, visit.who, visit.reason, visit.booked_by
    assert told == (practice.world.grace, "online", "existing", "New glasses", None)
    assert (entry.kind, entry.visit_id, entry.new) == ("booked", visit.id, False)
    assert ["What they want us to know", "New glasses"] in entry.answers
    assert count(engine, practice, Hold) == 0
    file = one.client.get(f"{door(practice)}/done/visit-0.ics")
    assert (file.mimetype, f"UID:{visit.uid}@emmetra".encode() in file.data) == ("text/calendar", True)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2026-12-01T09:00", "\x00"])
def test_a_time_nobody_means_is_refused(one, engine, practice, at):
    to_times(one, practice)
    one.send("when", at=at)
    assert (one.status, one.step, count(engine, practice, Hold)) == (422, "when", 0)


def test_red_flags_stop_the_routine_and_call_the_practice(one, engine, practice):
    setting(engine, practice, Type, red_flags=True)
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Door(store_id=practice.store, phone="+351 21 000 0000", emergency="112"))
    to_times(one, practice)
    assert one.step == "check"
    no = {f"flag__{code}": "no" for code in ("loss", "pain", "flashes", "injury", "double")}
    one.send("check")
    assert one.status == 422
    one.send("check", **no | {"flag__flashes": "yes"})
    assert (one.step, "tel:+351210000000" in one.page, "112" in one.page) == ("urgent", True, True)
    [entry] = rows(engine, practice, Entry)
    assert (entry.kind, entry.patient_id) == ("urgent", practice.world.grace)
    assert [said for asked, said in entry.answers if "flashes" in asked] == ["Yes"]
    assert ["Reached at", GRACE] in entry.answers
    for step in ("when", "confirm", "request", "wait"):
        one.read(f"{door(practice)}/{step}")
        assert one.step == "check"
    one.send("check", **no)
    assert one.step == "when", one.page
    one.press("when")
    one.send("confirm")
    assert [(entry.kind) for entry in rows(engine, practice, Entry)] == ["urgent", "booked"]


def test_back_at_every_step_loses_nothing_and_a_change_lets_go_of_the_time(one, engine, practice):
    to_confirm(one, practice)
    for step, shown in (("when", "aria-pressed"), ("what", "checked"), ("who", "checked"), ("confirm", "Kept for you")):
        one.read(f"{door(practice)}/{step}")
        assert (one.step, shown in one.page) == (step, True)
    assert count(engine, practice, Hold) == 1
    one.read(f"{door(practice)}/when")
    one.press("when", 3)
    assert (one.step, count(engine, practice, Hold)) == ("confirm", 1)
    one.read(f"{door(practice)}/what")
    one.send("what", **{f"type__p{practice.world.grace}": practice.full})
    assert (one.step, count(engine, practice, Hold)) == ("when", 0)
    one.read(f"{door(practice)}/confirm")
    assert one.step == "when"


def test_nothing_is_done_by_reading(one, engine, practice):
    to_confirm(one, practice)
    before = [(one.id, one.until) for one in rows(engine, practice, Hold)]
    for step in ("when", "when?day=2030-01-01", "what", "who", "new", "confirm", "done", "request", "wait", "urgent"):
        one.read(f"{door(practice)}/{step}")
    assert [(one.id, one.until) for one in rows(engine, practice, Hold)] == before
    assert count(engine, practice, Visit) == 0


def test_a_time_is_kept_longer_once(one, engine, practice):
    to_confirm(one, practice)
    setting(engine, practice, Hold, until=now() + timedelta(seconds=30))
    one.send("confirm/longer")
    [kept] = rows(engine, practice, Hold)
    assert (kept.until - now() > timedelta(minutes=6), "Keep it longer" in one.page) == (True, False)


def test_the_same_form_twice_books_once(one, engine, practice):
    to_confirm(one, practice)
    form = next(form for form in one.forms() if form.action.endswith("/confirm"))
    for _time in range(2):
        answer = one.client.post(form.action, data=form.fields)
        assert (answer.status_code, answer.location.endswith("/done")) == (303, True)
    assert (count(engine, practice, Visit), count(engine, practice, Entry)) == (1, 1)


def test_of_two_who_want_one_time_the_second_is_told_so(one, app, engine, practice):
    reached(engine, practice, practice.world.per, "per@example.test", date(1975, 1, 2))
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Quota(store_id=practice.store, type_id=practice.check, per="day", most=1))
    other = patient(app, engine, practice.world.one)
    other.prove(door(practice), "per@example.test")
    other.send("who", person=f"p{practice.world.per}")
    other.send("what", **{f"type__p{practice.world.per}": practice.check})
    to_confirm(one, practice)
    other.press("when")
    assert (other.status, "Somebody else took this time" in other.page) == (409, True)
    one.send("confirm")
    assert one.step == "done"


def test_a_person_has_only_so_many_visits_ahead(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Door(store_id=practice.store, most=1))
        services.book(session, practice.ask(), practice.at(9), practice.world.grace, channel="desk")
    to_confirm(one, practice)
    one.send("confirm")
    assert (one.status, "several visits ahead" in one.page, count(engine, practice, Visit)) == (422, True, 1)


def test_a_store_that_is_not_open_online_is_not_there(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Door(store_id=practice.store, open=False))
    one.read(door(practice))
    assert one.status == 404
    one.read(f"/book/one-{practice.world.number}/nowhere")
    assert one.status == 404


def test_a_way_belongs_to_its_browser_and_its_chain(one, app, engine, practice):
    world = practice.world
    to_confirm(one, practice)
    cookie = one.client.get_cookie("emmetra_book").value
    charlie = patient(app, engine, world.two)
    charlie.client.set_cookie("emmetra_book", cookie)
    charlie.read(f"/book/two-{world.number}/mill/confirm")
    assert (charlie.step, "Grace" in charlie.page) == ("mill", False)
    stranger = patient(app, engine, world.one)
    form = next(form for form in one.forms() if form.action.endswith("/confirm"))
    answer = stranger.client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location.endswith("?over=1")) == (303, True)
    assert count(engine, practice, Visit) == 0


def test_a_button_that_is_pressed_eight_times_at_once_books_once(one, app, engine, practice):
    to_confirm(one, practice)
    form = next(form for form in one.forms() if form.action.endswith("/confirm"))
    cookie = one.client.get_cookie("emmetra_book").value

    def press(_number):
        client = app.test_client()
        client.set_cookie("emmetra_book", cookie)
        answer = client.post(form.action, data=form.fields)
        return f"{answer.status_code} {answer.location.rsplit('/', 1)[-1]}"

    assert race(8, press).answers == {"303 done": 8}
    assert (count(engine, practice, Visit), count(engine, practice, Entry)) == (1, 1)


def test_pages_are_said_in_the_persons_own_language(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        record = queries.patient(session, practice.world.grace)
        people.edit(session, practice.world.grace, {"language": "zh"}, opened=record.version, by=None)
    one.prove(door(practice), GRACE)
    assert '<html lang="en"' in one.page
    one.send("who", person=f"p{practice.world.grace}")
    assert '<html lang="zh-Hans"' in one.page
    one.read(f"{door(practice)}/what?lang=en")
    assert '<html lang="en"' in one.page
    one.send("what", **{f"type__p{practice.world.grace}": practice.check})
    assert '<html lang="en"' in one.page
    assert [flow.language for flow in rows(engine, practice, Flow)] == ["en"]


def test_hostile_names_stay_text(one, engine, practice):
    one.prove(door(practice), NEW)
    one.send("new", **ADA | {"given": "<script>alert(1)</script>"})
    one.send("what", **{"type__n0": practice.check})
    assert ("<script>alert" in one.page, "&lt;script&gt;" in one.page) == (False, True)

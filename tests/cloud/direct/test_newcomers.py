"""Somebody new: a chart with the booking and not before, and a practice that takes nobody new."""

from datetime import date, timedelta

import pytest

from cloud.booking.models import Entry, Hold, Request, Visit, Waiting
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import queries
from cloud.people.models import Consent, Contact, Patient, Tie
from cloud.schedule.models import Offered
from tests.cloud.direct.steps_here import ADA, GRACE, NEW, count, rows, setting
from tests.cloud.direct.way_here import door


def test_somebody_new_gets_a_chart_with_the_booking_and_not_before(one, engine, practice):
    before = count(engine, practice, Patient)
    one.prove(door(practice), NEW)
    assert one.step == "new"
    one.send("new", **ADA, email="ada@example.test", reminders="yes")
    one.send("what", **{"type__n0": practice.check})
    one.press("when")
    assert count(engine, practice, Patient) == before
    one.send("confirm")
    assert one.step == "done", one.page
    [visit], [entry] = rows(engine, practice, Visit), rows(engine, practice, Entry)
    made = rows(engine, practice, Patient)[-1]
    assert (made.family_name, made.given_name, made.birth_date) == ("Byron", "Ada", date(1990, 12, 10))
    assert (visit.patient_id, visit.who, entry.new) == (made.id, "new", True)
    mine = [one for one in rows(engine, practice, Contact) if one.patient_id == made.id]
    assert [(c.kind, c.normalized, c.verified_at is not None) for c in mine] == [
        ("mobile", "+447700900777", True),
        ("email", "ada@example.test", False),
    ]
    agreed = {(c.purpose, c.channel): c.state for c in rows(engine, practice, Consent) if c.patient_id == made.id}
    assert agreed == {("care", ""): "given", ("reminders", "sms"): "given"}


def test_a_chart_is_not_made_when_the_booking_fails(one, engine, practice):
    before = count(engine, practice, Patient)
    one.prove(door(practice), NEW)
    one.send("new", **ADA)
    one.send("what", **{"type__n0": practice.check})
    one.press("when")
    setting(engine, practice, Hold, until=now() - timedelta(seconds=1))
    one.send("confirm")
    assert (one.status, "Your time ran out" in one.page) == (409, True)
    assert (count(engine, practice, Patient), count(engine, practice, Visit)) == (before, 0)
    one.send("confirm/again")
    assert one.step == "confirm", one.page
    one.send("confirm")
    assert (one.step, count(engine, practice, Patient)) == ("done", before + 1)


@pytest.mark.parametrize("left_out", ["given", "family", "born", "agree"])
def test_what_is_missing_of_somebody_new_is_said(one, engine, practice, left_out):
    one.prove(door(practice), NEW)
    one.send("new", **{name: value for name, value in ADA.items() if name != left_out})
    assert (one.status, f'id="{left_out}-error"' in one.page) == (422, True)


def test_somebody_new_who_looks_like_somebody_known_is_told_to_the_staff_alone(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        record = queries.patient(session, practice.world.grace).record_number
    one.prove(door(practice), NEW)
    one.send("new", given="Grace", family="Okafor", born="1980-05-04", agree="yes")
    one.send("what", **{"type__n0": practice.check})
    one.press("when")
    one.send("confirm")
    assert (one.step, record in one.page) == ("done", False)
    [entry] = rows(engine, practice, Entry)
    assert ["May be the same person as record", record] in entry.answers


def test_a_practice_that_takes_nobody_new_is_asked_instead(one, engine, practice):
    setting(engine, practice, Offered, new="request")
    one.prove(door(practice), NEW)
    one.send("new", **ADA)
    one.send("what", **{"type__n0": practice.check})
    assert one.step == "request", one.page
    on = (practice.on).isoformat()
    one.send("request", day__0=on, part__0="morning", reason="Blurred")
    assert (one.step, "We have your request" in one.page) == ("requested", True)
    [request], [entry] = rows(engine, practice, Request), rows(engine, practice, Entry)
    assert request.windows == [[on, 0, 720]]
    assert (request.person["family"], request.person["phone"], request.patient_id) == ("Byron", "+447700900777", None)
    assert (entry.kind, entry.new, entry.request_id) == ("request", True, request.id)
    assert count(engine, practice, Visit) == 0
    one.read(f"{door(practice)}/request")
    one.send("request", day__0=on)
    assert count(engine, practice, Request) == 1


def test_a_type_nobody_new_may_have_is_not_shown_and_not_taken(one, engine, practice):
    setting(engine, practice, Offered, new="no")
    one.prove(door(practice), NEW)
    one.send("new", **ADA)
    assert "Nothing can be booked online" in one.page
    one.send("what", **{"type__n0": practice.check})
    assert (one.status, one.step) == (422, "what")


def test_a_child_wants_somebody_who_answers_for_it(one, engine, practice):
    one.prove(door(practice), GRACE)
    one.read(f"{door(practice)}/new")
    child = {**ADA, "given": "Tim", "family": "Okafor", "born": "2018-01-01"}
    one.send("new", **child)
    assert (one.status, 'id="guardian-error"' in one.page) == (422, True)
    one.send("new", **child, guardian=f"p{practice.world.grace}")
    assert (one.step, "Tim (2018)" in one.page) == ("who", True)
    one.send("who", person="n0")
    one.send("what", **{"type__n0": practice.check})
    one.press("when")
    one.send("confirm")
    assert one.step == "done", one.page
    [tie] = rows(engine, practice, Tie)
    made = rows(engine, practice, Patient)[-1]
    assert (tie.from_id, tie.to_id, tie.kind, tie.may_consent) == (practice.world.grace, made.id, "guardian", True)
    with unit_of_work(engine, practice.world.one) as session:
        [home] = queries.households(session, made.id)
        assert [one.id for one in home.others] == [practice.world.grace]


def test_somebody_new_who_waits_and_then_books_has_one_chart(one, engine, practice):
    before = count(engine, practice, Patient)
    one.prove(door(practice), NEW)
    one.send("new", **ADA)
    one.send("what", **{"type__n0": practice.check})
    one.read(f"{door(practice)}/wait")
    one.send("wait", until=(practice.on + timedelta(days=30)).isoformat())
    assert one.step == "waiting"
    one.read(f"{door(practice)}/when")
    one.press("when")
    one.send("confirm")
    assert (one.step, count(engine, practice, Patient)) == ("done", before + 1)
    [visit], [waiting] = rows(engine, practice, Visit), rows(engine, practice, Waiting)
    assert visit.patient_id == waiting.patient_id

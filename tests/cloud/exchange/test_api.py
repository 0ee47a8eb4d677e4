"""Other programs ask and book: keys, idempotency, what may not be had; FHIR as a stranger's client reads it; feeds."""

import json
from datetime import timedelta

import pytest
import vobject
from fhirclient.models.appointment import Appointment
from fhirclient.models.bundle import Bundle
from fhirclient.models.capabilitystatement import CapabilityStatement
from sqlalchemy import func, select

from cloud.booking import services as booking
from cloud.booking.models import Entry, Visit
from cloud.exchange import services
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Type
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


def key_of(engine, tenant, by):
    with unit_of_work(engine, tenant) as session:
        return services.make_key(session, "A program", by=by)


@pytest.fixture
def shown(engine, practice):
    """The header that lets a program of chain one in."""
    return {"Authorization": f"Bearer {key_of(engine, practice.world.one, practice.world.olivia.id)}"}


@pytest.fixture
def theirs(engine, practice):
    return {"Authorization": f"Bearer {key_of(engine, practice.world.two, practice.world.charlie.id)}"}


def wanted(practice, hour=9, **told):
    at = practice.at(hour).isoformat()
    return json.dumps({"store": "pier", "type": "check", "at": at, "record_number": "R-1", **told})


def book(client, practice, shown, name="k-1", **told):
    return client.post("/api/v1/visits", data=wanted(practice, **told), headers={**shown, "Idempotency-Key": name})


def count(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalar(select(func.count()).select_from(Visit))


def slots(client, practice, shown, **told):
    asked = {"store": "pier", "type": "check", "from": practice.on, "to": practice.on, **told}
    return client.get("/api/v1/slots", query_string=asked, headers=shown)


def test_what_is_offered_is_what_the_store_has_and_what_is_booked_is_gone(engine, app, practice, shown):
    client = app.test_client()
    times = slots(client, practice, shown).json["slots"]
    assert (len(times), times[0]) == (9, practice.at(9).isoformat())
    answer = book(client, practice, shown)
    assert (answer.status_code, answer.json["state"], answer.json["store"]) == (201, "booked", "pier")
    assert client.get(f"/api/v1/visits/{answer.json['uid']}", headers=shown).json == answer.json
    with unit_of_work(engine, practice.world.one) as session:
        other = booking.book(session, practice.ask(), practice.at(9), practice.world.per, channel="desk").id
    assert practice.at(9).isoformat() not in slots(client, practice, shown).json["slots"]
    late = book(client, practice, shown, "k-2", record_number="P-0")
    assert (late.status_code, late.json["error"], len(late.json["others"])) == (409, "gone", 3)
    assert other and count(engine, practice) == 2


def test_the_same_key_books_once_and_for_something_else_is_refused(engine, app, practice, shown):
    client = app.test_client()
    first, second = book(client, practice, shown), book(client, practice, shown)
    assert (first.json, first.status_code, second.status_code) == (second.json, 201, 201)
    other = book(client, practice, shown, hour=10)
    assert (other.status_code, other.json) == (422, {"error": "other_question"})
    assert count(engine, practice) == 1


def test_a_request_that_comes_eight_times_at_once_books_once(engine, app, practice, shown):
    def want(_number):
        return book(app.test_client(), practice, shown).json["uid"]

    assert len(race(8, want).answers) == 1
    assert count(engine, practice) == 1


def test_the_same_person_is_not_booked_twice_at_a_time(app, practice, shown):
    client = app.test_client()
    book(client, practice, shown)
    assert book(client, practice, shown, "k-2").json == {"error": "overlaps"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("[]", 422),
        ('{"store":"pier"}', 422),
        ({"at": "2026-12-01T09:00:00"}, 422),
        ({"more": 1}, 422),
        ({"record_number": "R\0"}, 422),
        ({"record_number": "nobody"}, 404),
        ({"store": "mill"}, 404),
        ({"type": "nothing"}, 404),
    ],
)
def test_what_cannot_be_booked_is_said_and_books_nothing(engine, app, practice, shown, body, status):
    data = body if isinstance(body, str) else wanted(practice, **body)
    answer = app.test_client().post("/api/v1/visits", data=data, headers={**shown, "Idempotency-Key": "k"})
    assert (answer.status_code, count(engine, practice)) == (status, 0)


def test_without_a_name_for_the_request_nothing_is_booked(engine, app, practice, shown):
    answer = app.test_client().post("/api/v1/visits", data=wanted(practice), headers=shown)
    assert (answer.status_code, answer.json, count(engine, practice)) == (400, {"error": "idempotency_key"}, 0)


def test_calling_off_is_done_once_and_not_too_late(engine, app, practice, shown):
    client = app.test_client()
    uid = book(client, practice, shown).json["uid"]
    with unit_of_work(engine, practice.world.one) as session:
        session.get_one(Type, (practice.world.one, practice.check)).cut_off = 60 * 24 * 60
    late = client.post(f"/api/v1/visits/{uid}/cancel", headers=shown)
    assert (late.status_code, late.json) == (409, {"error": "too_late"})
    with unit_of_work(engine, practice.world.one) as session:
        session.get_one(Type, (practice.world.one, practice.check)).cut_off = 0
    for _time in range(2):
        assert client.post(f"/api/v1/visits/{uid}/cancel", headers=shown).json["state"] == "cancelled"
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalars(select(Entry.kind).order_by(Entry.id)).all() == ["booked", "cancelled"]


def test_a_key_opens_its_own_chain_alone(engine, app, practice, shown, theirs):
    client = app.test_client()
    uid = book(client, practice, shown).json["uid"]
    for address in (f"/api/v1/visits/{uid}", f"/fhir/Appointment/{uid}"):
        assert client.get(address, headers=theirs).status_code == 404
    assert client.post(f"/api/v1/visits/{uid}/cancel", headers=theirs).status_code == 404
    assert slots(client, practice, theirs).status_code == 404
    assert client.get(f"/fhir/Appointment?identifier={uid}", headers=theirs).json["total"] == 0
    assert count(engine, practice) == 1


def test_a_key_that_has_ended_or_was_never_made_opens_nothing(engine, app, practice, shown):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        feed = services.make_feed(session, practice.doctors[0], by=world.olivia.id)
        [key] = services.queries.keys(session)
        services.end_key(session, key.id, by=world.olivia.id)
    for secret in (shown["Authorization"], "Bearer ek_nothing", "Bearer ", f"Bearer {feed}", "Basic YTpi", ""):
        answer = app.test_client().get("/fhir/metadata", headers={"Authorization": secret})
        assert (answer.status_code, answer.json) == (401, {"error": "no_key"})


def test_days_are_asked_for_in_order_and_not_too_many(app, practice, shown):
    client = app.test_client()
    far = practice.on + timedelta(days=31)
    for asked in ({"to": far}, {"to": practice.on - timedelta(days=1)}, {"from": "soon"}, {"to": ""}):
        assert slots(client, practice, shown, **asked).status_code == 422


def test_a_strangers_fhir_client_reads_visits_calendars_and_free_times(app, practice, shown):
    client = app.test_client()
    uid = book(client, practice, shown).json["uid"]

    def get(address, **asked):
        answer = client.get(f"/fhir/{address}", query_string=asked, headers=shown)
        assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
        return answer.json

    one = Appointment(get(f"Appointment/{uid}"))
    assert (one.id, one.status, one.start.isostring) == (uid, "booked", practice.at(9).isoformat())
    day = Bundle(get("Appointment", location="pier", date=practice.on))
    assert [entry.resource.id for entry in day.entry] == [uid]
    assert Bundle(get("Appointment", identifier=f"urn:emmetra:visit|{uid}")).total == 1
    calendars = [entry.resource for entry in Bundle(get("Schedule", location="pier")).entry]
    assert [one.actor[0].display for one in calendars][:2] == ["Pier", "ARK"]
    free = Bundle(get("Slot", location="pier", start=practice.on, **{"service-type": "check"}))
    assert (free.total, free.entry[0].resource.status) == (9, "free")
    assert free.entry[0].resource.schedule.reference == f"Schedule/{calendars[0].id}"
    assert CapabilityStatement(get("metadata")).fhirVersion == "4.0.1"


@pytest.mark.parametrize(
    "address", ["Appointment", "Appointment?location=pier", "Schedule", "Slot?location=pier&start=x"]
)
def test_what_fhir_is_not_told_is_asked_for(app, practice, shown, address):
    answer = app.test_client().get(f"/fhir/{address}", headers=shown)
    assert (answer.status_code, answer.json["resourceType"]) == (422, "OperationOutcome")


def test_a_calendar_is_read_under_its_address_until_it_changes_or_ends(engine, app, practice, shown):
    world, client = practice.world, app.test_client()
    with unit_of_work(engine, world.one) as session:
        secret = services.make_feed(session, practice.doctors[0], by=world.olivia.id)
    uid = book(client, practice, shown).json["uid"]
    first = client.get(f"/feeds/{secret}.ics")
    read = vobject.readOne(first.text)
    assert (read.vevent.uid.value, read.vevent.summary.value) == (f"{uid}@emmetra", "check")
    assert ("Okafor" in first.text, "R-1" in first.text, "METHOD" in first.text) == (False, False, False)
    same = client.get(f"/feeds/{secret}.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    client.post(f"/api/v1/visits/{uid}/cancel", headers=shown)
    after = client.get(f"/feeds/{secret}.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (after.status_code, "VEVENT" in after.text) == (200, False)
    with unit_of_work(engine, world.one) as session:
        again = services.make_feed(session, practice.doctors[0], by=world.olivia.id)
    assert [client.get(f"/feeds/{one}.ics").status_code for one in (secret, again, "ef_x")] == [404, 200, 404]


def test_the_description_tells_how_to_book(app, world, sign_in):
    told = sign_in(world.rosa).get("/api/openapi.json").json
    assert told["paths"]["/api/v1/visits"]["post"]["security"] == [{"key": []}]
    assert told["components"]["securitySchemes"]["key"]["scheme"] == "bearer"

"""What other systems are told of visits: signed events, FHIR resources, calendar entries; and what if they are away."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
import vobject
from fhirclient.models.appointment import Appointment
from sqlalchemy import select, text

from cloud.booking import services as booking
from cloud.booking.choices import By, State
from cloud.booking.models import Visit
from cloud.exchange import delivering, sealing, services
from cloud.exchange.choices import Kind, Why
from cloud.exchange.errors import NoSuchDelivery
from cloud.exchange.models import Delivery, Target
from cloud.exchange.wire import Near
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found
from tests.cloud.exchange.others_here import NEAR, other_system


@pytest.fixture
def practice(engine, world):
    sealing.install(engine, sealing.Lock("a secret of the tests", NEAR))
    return found(engine, world)


@pytest.fixture
def other():
    with other_system() as found_:
        yield found_


def tell(engine, practice, kind, url, **told):
    with unit_of_work(engine, practice.world.one) as session:
        said = {"name": "Other", "url": url, "by": practice.world.olivia.id, **told}
        made, secret = services.add_target(session, kind, **said)
        return made.id, secret


def book(engine, practice, hour=9):
    with unit_of_work(engine, practice.world.one) as session:
        return booking.book(session, practice.ask(), practice.at(hour), practice.world.grace, channel="desk").id


def turn(engine, practice, visit, state):
    with unit_of_work(engine, practice.world.one) as session:
        one = session.get_one(Visit, (practice.world.one, visit))
        booking.turn(session, one, state, by=None, through=By.PATIENT)


def move(engine, practice, visit, hour):
    with unit_of_work(engine, practice.world.one) as session:
        one = session.get_one(Visit, (practice.world.one, visit))
        by = practice.world.alice.id
        return booking.move(session, one, practice.ask(), practice.at(hour), by=by, through=By.STAFF).id


def round_(engine, practice, near=NEAR):
    """Write down and deliver what is due; what became of each."""
    tenant = practice.world.one
    delivering.write_down(engine, tenant)
    with unit_of_work(engine, tenant) as session:
        ids = session.scalars(select(Delivery.id).where(Delivery.state == "pending").order_by(Delivery.id)).all()
    return [state for one in ids if (state := delivering.deliver(engine, tenant, one, near))]


def rows(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def due_now(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        for one in session.scalars(select(Delivery)):
            one.due_at = now() - timedelta(seconds=1)


def test_a_webhook_hears_of_every_change_once_and_can_prove_who_speaks(engine, practice, other):
    _target, secret = tell(engine, practice, Kind.WEBHOOK, f"{other.url}/hook")
    visit = book(engine, practice)
    turn(engine, practice, visit, State.CONFIRMED)
    assert round_(engine, practice) == ["complete", "complete"]
    assert round_(engine, practice) == []
    events = [json.loads(one.body) for one in other.heard]
    assert [one["type"] for one in events] == ["visit.booked", "visit.confirmed"]
    assert [one["visit"]["record_number"] for one in events] == ["R-1", "R-1"]
    assert "Okafor" not in other.heard[0].body.decode()
    stamp, _, mark = other.heard[0].headers["Emmetra-Signature"].partition(",v1=")
    signed = stamp.removeprefix("t=").encode() + b"." + other.heard[0].body
    assert hmac.compare_digest(mark, hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest())


def test_a_move_is_told_as_a_move_under_the_same_name(engine, practice, other):
    tell(engine, practice, Kind.WEBHOOK, other.url)
    first = book(engine, practice)
    round_(engine, practice)
    move(engine, practice, first, 10)
    round_(engine, practice)
    events = [json.loads(one.body) for one in other.heard]
    assert [one["type"] for one in events] == ["visit.booked", "visit.moved"]
    assert events[0]["visit"]["uid"] == events[1]["visit"]["uid"]
    assert [one["visit"]["sequence"] for one in events] == [0, 1]


def test_a_practice_system_gets_an_appointment_it_can_find_again(engine, practice, other):
    tell(engine, practice, Kind.FHIR, f"{other.url}/r4/", credential="a token")
    first = book(engine, practice)
    round_(engine, practice)
    second = move(engine, practice, first, 10)
    round_(engine, practice)
    turn(engine, practice, second, State.CANCELLED)
    round_(engine, practice)
    assert {(one.method, one.path, one.headers["Authorization"]) for one in other.heard} == {
        ("PUT", other.heard[0].path, "Bearer a token")
    }
    told = [Appointment(json.loads(one.body)) for one in other.heard]
    assert [one.status for one in told] == ["booked", "booked", "cancelled"]
    assert [one.start.isostring for one in told] == [at.isoformat() for at in map(practice.at, (9, 10, 10))]
    assert told[0].participant[0].actor.identifier.value == "R-1"
    assert f"urn:emmetra:visit%7C{told[0].identifier[0].value}" in other.heard[0].path


def test_a_calendar_server_keeps_one_entry_that_moves_and_goes(engine, practice, other):
    tell(engine, practice, Kind.CALDAV, f"{other.url}/dav/pier", account="pier", credential="pass word")
    first = book(engine, practice)
    round_(engine, practice)
    [(path, data)] = other.things.items()
    read = vobject.readOne(data.decode())
    assert (path, read.vevent.dtstart.value) == (f"/dav/pier/{read.vevent.uid.value.split('@')[0]}.ics", practice.at(9))
    assert (hasattr(read, "method"), "Okafor" in data.decode()) == (False, False)
    second = move(engine, practice, first, 10)
    round_(engine, practice)
    assert vobject.readOne(other.things[path].decode()).vevent.dtstart.value == practice.at(10)
    turn(engine, practice, second, State.CANCELLED)
    round_(engine, practice)
    assert (other.things, other.heard[-1].method) == ({}, "DELETE")
    assert other.heard[0].headers["Authorization"] == "Basic cGllcjpwYXNzIHdvcmQ="


def test_what_was_done_before_a_system_was_added_is_not_told(engine, practice, other):
    book(engine, practice)
    tell(engine, practice, Kind.WEBHOOK, other.url)
    assert round_(engine, practice) == []
    assert other.heard == []


def test_a_system_that_is_switched_off_hears_nothing(engine, practice, other):
    target, _secret = tell(engine, practice, Kind.WEBHOOK, other.url)
    with unit_of_work(engine, practice.world.one) as session:
        services.switch(session, target, on=False, by=practice.world.olivia.id)
    book(engine, practice)
    assert round_(engine, practice) == []
    assert other.heard == []


def test_what_was_not_told_yet_waits_until_a_system_is_switched_on_again(engine, practice, other):
    target, _secret = tell(engine, practice, Kind.WEBHOOK, other.url)
    book(engine, practice)
    delivering.write_down(engine, practice.world.one)
    for on in (False, True):
        with unit_of_work(engine, practice.world.one) as session:
            services.switch(session, target, on=on, by=practice.world.olivia.id)
        due_now(engine, practice)
        assert round_(engine, practice) == (["complete"] if on else [])
    assert len(other.heard) == 1


@pytest.mark.parametrize(("status", "state", "why"), [(503, "failed", Why.BUSY), (None, "timed_out", Why.NO_ANSWER)])
def test_a_system_that_is_busy_or_silent_is_told_again_and_at_last_given_up(
    engine, practice, other, status, state, why
):
    tell(engine, practice, Kind.WEBHOOK, other.url)
    book(engine, practice)
    other.status = status
    waits = []
    for _time in range(5):
        assert round_(engine, practice) == ["pending"]
        waits.append(rows(engine, practice)[0].due_at - now())
        due_now(engine, practice)
    assert waits == sorted(waits)
    assert round_(engine, practice) == [state]
    assert (rows(engine, practice)[0].why, len(other.heard)) == (why, 6)
    assert len({one.headers["Emmetra-Delivery"] for one in other.heard}) == 1


def test_a_refusal_is_final_until_somebody_says_otherwise(engine, practice, other):
    tell(engine, practice, Kind.FHIR, other.url)
    book(engine, practice)
    other.status = 401
    assert round_(engine, practice) == ["failed"]
    [row] = rows(engine, practice)
    assert (row.why, row.said) == (Why.REFUSED, "401")
    other.status = 201
    with unit_of_work(engine, practice.world.one) as session:
        services.again(session, row.id, by=practice.world.olivia.id)
    assert round_(engine, practice) == ["complete"]
    with unit_of_work(engine, practice.world.one) as session:
        services.again(session, row.id, by=practice.world.olivia.id)
        with pytest.raises(NoSuchDelivery):
            services.again(session, row.id, by=practice.world.olivia.id)
    assert round_(engine, practice) == ["complete"]
    assert len(other.heard) == 3


def test_the_clouds_own_network_cannot_be_reached_by_naming_it(engine, practice, other):
    tell(engine, practice, Kind.WEBHOOK, other.url)
    book(engine, practice)
    assert round_(engine, practice, Near()) == ["failed"]
    assert (rows(engine, practice)[0].why, other.heard) == (Why.NOT_ALLOWED, [])


def test_a_credential_lies_sealed_and_opens_for_its_chain_alone(engine, practice, other):
    target, _ = tell(engine, practice, Kind.FHIR, other.url, credential="a token")
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        sealed = session.get_one(Target, (world.one, target)).credential
        assert (b"a token" in sealed, sealing.of(session).open(sealed)) == (False, "a token")
    with unit_of_work(engine, world.two) as session, pytest.raises(ValueError, match="another secret"):
        sealing.of(session).open(sealed)


def test_charlies_chain_is_told_nothing_of_ours(engine, practice, other):
    with unit_of_work(engine, practice.world.two) as session:
        by = practice.world.charlie.id
        services.add_target(session, Kind.WEBHOOK, name="Theirs", url=other.url, by=by)
    book(engine, practice)
    assert delivering.write_down(engine, practice.world.two) == 0
    assert other.heard == []


def test_the_worker_finds_chains_with_somebody_to_tell_and_does_it(engine, practice, other, monkeypatch):
    monkeypatch.setattr(delivering, "_chains", lambda _engine: [practice.world.one])
    tell(engine, practice, Kind.WEBHOOK, other.url)
    book(engine, practice)
    courier = delivering.Courier()
    assert courier.work(engine) is True
    courier.close()
    assert [one.state for one in rows(engine, practice)] == ["complete"]
    with engine.connect() as connection:
        assert practice.world.one in list(connection.scalars(text("SELECT * FROM exchange_chains()")))

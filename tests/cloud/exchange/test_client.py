"""A stranger's FHIR client, over a real socket, finds a visit and follows it."""

import threading

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.appointment import Appointment
from fhirclient.models.slot import Slot
from werkzeug.serving import make_server

from cloud.booking import services as booking
from cloud.booking.choices import By
from cloud.booking.models import Visit
from cloud.exchange import services
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found


@pytest.fixture
def served(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_client_finds_free_times_and_a_visit_and_follows_its_move(engine, world, served):
    practice = found(engine, world)
    with unit_of_work(engine, world.one) as session:
        key = services.make_key(session, "A practice system", by=world.olivia.id)
        visit = booking.book(session, practice.ask(), practice.at(9), world.grace, channel="desk")
    client = FHIRClient(settings={"app_id": "a_practice_system", "api_base": f"{served}/fhir"})
    client.server.session.headers["Authorization"] = f"Bearer {key}"
    asked = {"location": "pier", "date": practice.on.isoformat()}
    [one] = Appointment.where(struct=asked).perform_resources_iter(client.server)
    assert (one.id, one.status, one.start.datetime) == (str(visit.uid), "booked", practice.at(9))
    free = Slot.where(struct={"location": "pier", "start": practice.on.isoformat(), "service-type": "check"})
    assert practice.at(10) in [slot.start.datetime for slot in free.perform_resources_iter(client.server)]

    with unit_of_work(engine, world.one) as session:
        old = session.get_one(Visit, (world.one, visit.id))
        booking.move(session, old, practice.ask(), practice.at(10), by=world.alice.id, through=By.STAFF)
    assert Appointment.read(one.id, client.server).start.datetime == practice.at(10)
    client.server.session.close()

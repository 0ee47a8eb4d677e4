"""A calendar server of somebody else (radicale): it takes our entries, and a calendar program finds them."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass

import pytest
import vobject

from cloud.booking import services as booking
from cloud.booking.choices import By, State
from cloud.booking.models import Visit
from cloud.exchange import delivering, sealing, services
from cloud.exchange.choices import Kind
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found
from tests.cloud.exchange.others_here import NEAR
from tests.cloud.exchange.test_delivering import round_

RADICALE = shutil.which("radicale")
pytestmark = [pytest.mark.peer, pytest.mark.skipif(RADICALE is None, reason="radicale is not installed here")]
MAKE = """<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>Pier</D:displayname></D:prop></D:set></C:mkcalendar>"""
ASK = """<?xml version="1.0"?><C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{begins:%Y%m%dT%H%M%SZ}" end="{ends:%Y%m%dT%H%M%SZ}"/></C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


@dataclass
class Server:
    """A calendar server with one collection."""

    port: int

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/pier/visits"

    def said(self, method, body, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        told = {"Authorization": "Basic cGllcjpwYXNz", "Content-Type": "application/xml", **headers}
        line.request(method, "/pier/visits/", body, told)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, text

    def between(self, begins, ends):
        """Entries a calendar program finds there."""
        status, text = self.said("REPORT", ASK.format(begins=begins, ends=ends), Depth="1")
        assert status == 207
        plain = text.replace("&#13;", "").replace("&lt;", "<").replace("&amp;", "&")
        parts = plain.split("BEGIN:VCALENDAR")[1:]
        return [vobject.readOne(f"BEGIN:VCALENDAR{part.split('END:VCALENDAR')[0]}END:VCALENDAR\n") for part in parts]


@pytest.fixture
def radicale(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "users").write_text("pier:pass\n")
    settings = {
        "server": {"hosts": f"127.0.0.1:{port}"},
        "auth": {"type": "htpasswd", "htpasswd_filename": tmp_path / "users", "htpasswd_encryption": "plain"},
        "storage": {"filesystem_folder": tmp_path / "kept"},
    }
    words = [
        f"--{group}-{name.replace('_', '-')}={value}" for group, one in settings.items() for name, value in one.items()
    ]
    process = subprocess.Popen([str(RADICALE), "--config", "", *words], env={**os.environ}, stderr=subprocess.DEVNULL)
    server, deadline = Server(port), time.monotonic() + 20
    while True:
        try:
            assert server.said("MKCALENDAR", MAKE)[0] == 201
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield server
    process.terminate()
    process.wait(10)


def test_a_calendar_server_has_the_visit_where_it_is_and_none_where_it_was(engine, world, radicale):
    sealing.install(engine, sealing.Lock("a secret of the tests", NEAR))
    practice = found(engine, world)
    with unit_of_work(engine, world.one) as session:
        told = {"name": "Calendar", "url": radicale.url, "account": "pier", "credential": "pass"}
        services.add_target(session, Kind.CALDAV, by=world.olivia.id, **told)
        visit = booking.book(session, practice.ask(), practice.at(9), world.grace, channel="desk")
    assert round_(engine, practice) == ["complete"]
    nine, ten, eleven = (practice.at(hour) for hour in (9, 10, 11))
    [entry] = radicale.between(nine, ten)
    assert (entry.vevent.dtstart.value, entry.vevent.uid.value) == (nine, f"{visit.uid}@emmetra")

    with unit_of_work(engine, world.one) as session:
        old = session.get_one(Visit, (world.one, visit.id))
        new = booking.move(session, old, practice.ask(), ten, by=world.alice.id, through=By.STAFF).id
    assert set(round_(engine, practice)) == {"complete"}
    assert [len(radicale.between(*hours)) for hours in ((nine, ten), (ten, eleven))] == [0, 1]

    with unit_of_work(engine, world.one) as session:
        booking.turn(session, session.get_one(Visit, (world.one, new)), State.CANCELLED, by=None, through=By.PATIENT)
    assert set(round_(engine, practice)) == {"complete"}
    assert radicale.between(nine, eleven) == []
    assert delivering.write_down(engine, world.one) == 0

"""A print-out is the same, byte for byte, whoever makes it and whenever."""

import hashlib
import re
from datetime import date

import pytest
from sqlalchemy import Engine

from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
from cloud.readings import intake, services
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import RAW, Line, Outbox


@pytest.fixture
def sent(engine: Engine, world: World) -> tuple[Line, Line, Line]:
    """Day, night and curvature of one transmission, and another transmission before and after it."""
    outbox = Outbox(world.pier)
    day, night = outbox.reading("R-1", condition="day"), outbox.reading("R-1", condition="night")
    before, after = outbox.reading("R-1"), outbox.reading("R-1")
    lines = [outbox.capture(b"before"), before, outbox.capture(), day, night, outbox.capture(b"after"), after]
    for number, (line, heard) in enumerate(zip(lines, (1, 1, 2, 2, 2, 3, 3), strict=True), 1):
        line.item.update(seq=number, mono_ns=heard)
    with unit_of_work(engine, world.one) as session:
        session.get_one(Patient, (world.one, world.grace)).birth_date = date(1961, 3, 9)
        intake.take(session, world.one, [outbox.parcel(*lines)])
    return day, night, after


def paper(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.data


def test_the_same_reading_is_the_same_page_for_everybody(world, sent, sign_in):
    address = f"/readings/{sent[0].id}/transmission/print"
    first = paper(sign_in(world.alice), address)

    assert paper(sign_in(world.bob), address) == first
    assert paper(sign_in(world.olivia), address) == first


def test_it_says_whose_what_from_where_and_of_which_bytes(world, sent, sign_in):
    page = paper(sign_in(world.alice), f"/readings/{sent[0].id}/print").decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())

    for told in ("Grace Okafor", "R-1", "9 Mar 1961", "Autorefraction, day", "−1.75", "Northlight AR-3", "right"):
        assert told in words
    assert hashlib.sha256(RAW).hexdigest() in words
    assert "Alice" not in words
    assert "csrf" not in page


def test_a_transmission_is_printed_whole_and_nothing_else(world, sent, sign_in):
    page = paper(sign_in(world.alice), f"/readings/{sent[1].id}/transmission/print").decode()

    assert re.findall(r"Reading ([\w-]{36})", page) == [str(sent[0].id), str(sent[1].id)]


def test_what_was_given_to_another_patient_is_not_on_her_paper(engine, world, sent, sign_in):
    with unit_of_work(engine, world.one) as session:
        services.file(session, reading_id=sent[1].id, patient_id=world.per, by=world.alice.id)
    page = paper(sign_in(world.alice), f"/readings/{sent[0].id}/transmission/print").decode()

    assert re.findall(r"Reading ([\w-]{36})", page) == [str(sent[0].id)]


def test_a_reading_leads_to_everything_of_its_transmission(world, sent, sign_in):
    page = paper(sign_in(world.alice), f"/readings/{sent[0].id}").decode()

    assert f'href="/readings/{sent[1].id}"' in page
    assert f'href="/readings/{sent[2].id}"' not in page
    assert "&lt;SOH&gt;ARK&lt;STX&gt; what the instrument said" in page

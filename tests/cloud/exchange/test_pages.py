"""The page of other systems: who may set them, and what is shown once."""

import re

import pytest
from sqlalchemy import select

from cloud.exchange.models import Delivery, Feed, Key, Target
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found
from tests.cloud.exchange.views_here import places

TYPED = {"kind": "fhir", "name": "Practice system", "url": "https://fhir.test/r4", "credential": "t0ken", "account": ""}


@pytest.fixture
def her(world, sign_in):
    return sign_in(world.olivia, store_id=world.pier.id)


def rows(engine, world, table):
    with unit_of_work(engine, world.one) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_an_owner_adds_a_system_whose_credential_is_never_shown(engine, world, her):
    page = her.post("/exchange/targets", data=TYPED)
    assert (page.status_code, "t0ken" in page.text, "Practice system" in page.text) == (200, False, True)
    [row] = rows(engine, world, Target)
    assert (row.kind, row.on, b"t0ken" in row.credential) == ("fhir", True, False)
    assert her.post(f"/exchange/targets/{row.id}/off").status_code == 303
    assert rows(engine, world, Target)[0].on is False
    noted = [one.verb for one in rows(engine, world, Entry) if one.subject_kind == "exchange target"]
    assert noted == ["added", "switched"]


def test_a_secret_is_shown_once(engine, world, her):
    page = her.post("/exchange/targets", data={**TYPED, "kind": "webhook", "credential": ""})
    [secret] = re.findall(r'class="secret">([^<]+)<', page.text)
    assert (page.headers["Cache-Control"], len(secret) > 40) == ("no-store", True)
    key = re.findall(r'class="secret">(ek_[^<]+)<', her.post("/exchange/keys", data={"name": "A site"}).text)[0]
    again = her.get("/exchange").text
    assert (secret in again, key in again, key[:9] in again) == (False, False, True)
    assert [one.digest == key for one in rows(engine, world, Key)] == [False]


def test_a_calendars_address_is_made_renewed_and_ended(engine, world, her):
    practice = found(engine, world)
    links = []
    for _time in range(2):
        page = her.post(f"/exchange/feeds/{practice.doctors[0]}").text
        links.append(re.findall(r'class="secret">([^<]+)<', page)[0])
    assert [her.get(link).status_code for link in links] == [404, 200]
    assert her.post(f"/exchange/feeds/{practice.doctors[0]}/end").status_code == 303
    assert her.get(links[1]).status_code == 404
    assert [one.ended_at is None for one in rows(engine, world, Feed)] == [False, False]
    assert her.post("/exchange/feeds/999999").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("kind", "carrier pigeon", "Choose how"),
        ("name", "", "Give it a name"),
        *(("url", url, "Write an address") for url in ("", "ftp://a.test", "https://u:p@a.test", "https://a b", "//a")),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(engine, world, her, field, value, says):
    answer = her.post("/exchange/targets", data={**TYPED, field: value})
    assert (answer.status_code, says in answer.text, rows(engine, world, Target)) == (422, True, [])


def test_a_delivery_that_failed_is_told_again_and_reception_only_looks(engine, world, her, sign_in):
    with unit_of_work(engine, world.one) as session:
        delivery = places(session, world)["delivery"]
    page = sign_in(world.rosa).get("/exchange?state=failed").text
    assert ("It refused what it was told" in page, "Tell it again" in page) == (True, False)
    assert "&lt;i&gt;Other&lt;/i&gt;" in page
    assert sign_in(world.rosa).post(f"/exchange/deliveries/{delivery}/again").status_code == 403
    assert rows(engine, world, Delivery)[0].state == "failed"
    assert her.post(f"/exchange/deliveries/{delivery}/again").status_code == 303
    assert rows(engine, world, Delivery)[0].state == "pending"
    assert her.post(f"/exchange/deliveries/{delivery}/again").status_code == 404

"""Pages over the whole fleet, as people see and use them."""

import pytest
from sqlalchemy import func, select

from cloud.fleet.models import Gateway, Happening, Instrument, Order
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.operations import alerts, servicing
from cloud.operations.models import Alert, Bulk, Place, Plate, Service, Threshold
from tests.cloud.operations.rows_here import done, ring
from tests.cloud.test_views import queries_for

EVIL = "<script>alert(1)</script>\"'"
KIND = {"kind": "serviced", "done_on": "2026-11-02", "done_by": EVIL, "note": EVIL, "certificate": EVIL}


def evil_world(engine, world):
    """Hostile words wherever a person or a gateway can put them."""
    with unit_of_work(engine, world.one) as session:
        gateway = session.get_one(Gateway, (world.one, world.pier.sender.gateway_id))
        gateway.state, gateway.since, gateway.software = "online", now(), EVIL
        gateway.alarms = [f"{EVIL}: {EVIL}"]
        rt = session.get_one(Instrument, (world.one, world.pier.phoropter))
        rt.maker, rt.model, rt.lane, rt.serial, rt.why = EVIL, EVIL, EVIL, EVIL, EVIL
        session.add(Happening(gateway_id=gateway.id, event_id="e", at=now(), code="lost", text=EVIL, dev=EVIL))
        session.add(
            Order(**order_of(world), why=EVIL, result={"remarks": [EVIL], "entries": [{"t": 1.5, "hex": "02 3c 73"}]})
        )
        service = servicing.enter(session, rt.id, done(done_by=EVIL, note=EVIL, certificate=EVIL), by=world.omar.id)
        alerts.look(session)
        alert = session.scalars(select(Alert.id)).first()
        assert alerts.acknowledge(session, alert or 0, by=world.omar.id, note=EVIL)
    return {"gateway": gateway.id, "rt": rt.id, "alert": alert, "service": service.id, "store": world.pier.id}


def order_of(world):
    told = {"gateway_id": world.pier.sender.gateway_id, "store_id": world.pier.id, "dev": EVIL, "verb": "sniff"}
    return {**told, "command_id": "c-9", "args": "{}", "readings": [], "deadline": now(), "asked_by": world.omar.id}


PAGES = (
    *("/fleet/alerts", "/fleet/alerts?shelf=acknowledged", "/fleet/alerts/{alert}", "/fleet/alerts/rules"),
    *("/fleet/instruments", "/fleet/instruments/print", "/fleet/instruments/{rt}", "/fleet/map", "/fleet/places"),
    *("/fleet/places/{store}", "/fleet/{gateway}/history", "/fleet/{gateway}/frames", "/fleet/actions"),
    *("/fleet/actions/new", "/fleet/actions/new?verb=configure"),
)


def test_what_was_entered_or_sent_is_never_markup(engine, world, sign_in):
    places, client, told = evil_world(engine, world), sign_in(world.omar), 0
    client.post(f"/fleet/places/{world.pier.id}", data={"latitude": "38.7", "longitude": "-9", "address": EVIL})
    for address in PAGES:
        answer = client.get(address.format(**places))
        page = answer.get_data(as_text=True)
        assert (address, answer.status_code) == (address, 200)
        assert EVIL not in page
        told += "&lt;script&gt;" in page
    assert told >= 9
    assert "02 3c 73" in client.get(f"/fleet/{places['gateway']}/frames").get_data(as_text=True)


def test_a_calibration_is_entered_by_whoever_may_and_stands_in_the_list(engine, world, sign_in):
    address = f"/fleet/instruments/{world.pier.phoropter}/services"
    typed = {"kind": "calibrated", "done_on": "2026-11-02", "done_by": "Optikos", "next_due": "2027-11-02"}
    for someone, code in ((world.alice, 403), (world.dora, 403), (world.charlie, 403), (world.omar, 303)):
        assert sign_in(someone).post(address, data=typed).status_code == code
    with unit_of_work(engine, world.one) as session:
        assert session.execute(select(Service.by, Service.done_by)).all() == [(world.omar.id, "Optikos")]
        assert str(session.scalar(select(Plate.next_due))) == "2027-11-02"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(engine, world, sign_in):
    typed = {"kind": "calibrated", "done_on": "2126-01-01", "done_by": ""}
    answer = sign_in(world.omar).post(f"/fleet/instruments/{world.pier.phoropter}/services", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="done_on-error"' in page
    assert 'id="done_by-error"' in page
    assert 'value="2126-01-01"' in page
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 0


def test_the_map_is_honest_while_no_store_has_a_place_and_then_shows_it(engine, world, sign_in):
    client = sign_in(world.omar)
    assert "No store has a place yet" in client.get("/fleet/map").get_data(as_text=True)
    client.post(f"/fleet/places/{world.pier.id}", data={"latitude": "38.7", "longitude": "-9.1", "address": "Pier 1"})
    page = client.get("/fleet/map").get_data(as_text=True)
    assert f'id="store-{world.pier.id}"' in page
    assert page.count('class="dot dot-danger"') == 1
    refused = client.post(f"/fleet/places/{world.pier.id}", data={"latitude": "138.7", "longitude": "-9.1"})
    assert refused.status_code == 422
    assert sign_in(world.alice).post(f"/fleet/places/{world.pier.id}").status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert session.execute(select(Place.store_id, Place.address)).all() == [(world.pier.id, "Pier 1")]


def test_near_by_the_map_has_the_stores_in_sight_and_no_others(world, sign_in):
    client = sign_in(world.omar)
    for place, (north, east) in ((world.pier, ("38.7", "-9.1")), (world.hill, ("-33.9", "18.4"))):
        client.post(f"/fleet/places/{place.id}", data={"latitude": north, "longitude": east})
    near, empty = (client.get(f"/fleet/map?view={view}").text for view in ("-10~44~5", "100~40~5"))
    assert [f'id="store-{place.id}"' in near for place in (world.pier, world.hill)] == [True, False]
    assert near.count('class="dot dot-danger"') == 1
    assert "No store in this part of the map." in empty
    assert "No store has a place yet" not in empty


@pytest.mark.parametrize("view", ["x", "1~2", "1~2~nan", "1~2~inf", "0~0~1000", "0~0~10"])
def test_a_view_of_the_map_that_is_none_is_the_whole_map(engine, world, sign_in, view):
    client = sign_in(world.omar)
    client.post(f"/fleet/places/{world.pier.id}", data={"latitude": "38.7", "longitude": "-9.1"})
    assert client.get(f"/fleet/map?view={view}").status_code == 200


def test_limits_are_set_for_the_chain_by_whoever_may(engine, world, sign_in):
    client = sign_in(world.omar)
    page = client.get("/fleet/alerts/rules").get_data(as_text=True)
    assert 'name="offline-amount"' in page
    typed = {"offline-active": "yes", "offline-amount": "0"}
    assert client.post("/fleet/alerts/rules", data=typed).status_code == 422
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Threshold)) == 0


def test_an_action_needs_the_number_it_was_tried_with(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        session.get_one(Gateway, (world.one, world.pier.sender.gateway_id)).state = "online"
    client = sign_in(world.omar)
    assert "ask 1 gateway" in client.get("/fleet/actions/new?verb=ping").get_data(as_text=True)
    assert client.post("/fleet/actions", data={"verb": "ping", "expected": "7"}).status_code == 409
    assert client.post("/fleet/actions", data={"verb": "ping", "q": "nowhere"}).headers["Location"] == "/fleet"
    wrong = {"verb": "configure", "expected": "1", "key": "raw_days", "value": "often"}
    assert client.post("/fleet/actions", data=wrong).status_code == 422
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Bulk)) == 0
    begun = client.post("/fleet/actions", data={"verb": "ping", "expected": "1"})
    assert begun.status_code == 303
    assert "0 of 1 gateways" in client.get(begun.headers["Location"]).get_data(as_text=True)


def test_a_wire_is_listened_to_by_order(engine, world, sign_in):
    address = f"/fleet/{world.pier.sender.gateway_id}/frames"
    client = sign_in(world.omar)
    assert client.post(address, data={"dev": "nothing"}).status_code == 303
    assert client.post(address, data={"dev": "rt"}).status_code == 303
    assert sign_in(world.alice).post(address, data={"dev": "rt"}).status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert session.execute(select(Order.verb, Order.dev, Order.patient_id)).all() == [("sniff", "rt", None)]


def test_the_rail_counts_what_is_open(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        ring(session, world.pier)
    assert "/fleet/alerts" in sign_in(world.omar).get("/fleet/map").get_data(as_text=True).split("</nav>")[0]
    assert "/fleet/alerts" not in sign_in(world.alice).get("/fleet/map").get_data(as_text=True).split("</nav>")[0]


def test_the_story_of_a_gateway_is_paged_and_narrowed(engine, world, sign_in):
    gateway_id = world.pier.sender.gateway_id
    with unit_of_work(engine, world.one) as session:
        for number in range(60):
            told = {"event_id": f"e-{number}", "at": now(), "code": "lost", "text": f"happening {number:02}"}
            session.add(Happening(gateway_id=gateway_id, **told))
            session.flush()
        ring(session, world.pier)
    client, address, seen = sign_in(world.alice), f"/fleet/{gateway_id}/history", []
    while address:
        page = client.get(address).get_data(as_text=True)
        seen += [part[:2] for part in page.split("<strong>happening ")[1:]]
        link = page.split('rel="next" href="')
        address = link[1].split('"')[0].replace("&amp;", "&") if len(link) > 1 else ""
    assert seen == [f"{number:02}" for number in reversed(range(60))]
    narrowed = client.get(f"/fleet/{gateway_id}/history?kind=alerts&kind=nonsense").get_data(as_text=True)
    assert "happening" not in narrowed.split('class="story"')[1]
    assert client.get(f"/fleet/{gateway_id}/history?after=nonsense").status_code == 200


ADDRESSES = (
    "/fleet/alerts",
    "/fleet/instruments",
    "/fleet/map",
    "/fleet/places",
    "/fleet/{gateway}/history",
    "/fleet/actions",
)


def test_three_rows_ask_no_more_than_one(app, engine, world, sign_in):
    client, counted = sign_in(world.omar), []
    for number, store_id in enumerate((world.pier.id, world.hill.id, None)):
        with unit_of_work(engine, world.one) as session:
            ring(session, world.pier, subject=f"alarm-{number}")
            where = {"gateway_id": world.pier.sender.gateway_id, "store_id": world.pier.id, "link": "tcp"}
            session.add(Instrument(dev=f"x-{number}", state="lost", family="ar", **where))
            session.add(Bulk(verb="ping", args="{}", asked_by=world.omar.id))
            if store_id:
                session.add(Place(store_id=store_id, latitude=38, longitude=9))
        counted.append([queries_for(app, client, one.format(gateway=where["gateway_id"])) for one in ADDRESSES])
    assert counted == [counted[0]] * 3

"""A gateway is set from afar: what cuts it off it takes back; an order is carried out once or not at all."""

import os
from html import unescape

import pytest

from deploy.demo.store import configure
from tests.journeys.desk import until

TRIAL_S = int(os.environ.get("TRIAL_S", "8"))  # 120 in a store


def start(desk):
    """The demo's gateway with a shorter trial; nobody waits two minutes in a test."""
    path = configure(desk.parts.folder, desk.parts.broker_port, desk.parts.console_port)
    path.write_text(path.read_text().replace("data =", f"trial_s = {TRIAL_S}\ndata =", 1))
    desk.parts.children.start("gateway", ["gateway", "run", "--config", str(path)])
    until(lambda: desk.listening("lensmeter"))


@pytest.fixture(scope="module")
def store(desk):
    desk.parts.children.end("gateway")
    start(desk)
    yield desk
    desk.parts.children.end("gateway")
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


@pytest.fixture
def omar(store):
    return store.sign_in("omar@harbour.example")


@pytest.fixture
def gateway(store):
    [row] = store.rows("SELECT DISTINCT gateway_id FROM fleet_instrument WHERE dev = 'lensmeter'")
    return f"/fleet/{row.gateway_id}"


def wanted(desk):
    return desk.rows("SELECT coalesce(max(version), 0) AS newest FROM shadow_desired")[0].newest


def reported(desk):
    found = desk.rows("SELECT state, version, asked, story FROM shadow_reported ORDER BY id DESC LIMIT 1")
    return found[0] if found else None


def is_(desk, state, asked):
    return lambda: (one := reported(desk)) is not None and (one.state, one.asked) == (state, asked)


def set_(desk, omar, gateway, **typed):
    base = wanted(desk)
    omar.send(f"{gateway}/configuration", base=str(base), **typed)
    assert wanted(desk) == base + 1
    return base + 1


def order(desk, omar, gateway, verb, **more):
    omar.send(f"{gateway}/orders", verb=verb, **more)
    return desk.rows("SELECT max(id) AS id FROM fleet_order WHERE verb = :verb", verb=verb)[0].id


def step(desk, order_id):
    return desk.rows("SELECT state, why, result FROM fleet_order WHERE id = :id", id=order_id)[0]


@pytest.mark.edge("EDGE-160", "A gateway sent to a wrong broker comes back by itself, and its pages tell the story.")
def test_a_wrong_broker_is_taken_back_and_the_pages_tell_why(store, omar, gateway):
    good = set_(store, omar, gateway, raw_days="5")
    until(is_(store, "applied", good))
    wrong = set_(store, omar, gateway, raw_days="5", broker="mqtt://127.0.0.1:1")
    printed = store.bench.print("lensmeter")

    until(is_(store, "reverted", wrong), TRIAL_S + 56)
    told = reported(store)
    assert told.version == good
    assert told.story["broker"] == "mqtt://127.0.0.1:1"
    page = unescape(omar.get(f"{gateway}/configuration"))
    assert f"The gateway tried configuration {wrong} and took it back by itself." in page
    assert "Nothing listens at 127.0.0.1:1" in page
    until(lambda: "Change taken back" in omar.get(gateway))
    assert store.arrived(printed.raw)


@pytest.mark.edge("EDGE-161", "A power cut in the middle of a trial changes nothing about how the trial ends.")
def test_a_gateway_killed_in_its_trial_comes_back_all_the_same(store, omar, gateway):
    before = reported(store)
    wrong = set_(store, omar, gateway, broker="mqtt://127.0.0.1:1")
    memory = store.parts.folder / "gateway" / "shadow.json"
    until(lambda: f'"version":{wrong}' in memory.read_text())
    store.parts.children.kill("gateway")
    start(store)

    until(is_(store, "reverted", wrong), 60)
    told = reported(store)
    assert (told.version, told.story["restarts"]) == (before.version if before else 0, 1)
    mended = set_(store, omar, gateway, raw_days="7")
    until(is_(store, "applied", mended))
    until(lambda: "Change taken back" not in omar.get(gateway).split("What it reported")[0])


def test_the_ports_of_the_gateway_are_listed_on_the_page_of_the_order(store, omar, gateway):
    asked = order(store, omar, gateway, "list_ports")
    until(lambda: step(store, asked).state == "done")
    used = {port["used_by"] for port in step(store, asked).result["ports"] if "used_by" in port}
    assert {"ark", "lensmeter"} <= used
    page = omar.get(f"{gateway}/orders/{asked}")
    assert "lensmeter" in page


@pytest.mark.edge(
    "EDGE-162", "An order under way when the gateway is killed has failed with words; it is not begun again."
)
def test_an_order_under_way_when_the_gateway_is_killed_has_failed_with_words(store, omar, gateway):
    asked = order(store, omar, gateway, "capture", dev="lensmeter")
    until(lambda: step(store, asked).state == "running")
    store.parts.children.kill("gateway")
    start(store)
    until(lambda: step(store, asked).state not in ("sent", "running"), 60)

    ended = step(store, asked)
    assert (ended.state, ended.result) == ("failed", None)
    assert "interrupted" in ended.why


@pytest.mark.edge("EDGE-163", "An order given while the cloud's ingest is killed is carried out once.")
def test_an_order_survives_the_death_of_ingest_and_is_carried_out_once(store, omar, gateway):
    since = store.rows("SELECT coalesce(max(id), 0) AS id FROM fleet_happening")[0].id
    asked = order(store, omar, gateway, "restart_driver", dev="lensmeter")
    store.parts.children.kill("ingest")
    store.parts.ingest()
    until(lambda: step(store, asked).state not in ("queued", "sent", "running"), 60)
    assert step(store, asked).state == "done"
    begun = "SELECT code FROM fleet_happening WHERE id > :since AND dev = 'lensmeter' AND code = 'instrument_connected'"
    until(lambda: store.rows(begun, since=since))
    printed = store.bench.print("lensmeter")
    assert store.arrived(printed.raw)
    assert len(store.rows(begun, since=since)) == 1

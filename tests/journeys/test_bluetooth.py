"""A cuff and a tonometer on the radio: through BlueZ, gateway, broker and intake into the tray and the record."""

from datetime import datetime
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy.demo.store import configure
from tests.edge.links.bluez import needs_bus
from tests.journeys.airwaves import CUFF, TONOMETER, Airwaves
from tests.journeys.desk import until
from tests.witnesses import holds

pytestmark = needs_bus
INSTRUMENTS = f"""
[[instrument]]
name = "cuff"
family = "gatt_health"
model = "Blood pressure monitor"
url = "ble://{CUFF}?profile=blood_pressure"
lane = "Lane 1"

[[instrument]]
name = "tonocare"
family = "keeler"
model = "TonoCare"
url = "ble-serial://{TONOMETER}"
lane = "Lane 1"
"""


def begin(desk, air):
    parts = desk.parts
    parts.children.end("gateway")
    path = configure(parts.folder, parts.broker_port, parts.console_port)
    path.write_text(path.read_text() + INSTRUMENTS)
    words = ["gateway", "run", "--config", str(path)]
    parts.children.start("gateway", words, {"DBUS_SYSTEM_BUS_ADDRESS": air.bus})
    until(lambda: desk.listening("ark", "cuff", "tonocare"))


@pytest.fixture(scope="module")
def air(desk):
    with TemporaryDirectory(prefix="emmetra-") as folder:
        air = Airwaves(Path(folder))
        begin(desk, air)
        yield air
        desk.parts.children.end("gateway")
        desk.parts.gateway()
        until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))
        air.close()


@pytest.fixture(scope="module")
def alice(desk):
    return desk.sign_in("alice@harbour.example")


@pytest.fixture
def per_in_lane_1(desk, alice):
    per = desk.patient("H-1003")
    alice.press(alice.get(f"/patients/{per}"), "/seat?lane=Lane")
    yield per
    alice.press(alice.get(f"/patients/{per}"), "/seats/leave")


def count(desk, printed):
    return len(desk.arrived(printed.raw))


@pytest.mark.edge(
    "EDGE-380",
    "What a Bluetooth cuff measures stands in the record of whoever sits in its lane, through the whole chain.",
)
def test_a_cuffs_measurement_lands_in_the_chart_of_whoever_sits_there(desk, air, per_in_lane_1):
    printed = air.pump(datetime(2026, 3, 4, 9, 30))

    [reading] = desk.arrived(printed.raw)
    assert holds(reading, printed.shown[0])
    assert reading["measured_at"] == "2026-03-04T09:30:00"
    assert reading["instrument"] | {"dialect": "gatt", "serial": "0042"} == reading["instrument"]
    until(lambda: {patient for patient, *_ in desk.filed(printed.raw)} == {per_in_lane_1})


def test_with_nobody_there_it_waits_in_the_tray(desk, air, alice):
    printed = air.pump(datetime(2026, 3, 4, 9, 40))

    [reading] = desk.arrived(printed.raw)
    until(lambda: reading["reading_id"] in unescape(alice.get("/tray")))
    assert {patient for patient, *_ in desk.filed(printed.raw)} == {None}


@pytest.mark.edge(
    "EDGE-381",
    "A cuff that tells again all it stored, to a gateway that was killed meanwhile, makes no second reading.",
)
def test_a_killed_gateway_and_a_cuff_that_forgets_nothing(desk, air):
    printed = [air.pump(datetime(2026, 3, 4, 10, minute)) for minute in (0, 5)]
    assert [count(desk, one) for one in printed] == [1, 1]
    until(lambda: desk.status()["outbox"]["depth"] == 0)
    desk.parts.children.kill("gateway")
    begin(desk, air)

    before = air.wake()
    until(lambda: air.told() >= before + 4)
    third = air.pump(datetime(2026, 3, 4, 10, 10))
    assert count(desk, third) == 1
    assert [count(desk, one) for one in printed] == [1, 1]
    captured = desk.rows("SELECT sha256 FROM readings_capture WHERE dev = 'cuff'")
    assert len(captured) == len(set(captured))


def test_a_tonometer_with_a_serial_module_is_read_as_on_its_cable(desk, air):
    printed = air.puff()

    readings = desk.arrived(printed.raw)
    assert len(readings) == len(printed.shown)
    assert all(map(holds, readings, printed.shown))

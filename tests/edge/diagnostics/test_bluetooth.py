"""The check of the adapter, against BlueZ on a private bus and against none; and who is near."""

import argparse
import asyncio
import io

import pytest

from edge.clock import Clock
from edge.diagnostics.checks import CHECKS
from edge.diagnostics.site import Site
from edge.links import LinkRefused, nearby
from edge.scan import bluetooth
from firmware_sim.gatt import Cuff
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral
from firmware_sim.gatt.uart import RadioWire
from tests.edge.links.bluez import bluez_over, needs_bus
from tests.edge.test_checks import config

CUFF, MODULE = "C0:00:00:00:00:02", "C0:00:00:00:00:03"
URL = f"ble://{CUFF}?profile=blood_pressure"


def case(tmp_path, url=URL):
    [found] = CHECKS["bluetooth"](Site(config(tmp_path, port=url), Clock()))
    return found.case


def test_a_gateway_without_bluetooth_instruments_asks_nobody(tmp_path):
    assert case(tmp_path, "/dev/ttyNONE") == "unused"


@pytest.mark.edge("EDGE-383", "A Bluetooth adapter that is missing, blocked or off is told of with what to do.")
def test_a_machine_without_bluetooth(tmp_path, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")

    assert case(tmp_path) == "missing"


@pytest.fixture
async def ether(tmp_path, monkeypatch):
    ether = Ether()
    host = ether.station("gateway", "C0:00:00:00:00:01")
    await host.power_on()
    async with bluez_over(host, tmp_path, monkeypatch) as ether.adapter:
        yield ether
    await host.power_off()


@needs_bus
async def test_an_adapter_that_is_on_or_off(ether, tmp_path):
    assert await asyncio.to_thread(case, tmp_path) == "ok"
    ether.adapter.power(False)
    assert await asyncio.to_thread(case, tmp_path) == "off"
    with pytest.raises(LinkRefused, match="switched off"):
        await nearby.nearby(0.1)


@needs_bus
async def test_what_is_near_is_named_and_gets_its_place(ether, tmp_path, monkeypatch, capsys):
    cuff = Peripheral(ether.station("Cuff 9", CUFF), "blood_pressure")
    pumped = Cuff(cuff, seed=1)
    await cuff.switch_on(pumped.about())
    module = RadioWire(ether.station("HM-10", MODULE))
    await module.switch_on()
    await pumped.measure()
    await pumped.print()
    found = {one.device: one for one in await nearby.nearby(0.5)}
    await cuff.aclose()
    await module.aclose()

    assert found[CUFF].url == URL
    assert (found[CUFF].name, found[MODULE].url) == ("Cuff 9", None)

    async def heard(_):
        return list(found.values())

    def scanned(answer, file=None):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        options = argparse.Namespace(config=str(tmp_path / "none.toml"), seconds=0, write=file)
        return bluetooth.run(options), capsys.readouterr().out

    monkeypatch.setattr(bluetooth, "nearby", heard)
    code, said = await asyncio.to_thread(scanned, "y\n", str(tmp_path / "out.toml"))
    assert code == 0
    assert "dBm  HM-10: nothing this gateway reads" in said
    written = (tmp_path / "out.toml").read_text()
    assert written.split("\n")[1:] == [
        "[[instrument]]",
        'name = "blood-pressure-monitor"',
        'family = "gatt_health"',
        'model = "Blood pressure monitor"',
        f'url = "{URL}"',
        "",
    ]
    code, said = await asyncio.to_thread(scanned, "n\n")
    assert "[[instrument]]" not in said


def test_a_second_device_of_a_kind_gets_a_number():
    one = nearby.near(CUFF, None, -60, ["00001809-0000-1000-8000-00805F9B34FB"])

    assert 'name = "thermometer-2"' in bluetooth.block(one, {"thermometer"})
    assert one.name == "without a name"

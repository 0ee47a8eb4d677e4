"""Another cuff in the place of the old one, paired on the gateway's own page."""

import asyncio

import pytest

from edge.console import asking
from edge.links import gatt
from firmware_sim.gatt import Cuff
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral
from tests.edge.console.caller import configure, console
from tests.edge.console.test_console import connected
from tests.edge.links.bluez import bluez_over, needs_bus

OLD, NEW = "C0:00:00:00:00:02", "C0:00:00:00:00:07"
CUFF = f"""
[[instrument]]
name = "cuff"
family = "gatt_health"
url = "ble://{OLD}?profile=blood_pressure&bond=no"
"""


@pytest.fixture
async def ether(tmp_path, monkeypatch):
    monkeypatch.setattr(gatt, "PAUSE_S", 0.05)
    ether = Ether()
    host = ether.station("gateway", "C0:00:00:00:00:01")
    await host.power_on()
    async with bluez_over(host, tmp_path, monkeypatch) as ether.adapter:
        yield ether
    await host.power_off()


@pytest.fixture
async def cuff(ether):
    wire = Peripheral(ether.station("New cuff", NEW), "blood_pressure")
    cuff = Cuff(wire, seed=1)
    await wire.switch_on(cuff.about())
    yield cuff
    await wire.aclose()


@needs_bus
async def test_another_cuff_is_paired_by_measuring_once(tmp_path, cuff):
    async with console(configure(tmp_path, CUFF)) as (gateway, caller):
        await caller.sign_in()
        await connected(gateway)
        asked = await caller.press(await caller.ask("/pair/cuff"), "/pair/cuff")
        listening = await caller.ask("/pair/cuff")
        await cuff.measure()
        await cuff.print()
        async with asyncio.timeout(45):
            while gateway.console._hub.finder.busy:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        found = await caller.ask("/pair/cuff")
        url = f"ble://{NEW}?profile=blood_pressure&bond=no"
        forged = await caller.press(found, "/pair/cuff", port=url.replace("07", "08"))
        done = await caller.press(found, "/pair/cuff", port=url)
        async with asyncio.timeout(20):
            while (one := (await gateway.status())["instruments"][0])["readings"] == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    assert asked.status == 303
    assert "measure once with the device" in listening.text
    assert f"New cuff on {url}" in found.text
    assert (forged.status, done.status) == (303, 200)
    assert one["link"] == url


async def test_a_search_whose_adapter_hangs_ends(tmp_path, monkeypatch):
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 600\n")
    hangs.chmod(0o755)
    monkeypatch.setattr(asking.sys, "executable", str(hangs))
    monkeypatch.setattr(asking, "GRACE_S", 0.1)

    async with asyncio.timeout(30):
        assert await asking.asked("edge.scan.near", f"ble://{OLD}?profile=blood_pressure", "0.1", within=0.1) == {}


async def listened(gateway, caller):
    """Ask the gateway to listen, and wait until it has."""
    await caller.press(await caller.ask("/add"), "/add", deed="listen")
    during = await caller.ask("/add")
    async with asyncio.timeout(60):
        while gateway.console._hub.finder.adder.busy:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return during, await caller.ask("/add")


@needs_bus
@pytest.mark.edge(
    "EDGE-450",
    "A first Bluetooth device is added on the gateway's page: heard, chosen, named and read; and taken away.",
)
async def test_a_first_cuff_is_added_named_and_read_without_a_command(tmp_path, cuff):
    path = configure(tmp_path)
    async with console(path) as (gateway, caller):
        await caller.sign_in()
        front = await caller.ask("/")
        await cuff.measure()
        await cuff.print()
        during, found = await listened(gateway, caller)
        url = f"ble://{NEW}?profile=blood_pressure"
        forged = await caller.press(found, "/add", deed="add", url=url.replace("07", "08"), name="cuff")
        bad = await caller.press(found, "/add", deed="add", url=url, name="a cuff<")
        before = (await gateway.status())["instruments"]
        added = await caller.press(found, "/add", deed="add", url=url, name="", lane="Lane 1", bond="no")
        async with asyncio.timeout(20):
            while (one := (await gateway.status())["instruments"][0])["readings"] == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        after = await caller.ask("/")

    async with console(path) as (gateway, caller):
        await caller.sign_in()
        await connected(gateway)
        kept = (await gateway.status())["instruments"]
        gone = await caller.press(await caller.ask(f"/remove/{one['name']}"), f"/remove/{one['name']}")
        left = (await gateway.status())["instruments"]

    assert 'href="/add"' in front.text
    assert "Listening" in during.text
    assert "New cuff · blood pressure monitor" in found.text
    assert (forged.status, bad.status, before, added.status) == (409, 409, [], 200)
    assert (one["name"], one["lane"], one["link"]) == ("blood-pressure-monitor", "Lane 1", f"{url}&bond=no")
    assert 'href="/remove/blood-pressure-monitor"' in after.text
    assert [(each["name"], each["link"]) for each in kept] == [(one["name"], one["link"])]
    assert (gone.status, left) == (303, [])


@needs_bus
async def test_what_is_configured_already_is_not_offered(tmp_path, cuff):
    async with console(configure(tmp_path, CUFF.replace(OLD, NEW))) as (gateway, caller):
        await caller.sign_in()
        gateway.console._hub.finder.adder.seconds = 1.0
        _, found = await listened(gateway, caller)

    assert "No new device" in found.text
    assert NEW not in found.text


@needs_bus
@pytest.mark.edge(
    "EDGE-452",
    "A device with a printed passkey is bonded by typing it on the gateway's page, with a wrong one not.",
)
@pytest.mark.parametrize(("typed", "is_read"), [("012345", True), ("543210", False)])
async def test_a_passkey_is_typed_on_the_page(tmp_path, ether, monkeypatch, typed, is_read):
    monkeypatch.setattr(gatt, "ATTEMPTS", 1)
    wire = Peripheral(ether.station("Sealed cuff", NEW), "blood_pressure", passkey=12345)
    cuff = Cuff(wire, seed=1)
    await wire.switch_on(cuff.about())
    async with console(configure(tmp_path)) as (gateway, caller):
        await caller.sign_in()
        await cuff.measure()
        await cuff.print()
        _, found = await listened(gateway, caller)
        url = f"ble://{NEW}?profile=blood_pressure"
        wish = {"deed": "add", "url": url, "name": "cuff", "bond": "passkey"}
        short = await caller.press(found, "/add", **wish, passkey="12")
        added = await caller.press(found, "/add", **wish, passkey=typed)
        async with asyncio.timeout(20):
            while (one := (await gateway.status())["instruments"][0])["readings"] == 0 and (  # noqa: ASYNC110
                is_read or one["state"] != "lost"
            ):
                await asyncio.sleep(0.05)
        paired = [device._paired for device in ether.adapter.devices.values()]
    await wire.aclose()

    assert (short.status, added.status) == (409, 200)
    assert (one["readings"] > 0, paired) == (is_read, [is_read])

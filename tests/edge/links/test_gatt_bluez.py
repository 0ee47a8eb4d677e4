"""The production path: bleak's own BlueZ backend against ``org.bluez`` on a private bus, real GATT behind it."""

import asyncio
import json

import pytest

from edge.drivers.keeler.driver import Driver as Keeler
from edge.links import LinkLost, LinkRefused, gatt, open_link, radio
from firmware_sim.gatt import Cuff, GlucoseMeter
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral
from firmware_sim.gatt.uart import RadioWire
from firmware_sim.keeler import TonoCare
from protocols.framing import Transmission
from protocols.gatt.block import parsed
from protocols.readings import to_json
from tests.edge.links.bluez import bluez_over, needs_bus
from tests.witnesses import holds

pytestmark = needs_bus
THERE = "C0:00:00:00:00:02"


@pytest.fixture
async def ether(tmp_path, monkeypatch):
    monkeypatch.setattr(gatt, "PAUSE_S", 0.05)
    ether = Ether()
    host = ether.station("gateway", "C0:00:00:00:00:01")
    await host.power_on()
    async with bluez_over(host, tmp_path, monkeypatch) as ether.adapter:
        yield ether
    await host.power_off()


async def health(ether, kind, **options):
    wire = Peripheral(ether.station(kind.name, THERE), kind.profile, **options)
    instrument = kind(wire, seed=1)
    await wire.switch_on(instrument.about())
    return wire, instrument


async def take(link, count=1):
    got = []
    async with asyncio.timeout(15):
        while len(got) < count:
            got.append(await anext(aiter(link)))
    return got


@pytest.mark.edge("EDGE-377", "Over BlueZ a cuff is bonded, asked who it is, and its measurement heard byte for byte.")
async def test_a_cuff_over_bluez(ether, tmp_path):
    wire, cuff = await health(ether, Cuff, bonded=True)
    link = await open_link(f"ble://{THERE}?profile=blood_pressure", data=tmp_path)
    await cuff.measure()
    printed = await cuff.print()

    assert await take(link) == [printed.raw]
    [device] = ether.adapter.devices.values()
    assert device._paired
    await cuff.measure()
    again = await cuff.print()
    assert await take(link) == [again.raw]
    await link.aclose()
    await wire.aclose()


async def test_a_meters_stored_records_over_bluez(ether, tmp_path):
    wire, meter = await health(ether, GlucoseMeter, keeps=True)
    for _ in range(5):
        await meter.measure()
        await meter.print()
    link = await open_link(f"ble://{THERE}?profile=glucose", data=tmp_path)

    told = [parsed(raw) for raw in await take(link, 5)]
    assert [block.of("2A18")[1] for block in told] == [1, 2, 3, 4, 5]
    assert all(block.of("2A34") for block in told)
    await link.aclose()
    await wire.aclose()


@pytest.mark.edge(
    "EDGE-378", "An instrument that speaks a serial dialect over Bluetooth is heard by the driver it has on a cable."
)
@pytest.mark.parametrize("service", ["nus", "ffe0", "fff0"])
async def test_a_tonometer_with_a_serial_module(ether, service):
    wire = RadioWire(ether.station("TonoCare", THERE), service)
    await wire.switch_on()
    link = await open_link(f"ble-serial://{THERE}?service={service}")
    events, heard = [], asyncio.Event()

    async def emit(event):
        events.append(event)
        heard.set()

    running = asyncio.create_task(Keeler({}).run(link, emit))
    await wire.listened()
    tonometer = TonoCare(wire, seed=4)
    await tonometer.measure()
    printed = await tonometer.print()
    await asyncio.wait_for(heard.wait(), 15)

    assert isinstance(events[0], Transmission)
    assert holds(json.loads(to_json(events[0].readings[0])), printed.shown[0])
    await link.aclose()
    await running
    await wire.aclose()


async def test_a_serial_module_both_ways_and_a_battery_pulled(ether):
    wire = RadioWire(ether.station("module", THERE), piece=7)
    await wire.switch_on()
    link = await open_link(f"ble-serial://{THERE}")
    long = bytes(range(256)) * 4
    await wire.listened()
    await link.write(long)
    heard = b""
    async with asyncio.timeout(10):
        while len(heard) < len(long):
            heard += await anext(aiter(wire))
    await wire.write(long)
    told = b""
    async with asyncio.timeout(10):
        while len(told) < len(long):
            told += await anext(aiter(link))
    assert (heard, told) == (long, long)

    await wire.hang_up()
    async with asyncio.timeout(10):
        assert [chunk async for chunk in link] == []
    with pytest.raises(LinkLost):
        await link.write(b"x")
    await link.aclose()
    again = await open_link(f"ble-serial://{THERE}")
    await again.aclose()
    await wire.aclose()


async def test_a_device_that_is_not_there_is_named(ether, monkeypatch):
    monkeypatch.setattr("edge.links.gatt_serial.NEAR_S", 0.2)
    with pytest.raises(LinkRefused, match=f"The Bluetooth device {THERE} is not heard"):
        await open_link(f"ble-serial://{THERE}")


async def test_a_device_without_such_a_stream_is_named(ether):
    wire = RadioWire(ether.station("module", THERE), "ffe0")
    await wire.switch_on()
    with pytest.raises(LinkRefused, match="has no serial stream 'nus'") as refusal:
        await open_link(f"ble-serial://{THERE}")
    assert refusal.value.lasting
    await wire.aclose()


@pytest.mark.edge(
    "EDGE-379", "A Bluetooth adapter that is off, or goes, is said in plain words; the instrument comes back."
)
async def test_an_adapter_that_is_switched_off_and_on(ether, tmp_path, monkeypatch):
    ether.adapter.power(False)
    await asyncio.sleep(0.1)
    with pytest.raises(LinkRefused, match="switched off"):
        await open_link(f"ble://{THERE}?profile=blood_pressure", data=tmp_path)
    ether.adapter.power(True)
    await asyncio.sleep(0.1)

    monkeypatch.setattr(radio, "RESCAN_S", 0.2)
    link = await open_link(f"ble://{THERE}?profile=blood_pressure", data=tmp_path)
    ether.adapter.power(False)
    with pytest.raises(LinkLost, match="switched off"):
        await take(link)
    await link.aclose()
    ether.adapter.power(True)
    await asyncio.sleep(0.1)
    back = await open_link(f"ble://{THERE}?profile=blood_pressure", data=tmp_path)
    await back.aclose()


async def test_a_machine_without_bluetooth_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    with pytest.raises(LinkRefused, match=r"not installed or not running.*apt install bluez"):
        await open_link(f"ble://{THERE}?profile=weight", data=tmp_path)

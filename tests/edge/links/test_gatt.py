"""A Bluetooth health link over real GATT, in one process: bleak on a bumble host, bumble peripherals, no radio."""

import asyncio
import json
from datetime import datetime

import pytest

from edge.drivers.gatt_health.driver import Driver
from edge.links import gatt, gatt_session
from edge.links.base import LinkLost, LinkRefused
from edge.links.gatt import open_gatt
from edge.links.measured import Measured
from firmware_sim.gatt import INSTRUMENTS, Cuff, GlucoseMeter
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral
from protocols.framing import Transmission
from protocols.gatt.block import parsed
from protocols.gatt.sameness import record
from protocols.readings import to_json
from tests.edge.links.bumble_backend import over
from tests.witnesses import holds

THERE, HERE = "C0:00:00:00:00:02", "C0:00:00:00:00:01"


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(gatt, "PAUSE_S", 0.05)
    monkeypatch.setattr(gatt_session, "QUIET_S", 0.5)


class Room:
    """A host of ours, a device of theirs."""

    def __init__(self, tmp_path):
        self.ether, self.data = Ether(), tmp_path
        self.host = self.ether.station("gateway", HERE)
        self.radio = over(self.host)

    async def device(self, kind, **options):
        self.wire = Peripheral(self.ether.station(kind.name, THERE), kind.profile, **options)
        self.instrument = kind(self.wire, seed=1)
        await self.wire.switch_on(self.instrument.about())
        return self.instrument

    async def link(self, profile, more=""):
        return await open_gatt(f"ble://{THERE}?profile={profile}{more}", self.data, self.radio)

    async def measured(self):
        await self.instrument.measure()
        return await self.instrument.print()


@pytest.fixture
async def room(tmp_path):
    room = Room(tmp_path)
    await room.host.power_on()
    yield room
    await room.wire.aclose()
    await room.host.power_off()


async def take(link, count=1):
    return [await asyncio.wait_for(anext(aiter(link)), 10) for _ in range(count)]


async def nothing_more(link, seconds=1.0):
    try:
        return await asyncio.wait_for(anext(aiter(link)), seconds)
    except TimeoutError:
        return None


@pytest.mark.parametrize("kind", INSTRUMENTS.values(), ids=INSTRUMENTS)
@pytest.mark.edge(
    "EDGE-373",
    "A Bluetooth cuff, glucose meter, scale, thermometer or oximeter is heard as it measured, whoever it is.",
)
async def test_what_a_device_shows_is_heard(room, kind):
    await room.device(kind)
    link = await room.link(kind.profile)
    printed = await room.measured()
    events, heard = [], asyncio.Event()

    async def emit(event):
        events.append(event)
        heard.set()

    running = asyncio.create_task(Driver({}).run(link, emit))
    await asyncio.wait_for(heard.wait(), 10)
    await link.aclose()
    await running

    [event] = events
    assert isinstance(event, Transmission)
    assert event.raw == printed.raw
    assert holds(json.loads(to_json(event.readings[0])), printed.shown[0])


@pytest.mark.edge(
    "EDGE-374", "What a device stored and tells at every connection is one reading each, over restarts of the gateway."
)
async def test_a_burst_of_stored_measurements_is_told_once(room):
    await room.device(Cuff, keeps=True)
    link = await room.link("blood_pressure")
    first = await room.measured()
    assert await take(link) == [first.raw]
    room.instrument._clock = lambda: datetime(2026, 3, 4, 10, 0)
    second = await room.measured()
    assert await take(link) == [second.raw]
    await nothing_more(link, 0.1)  # asked for the next: the second is on disk
    await link.aclose()

    link = await room.link("blood_pressure")
    await room.wire.wake()
    assert await nothing_more(link) is None
    await link.aclose()
    assert room.wire.taken >= 4


async def test_killed_before_the_disk_a_measurement_is_told_again(room):
    await room.device(Cuff, keeps=True)
    link = await room.link("blood_pressure")
    printed = await room.measured()
    assert await take(link) == [printed.raw]  # never asked for the next
    await link.aclose()

    link = await room.link("blood_pressure")
    await room.wire.wake()
    assert await take(link) == [printed.raw]
    await link.aclose()


@pytest.mark.edge(
    "EDGE-375", "A glucose meter's records are fetched from the last one on disk; a meter that counts anew too."
)
async def test_a_meters_records_are_fetched_from_the_last_on(room):
    await room.device(GlucoseMeter, keeps=True)
    for _ in range(3):
        await room.measured()
    link = await room.link("glucose")
    raws = await take(link, 3)
    assert [record(parsed(raw)) for raw in raws] == [1, 2, 3]
    assert await nothing_more(link, 0.2) is None
    await link.aclose()
    before = room.wire.taken

    await room.measured()
    link = await room.link("glucose")
    assert [record(parsed(raw)) for raw in await take(link)] == [4]
    assert await nothing_more(link, 0.1) is None
    await link.aclose()
    assert room.wire.taken == before + 1

    room.wire.stored.clear()
    room.instrument._number = 0
    await room.measured()
    link = await room.link("glucose")
    assert [record(parsed(raw)) for raw in await take(link)] == [1]
    await link.aclose()


@pytest.mark.edge(
    "EDGE-376", "A device's clock is set after bonding, by a gateway whose own clock is vouched for, else never."
)
@pytest.mark.parametrize("vouched", [True, False])
async def test_a_bonded_devices_clock_is_set(room, monkeypatch, vouched):
    now = datetime(2026, 11, 22, 12, 0)
    monkeypatch.setattr(gatt_session, "store_time", lambda: now if vouched else None)
    await room.device(Cuff, bonded=True)
    link = await room.link("blood_pressure")
    await room.measured()
    await take(link)
    await link.aclose()

    assert room.wire.clock == (bytes.fromhex("EA070B160C0000070001") if vouched else None)


async def test_a_stranger_does_not_set_a_clock_and_is_heard_all_the_same(room, monkeypatch):
    monkeypatch.setattr(gatt_session, "store_time", lambda: datetime(2026, 11, 22, 12, 0))
    await room.device(Cuff, bonded=True)
    link = await room.link("blood_pressure", "&bond=no")
    printed = await room.measured()
    assert await take(link) == [printed.raw]
    await link.aclose()

    assert room.wire.clock is None


async def test_a_device_that_refuses_to_bond_is_told_of_and_heard_without(room):
    await room.device(Cuff, refuses=True)
    link = await room.link("blood_pressure")
    printed = await room.measured()
    with pytest.raises(LinkLost, match="the device is near, but"):
        await take(link)
    await link.aclose()

    link = await room.link("blood_pressure", "&bond=no")
    await room.wire.wake()
    assert await take(link) == [printed.raw]
    await link.aclose()


async def test_who_a_device_is_is_asked_once(room):
    await room.device(Cuff)
    link = await room.link("blood_pressure")
    asked = []
    for one in room.wire._device.gatt_server.attributes:
        if getattr(one, "type", None) and one.type.to_hex_str() == "2A29":
            one.on("read", lambda *_: asked.append(1))
    await room.measured()
    await take(link)
    room.instrument._clock = lambda: datetime(2026, 3, 4, 10, 0)
    await room.measured()
    await take(link)
    await link.aclose()

    assert (asked, room.wire.connections) == ([1], 2)


async def test_a_device_without_the_profile_is_told_of_after_three_attempts(room):
    await room.device(Cuff)
    room.radio = over(room.host)
    link = await open_gatt(f"ble://{THERE}?profile=blood_pressure", room.data, room.radio)
    link._where = link._where.__class__("ble", THERE, "weight", None, False)
    for _ in range(3):
        await room.wire.wake()
        await asyncio.sleep(0.5)

    with pytest.raises(LinkLost, match="has no weight service"):
        while True:
            await room.wire.wake()
            await asyncio.wait_for(anext(aiter(link)), 10)
    await link.aclose()


async def test_several_devices_share_one_adapter_and_one_scan(room):
    await room.device(Cuff)
    other = Peripheral(room.ether.station("scale", "C0:00:00:00:00:03"), "weight")
    scale = INSTRUMENTS["ble-scale"](other, seed=2)
    await other.switch_on(scale.about())
    links = [
        await room.link("blood_pressure"),
        await open_gatt("ble://C0:00:00:00:00:03?profile=weight", room.data, room.radio),
    ]
    await scale.measure()
    pressed, weighed = await asyncio.gather(room.measured(), scale.print())

    assert await asyncio.gather(*map(take, links)) == [[pressed.raw], [weighed.raw]]
    assert room.host.at_once == 1
    for link in links:
        await link.aclose()
    await other.aclose()


async def test_a_folder_that_cannot_be_written_is_refused(room):
    await room.device(Cuff)
    (room.data / "bluetooth").write_text("in the way")

    with pytest.raises(LinkRefused, match="cannot be remembered"):
        await room.link("blood_pressure")


def test_what_was_measured_is_remembered_and_torn_lines_are_not(tmp_path):
    one, two = "1" * 64, "2" * 64
    memory = Measured(tmp_path / "a" / "x.measured")
    memory.add(one, 7)
    memory.add(two, None)
    with (tmp_path / "a" / "x.measured").open("a") as file:
        file.write("\n" + "3" * 64 + " 1")

    again = Measured(tmp_path / "a" / "x.measured")
    assert (one in again, two in again, "3" * 64 in again, again.last) == (True, True, False, 7)


def test_the_memory_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.links.measured.MOST", 10)
    memory = Measured(tmp_path / "x.measured")
    for number in range(50):
        memory.add(f"{number:064}", number)

    again = Measured(tmp_path / "x.measured")
    assert (f"{49:064}" in again, f"{30:064}" in again, again.last) == (True, False, 49)
    assert len((tmp_path / "x.measured").read_text().split()) == 30

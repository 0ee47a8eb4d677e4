import asyncio

import pytest

from edge.alarms import Alarms
from edge.clock import Clock
from edge.links import LinkLost, LinkRefused, open_link, usb_bus
from edge.links.usb_address import UsbAddress
from edge.links.usb_pipe import open_usb
from edge.outbox import Outbox
from edge.supervisor import InstrumentSettings, Notebook, Supervisor
from edge.supervisor.families import fit
from edge.tasks import stop
from firmware_sim.keeler import TonoCare
from firmware_sim.usb import Bridge, Bus, FootSwitch
from firmware_sim.usb.foot_switch import DOWN, UP
from protocols.readings import from_json

BRIDGE = "usb-bulk://1209:0001:SIM0001"
SWITCH = "usb-hid://0c45:7403"


async def bridged(**given):
    bus, bridge = Bus(), Bridge(**given)
    bus.plug(bridge)
    return bus, bridge


async def read(link, seconds=5):
    return await asyncio.wait_for(anext(aiter(link)), seconds)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("usb-bulk://1209:0001:SIM0001", UsbAddress("bulk", 0x1209, 1, "SIM0001")),
        ("usb-hid://0C45:7403", UsbAddress("hid", 0x0C45, 0x7403)),
        ("USB-HID://0c45:7403?interface=1", UsbAddress("hid", 0x0C45, 0x7403, None, 1)),
    ],
)
def test_an_address_says_who_is_meant(url, meant):
    assert UsbAddress.of(url) == meant


@pytest.mark.parametrize("url", ["usb-bulk://1209", "usb-hid://xyz:0001", "usb-hid://0c45:7403?port=1", "usb-bulk:1:2"])
def test_what_is_no_address_is_refused_for_good(url):
    with pytest.raises(LinkRefused) as refused:
        UsbAddress.of(url)

    assert refused.value.lasting


async def test_bytes_travel_both_ways_and_in_order():
    bus, bridge = await bridged()
    link = await open_usb(BRIDGE, bus)
    said = bytes(range(150))

    await bridge.wire.write(said)
    heard = b""
    while len(heard) < len(said):
        heard += await read(link)
    await link.write(b"hello")

    assert heard == said
    assert await read(bridge.wire) == b"hello"
    await link.aclose()


async def test_a_wait_given_up_loses_no_byte():
    bus, bridge = await bridged()
    link = await open_usb(BRIDGE, bus)
    with pytest.raises(TimeoutError):
        await read(link, 0.05)

    await bridge.wire.write(b"late")

    assert await read(link) == b"late"
    await link.aclose()


@pytest.mark.edge(
    "EDGE-385", "A USB instrument that is pulled out is a lost link, and is taken up again where it is back."
)
async def test_a_pulled_plug_is_a_lost_link_and_a_new_one_works():
    bus, bridge = await bridged()
    link = await open_usb(BRIDGE, bus)

    bus.unplug(bridge)
    with pytest.raises(LinkLost, match="pulled out"):
        await read(link)
    with pytest.raises(LinkLost):
        await link.write(b"anybody?")
    await link.aclose()
    with pytest.raises(LinkRefused) as refused:
        await open_usb(BRIDGE, bus)
    bus.plug(bridge)
    again = await open_usb(BRIDGE, bus)
    await bridge.wire.write(b"back")

    assert not refused.value.lasting
    assert await read(again) == b"back"
    await again.aclose()


async def test_an_instrument_that_takes_no_data_is_a_lost_link():
    bus, bridge = await bridged()
    link = await open_usb(BRIDGE, bus)
    bridge.mute = True

    with pytest.raises(LinkLost, match="took no data"):
        await link.write(b"hello")

    await link.aclose()


async def test_closing_twice_is_as_good_as_once_and_ends_the_reading():
    bus, bridge = await bridged()
    link = await open_usb(BRIDGE, bus)

    await link.aclose()
    await link.aclose()

    assert [chunk async for chunk in link] == []
    assert bridge.claimed == set()


@pytest.mark.edge("EDGE-386", "A foot switch types no letters: its keyboard is taken from the kernel, and given back.")
async def test_a_foot_switch_is_taken_from_the_kernel_and_given_back():
    bus, switch = Bus(), FootSwitch()
    bus.plug(switch)
    link = await open_usb(SWITCH, bus)
    taken = set(switch.kernel_has)

    switch.down()
    switch.up()
    reports = [await read(link), await read(link)]
    await link.aclose()

    assert taken == {0}  # the mouse stays; the keyboard is interface 1
    assert reports == [DOWN, UP]
    assert switch.kernel_has == {0, 1}


async def test_a_switch_that_only_speaks_takes_no_orders():
    bus, switch = Bus(), FootSwitch()
    bus.plug(switch)
    link = await open_usb(SWITCH, bus)

    with pytest.raises(LinkLost, match="listens"):
        await link.write(b"x")

    await link.aclose()


async def test_what_may_not_be_opened_says_what_to_do():
    bus, _ = await bridged()
    bus.forbidden = True

    with pytest.raises(LinkRefused, match="udev rule") as refused:
        await open_usb(BRIDGE, bus)

    assert refused.value.lasting


async def test_what_somebody_else_holds_is_busy():
    bus, bridge = await bridged()
    bridge.claimed.add(0)

    with pytest.raises(LinkRefused, match="Another program"):
        await open_usb(BRIDGE, bus)


async def test_twins_are_told_apart_by_their_serial_number_or_not_at_all():
    bus, _ = await bridged()
    bus.plug(Bridge("SIM0002"))

    with pytest.raises(LinkRefused, match="2 USB instruments"):
        await open_usb("usb-bulk://1209:0001", bus)
    link = await open_usb("usb-bulk://1209:0001:SIM0002", bus)

    await link.aclose()
    assert bus.forbidden is False


async def test_the_wrong_kind_of_endpoint_is_refused():
    bus, _ = await bridged()

    with pytest.raises(LinkRefused, match="no hid endpoint"):
        await open_usb("usb-hid://1209:0001", bus)


@pytest.mark.edge(
    "EDGE-448",
    "A USB instrument that is pulled out and plugged in again, at another port too, is read on without a restart.",
)
async def test_an_instrument_is_found_again_at_another_port_without_a_restart(tmp_path, monkeypatch):
    bus, bridge = Bus(), Bridge(serial=None)
    neighbour = FootSwitch()
    bus.plug(neighbour, port=1)
    monkeypatch.setattr(usb_bus, "backend", lambda: bus)
    outbox = await Outbox.open(tmp_path / "outbox.db", boot="boot")
    settings = InstrumentSettings(name="tono-1", family="keeler", model="TonoCare", url="usb-bulk://1209:0001")
    supervisor = Supervisor([settings], fit, Notebook(outbox, Clock(), Alarms(), lambda: None), open_link)
    running = asyncio.create_task(supervisor.run())
    instrument = TonoCare(bridge.wire, seed="usb")
    [keeper] = supervisor.keepers
    told, places = [], []

    async def becomes(state):
        async with asyncio.timeout(20):
            while keeper.state != state:  # noqa: ASYNC110 - the keeper rings no bell
                await asyncio.sleep(0.02)

    try:
        await becomes("lost")  # it was not there when the gateway began
        for port in (2, 2, 7):
            bus.plug(bridge, port)
            await becomes("connected")
            before = keeper.readings
            await instrument.measure()
            told.append((await instrument.print()).sent)
            async with asyncio.timeout(20):
                while keeper.readings == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            places.append((bridge.port, bridge.address))
            bus.unplug(bridge)
            await becomes("lost")
    finally:
        await stop(running)
        await outbox.aclose()

    assert told == [True, True, True]
    assert [port for port, _ in places] == [2, 2, 7]
    assert len({address for _, address in places}) == 3


@pytest.mark.edge(
    "EDGE-387", "What an instrument says over USB bulk endpoints becomes the same readings as over a serial line."
)
async def test_a_dialect_travels_over_bulk_endpoints_into_the_outbox(tmp_path, monkeypatch):
    bus, bridge = await bridged()
    monkeypatch.setattr(usb_bus, "backend", lambda: bus)
    outbox = await Outbox.open(tmp_path / "outbox.db", boot="boot")
    settings = InstrumentSettings(name="tono-1", family="keeler", model="TonoCare", url=BRIDGE, lane="Lane 1")
    notebook = Notebook(outbox, Clock(), Alarms(), lambda: None)
    supervisor = Supervisor([settings], fit, notebook, open_link)
    running = asyncio.create_task(supervisor.run())
    instrument = TonoCare(bridge.wire, seed="usb")
    try:
        async with asyncio.timeout(10):
            while supervisor.keepers[0].state != "connected":  # noqa: ASYNC110 - the keeper rings no bell
                await asyncio.sleep(0.02)
            await instrument.measure()
            printed = await instrument.print()
            while not (rows := [row for row in await outbox.page(0) if row.kind == "reading"]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await stop(running)
        await outbox.aclose()

    assert printed.sent
    assert [from_json(row.body).instrument.dialect for row in rows] == ["keeler"] * len(rows)

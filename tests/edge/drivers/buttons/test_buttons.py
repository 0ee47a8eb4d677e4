"""Boxes with push buttons on ptys, and a Modbus module of another's making: one press, one event."""

import asyncio
from types import SimpleNamespace

import pytest
from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from edge.drivers.buttons import presses
from edge.supervisor import InstrumentSettings, Misfit, Notebook, Supervisor
from edge.supervisor.families import fit
from edge.tasks import stop
from firmware_sim.callers import Inputs, Pad
from firmware_sim.wires.pty import open_pty

KEYS = {"31": "next:room-3", "32": "repeat:room-3"}


class Desk:
    """A supervisor with one box, and what its notebook was told."""

    def __init__(self, url, model="pad", **settings):
        self.pressed, self.states = [], []
        box = InstrumentSettings("box", "buttons", url, model=model, settings=settings)
        notebook = SimpleNamespace(now=lambda: SimpleNamespace(ts_gw="-"), press=self._press, tell=self._tell)
        self.supervisor = Supervisor([box], fit, notebook)

    async def _press(self, pressed, dev):
        self.pressed.append(pressed)

    async def _tell(self, dev, before, state, why):
        self.states.append((state, why))

    async def __aenter__(self):
        self._task = asyncio.ensure_future(self.supervisor.run())
        await until(lambda: self.supervisor.keepers[0]._driver is not None)
        return self

    async def __aexit__(self, *_):
        await stop(self._task)

    @property
    def keys(self):
        return [one.key for one in self.pressed]


async def until(condition, seconds=8):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
async def wire():
    wire = await open_pty()
    yield wire
    await wire.aclose()


@pytest.fixture
async def inputs(wire):
    module = Inputs(wire, unit=3)
    task = asyncio.ensure_future(module.run())
    yield module
    await stop(task)


async def test_a_key_of_a_pad_is_told_by_what_it_means(wire):
    async with Desk(str(wire.path), keys=KEYS) as desk:
        for key in b"1x2":
            await Pad(wire).press(key)
        await until(lambda: len(desk.pressed) == 2)
    assert desk.keys == ["next:room-3", "repeat:room-3"]
    assert len({one.press for one in desk.pressed}) == 2


@pytest.mark.edge("EDGE-484", "Presses of one button within a second are one press.")
async def test_presses_within_a_second_are_one(wire, monkeypatch):
    async with Desk(str(wire.path), keys=KEYS) as desk:
        pad = Pad(wire, bounces=4)
        for _ in range(3):
            await pad.press(0x31)
            await asyncio.sleep(0.1)
        assert desk.keys == ["next:room-3"]
        await asyncio.sleep(presses.QUIET_S)
        await pad.press(0x31)
        await until(lambda: len(desk.pressed) == 2)


async def test_a_contact_that_closes_is_one_press_however_long_it_is_held(wire, inputs):
    async with Desk(str(wire.path), "inputs", keys={"0": "next:room-1", "9": "next:room-2"}, unit=3) as desk:
        await until(lambda: inputs.asked >= 2)
        inputs.closed.add(9)
        await until(lambda: desk.keys == ["next:room-2"])
        await asyncio.sleep(1.2)
        assert desk.keys == ["next:room-2"]
        inputs.closed.clear()
        await asyncio.sleep(0.3)
        inputs.closed.add(9)
        await until(lambda: len(desk.pressed) == 2)


async def test_a_contact_that_is_closed_when_we_come_is_no_press(wire, inputs):
    inputs.closed.add(0)
    async with Desk(str(wire.path), "inputs", keys={"0": "next:room-1"}, unit=3) as desk:
        await until(lambda: inputs.asked >= 3)
        assert desk.pressed == []


async def test_a_module_that_does_not_answer_is_lost_with_what_to_check(wire, monkeypatch):
    monkeypatch.setattr("edge.drivers.buttons.inputs.ANSWER_S", 0.05)
    async with Desk(str(wire.path), "inputs", keys={"0": "next"}) as desk:
        await until(lambda: any(state == "lost" for state, _ in desk.states))
    assert "unit 1 does not answer; check its power" in dict(desk.states)["lost"]


async def test_a_module_of_anothers_making_is_read(unused_tcp_port):
    contacts = [SimData(0, count=16, values=False, datatype=DataType.BITS)]
    empty = [SimData(0, count=1, values=0, datatype=DataType.REGISTERS)]
    device = SimDevice(id=1, simdata=(contacts, contacts, empty, empty))
    server = ModbusTcpServer(device, framer=FramerType.RTU, address=("127.0.0.1", unused_tcp_port))
    await server.serve_forever(background=True)
    try:
        async with Desk(f"socket://127.0.0.1:{unused_tcp_port}", "inputs", keys={"2": "next:room-1"}) as desk:
            await asyncio.sleep(0.4)
            await server.async_setValues(1, 2, 2, [True])
            await until(lambda: desk.keys)
            assert desk.keys == ["next:room-1"]
    finally:
        await server.shutdown()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("model", "settings", "words"),
    [
        ("box", {"keys": KEYS}, 'write model = "pad" or model = "inputs"'),
        ("pad", {}, "keys is missing"),
        ("pad", {"keys": {"zz": "next"}}, "do not fit the driver buttons"),
        ("pad", {"keys": {"131": "next"}}, "keys are from 0 to ff"),
        ("inputs", {"keys": {"0": "next"}, "unit": 0}, "unit is a whole number from 1 to 247"),
    ],
)
def test_settings_that_fit_no_box_are_refused(model, settings, words):
    with pytest.raises(Misfit, match=words):
        fit(InstrumentSettings("box", "buttons", "/dev/x", model=model, settings=settings))


async def test_a_press_goes_up_as_an_event_with_its_key_and_an_id_of_its_own():
    posted = []

    async def post(cls, body):
        posted.append((cls, body))

    clock = SimpleNamespace(now=lambda: SimpleNamespace(ts_gw="2026-11-23T08:00:00.000Z"))
    notebook = Notebook(SimpleNamespace(post=post), clock, None, lambda: None)
    await notebook.press(presses.Pressed("next:room-3", "p1"), "box")

    ((cls, body),) = posted
    assert cls == "event" and b'"code":"button_pressed"' in body
    assert b'"data":{"key":"next:room-3","press":"p1"}' in body and b'"dev":"box"' in body

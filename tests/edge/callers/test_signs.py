"""Displays and signs on ptys, a numeric display that answers, and one of another's making."""

import asyncio
import contextlib

import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.edge.callers.store import called, said, until


async def test_a_customer_display_shows_ticket_and_room_on_its_upper_line(store):
    display = await store.display("till", "cd5220")
    async with store.open() as callers:
        assert (await said(callers, called()))[-1] == {"till": ("shown", "")}
    await until(lambda: display.heard.count(b"\r") == 2)
    assert bytes(display.heard) == (
        b"\x1b@\x1b_\x00\x0c" + b"\x1bQA" + b"A012 -> 3".ljust(20) + b"\r" + b"\x1bQB" + b"Room 3".ljust(20) + b"\r"
    )


async def test_a_display_behind_a_printer_is_chosen_and_the_printer_given_back(store):
    display = await store.display("till", "cd5220", behind_printer=True)
    async with store.open() as callers:
        await said(callers, called())
    await until(lambda: display.heard.endswith(b"\x1b=\x01"))
    assert display.heard.startswith(b"\x1b=\x02\x1b@")


async def test_a_sign_shows_the_call_in_its_string_file(store):
    display = await store.display("sign", "alpha", label="2", address="05")
    async with store.open() as callers:
        assert (await said(callers, called()))[-1] == {"sign": ("shown", "")}
    await until(lambda: display.heard.endswith(b"\x04"))
    body = b"\x02G2A012 -> 3\x03"
    assert bytes(display.heard) == bytes(5) + b"\x01Z05" + body + f"{sum(body):04X}".encode() + b"\x04"


async def test_a_place_without_a_number_is_shown_as_far_as_the_letters_go(store):
    display = await store.display("till", "cd5220")
    async with store.open() as callers:
        await said(callers, called(room=None, place={"zh": "收银台", "en": "Cashier"}))
    await until(lambda: display.heard.count(b"\r") == 2)
    assert b"A012 -> Cashier" in display.heard


async def test_a_ticket_that_a_display_has_no_letters_for_says_so(store):
    display = await store.display("till", "cd5220")
    async with store.open() as callers:
        ((state, why),) = (await said(callers, called(ticket="验012")))[-1].values()
    assert state == "failed" and "letters of ASCII alone" in why and "验" not in why
    assert not display.heard


@pytest.mark.parametrize(
    ("form", "registers"), [("binary", {7: 12}), ("bcd", {7: 0x12}), ("ascii", {7: 32, 8: 49, 9: 50})]
)
async def test_a_numeric_display_shows_the_number_and_confirms_it(store, form, registers):
    display = await store.numbers("door", unit=4, base=7, form=form)
    display.unit = 4
    async with store.open() as callers:
        assert (await said(callers, called()))[-1] == {"door": ("shown", "")}
    assert display.registers == registers


async def test_a_numeric_display_that_refuses_or_is_not_there_says_what_to_check(store):
    display = await store.numbers("door")
    display.refuses = 2
    async with store.open() as callers:
        ((_, refused),) = (await said(callers, called()))[-1].values()
        display.refuses, display.unit = 0, 9
        ((_, silent),) = (await said(callers, called(turn=2)))[-1].values()
    assert "Check base, function and form" in refused
    assert "Check its power, its unit number and both wires" in silent


async def test_two_displays_on_one_line_speak_in_turn(store):
    first = await store.numbers("door-1", unit=1)
    store.caller("door-2", "modbus", url=f"serial://{first.wire.path}", base=5, digits=3, unit=1)
    async with store.open() as callers:
        assert {state for state, _ in (await said(callers, called()))[-1].values()} == {"shown"}
    assert first.registers == {0: 12, 5: 12}


@contextlib.asynccontextmanager
async def strangers_display(port):
    """pymodbus as a display behind a serial server: RTU frames over TCP."""
    device = SimDevice(id=1, simdata=[SimData(0, count=20, values=0, datatype=DataType.REGISTERS)])
    server = ModbusTcpServer(device, framer=FramerType.RTU, address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    reader = AsyncModbusTcpClient("127.0.0.1", port=port, framer=FramerType.RTU)
    await reader.connect()
    try:
        yield reader
    finally:
        reader.close()
        await server.shutdown()
        await asyncio.sleep(0.05)  # pymodbus ends its own tasks a moment later


@pytest.mark.parametrize("function", [6, 16])
async def test_a_display_of_anothers_making_shows_what_we_write(store, unused_tcp_port, function):
    url = f"tcp://127.0.0.1:{unused_tcp_port}"
    store.caller("door", "modbus", url=url, base=3, digits=3, function=function)
    async with strangers_display(unused_tcp_port) as reader, store.open() as callers:
        assert (await said(callers, called()))[-1] == {"door": ("shown", "")}
        assert (await reader.read_holding_registers(2, count=3)).registers == [0, 12, 0]

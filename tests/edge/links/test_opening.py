import asyncio
import dataclasses
import os
import socket

import pytest
import serial

from edge.config import LINE
from edge.links import LineSettings, LinkRefused, open_link
from edge.links.serial_port import dress, refused
from tests.edge.links.wires import PtyFar


@pytest.fixture
def far():
    far = PtyFar()
    yield far
    far.close()


@pytest.mark.parametrize(
    "url", ["telnet://host:1", "socket://host", "socket://host:99999", "socket://:23", "", "host:23"]
)
async def test_an_address_nobody_can_open_is_refused_with_an_example(url):
    with pytest.raises(LinkRefused, match="Write /dev/serial") as refusal:
        await open_link(url)
    assert refusal.value.lasting


async def test_a_missing_port_says_so_and_lists_what_is_there():
    with pytest.raises(LinkRefused, match=r"There is no port /dev/ttyNONE.*Ports here now"):
        await open_link("/dev/ttyNONE")


async def test_a_pty_opens_again_with_the_parity_of_a_real_line(far):
    for _ in range(3):
        link = await open_link(far.path, LineSettings(bits=7, parity="even"))
        await far.write(b"A")
        assert await asyncio.wait_for(anext(aiter(link)), 2) == b"A"
        await link.aclose()


async def test_a_port_in_use_is_never_shared(far):
    first = await open_link(far.path)
    with pytest.raises(LinkRefused, match="in use by another program"):
        await open_link(far.path)
    await first.aclose()

    await (await open_link(far.path)).aclose()


async def test_a_forbidden_port_names_the_group_to_join():
    assert "dialout" in str(refused("/dev/ttyS0", PermissionError(13, "no")))


async def test_a_device_server_that_refuses_is_told_apart_from_one_that_is_away():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(LinkRefused, match="nothing listens on port"):
        await open_link(f"socket://127.0.0.1:{port}")
    with pytest.raises(LinkRefused, match=r"not known on this network|cannot be reached"):
        await open_link("socket://no-such-host.invalid:23")


async def deaf(reader, writer):
    while await reader.read(100):
        pass
    writer.close()


async def test_plain_tcp_behind_an_rfc2217_address_is_named():
    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    with pytest.raises(LinkRefused, match="does not speak RFC 2217"):
        await open_link(f"rfc2217://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("parity", ["none", "even", "odd"])
@pytest.mark.parametrize("bits", [7, 8])
@pytest.mark.parametrize("baud", [1200, 9600, 115200])
async def test_every_usual_line_setting_opens(far, baud, bits, parity):
    line = LineSettings(baud=baud, bits=bits, parity=parity, stop=2, xonxoff=True)
    link = await open_link(far.path, line)
    await link.aclose()
    assert str(line).startswith(f"{baud} {bits}")


@pytest.mark.parametrize("parity", ["mark", "space"])
@pytest.mark.parametrize("stop", [1.5, 2])
async def test_every_unusual_line_setting_opens(far, parity, stop):
    line = LineSettings(1200, 5, parity, stop, rtscts=True, dsrdtr=True, xonxoff=True, dtr=False, rts=False)
    link = await open_link(far.path, line)
    await link.write(b"A")

    assert await asyncio.wait_for(far.read(1), 2) == b"A"
    await link.aclose()


def test_a_port_is_dressed_in_every_setting():
    line = LineSettings(1200, 7, "mark", 1.5, rtscts=True, dsrdtr=True, xonxoff=True, dtr=False, rts=False)
    port = serial.Serial()
    dress(port, line)

    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (1200, 7, "M", 1.5)
    assert (port.rtscts, port.dsrdtr, port.xonxoff, port.dtr, port.rts) == (True, True, True, False, False)


def test_the_configuration_reaches_every_setting():
    assert set(LINE) == {field.name for field in dataclasses.fields(LineSettings)}


@pytest.mark.edge(
    "EDGE-097",
    "An instrument that speaks faster than the gateway can store is held back, and nothing it said is lost.",
)
async def test_a_reader_that_falls_behind_stops_the_wire_instead_of_filling_memory(far, monkeypatch):
    monkeypatch.setattr("edge.links.inbox.HIGH", 4096)
    link = await open_link(far.path)
    os.set_blocking(far.fd, False)
    sent = 0
    for _ in range(400):
        try:
            sent += os.write(far.fd, b"x" * 1000)
        except BlockingIOError:
            await asyncio.sleep(0.001)
    assert link._inbox._size < 20_000

    got = 0
    while got < sent:
        got += len(await asyncio.wait_for(anext(aiter(link)), 2))
    await link.aclose()
    assert got == sent


async def test_a_device_file_is_opened_without_any_setting_of_a_line(far):
    link = await open_link(f"file://{far.path}")
    await link.write(b"ticket")
    assert await far.read(6) == b"ticket"
    await far.write(b"\x12")
    assert await asyncio.wait_for(anext(aiter(link)), 2) == b"\x12"
    await link.aclose()


async def test_a_file_that_is_no_device_is_never_written_to(tmp_path):
    (tmp_path / "notes").write_text("kept")
    with pytest.raises(LinkRefused, match=r"is no device. Write file:///dev/usb/lp0") as refusal:
        await open_link(f"file://{tmp_path}/notes")
    with pytest.raises(LinkRefused, match="is no device"):
        await open_link(f"file:///dev/..{tmp_path}/notes")
    with pytest.raises(LinkRefused, match="There is no device /dev/usb/lp99"):
        await open_link("file:///dev/usb/lp99")
    assert refusal.value.lasting and (tmp_path / "notes").read_text() == "kept"


async def test_all_that_was_written_arrives_though_the_link_is_closed_at_once():
    got = bytearray()

    async def slow(reader, writer):
        while piece := await reader.read(4096):
            got.extend(piece)
            await asyncio.sleep(0.001)
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    link = await open_link(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await link.write(bytes(400_000))
    await link.aclose()
    async with asyncio.timeout(10):
        while len(got) < 400_000:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    server.close()
    await server.wait_closed()

    assert got == bytes(400_000)

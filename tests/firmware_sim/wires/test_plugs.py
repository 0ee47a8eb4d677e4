"""Plugs that come out and go back in, and names that stay."""

import asyncio
import os

import pytest

from firmware_sim.wires import open_pty, open_tcp


async def test_a_pty_keeps_its_name_through_unplugging(tmp_path):
    wire = await open_pty(tmp_path / "ark")
    descriptor = os.open(wire.path, os.O_RDWR | os.O_NOCTTY)

    await wire.unplug()
    with pytest.raises(OSError, match="Input/output error"):
        os.write(descriptor, b"?")
    os.close(descriptor)
    assert not wire.path.is_symlink()
    await wire.write(b"nobody hears this")

    await wire.replug()
    descriptor = os.open(tmp_path / "ark", os.O_RDWR | os.O_NOCTTY)
    await wire.write(b"back")
    assert await asyncio.to_thread(os.read, descriptor, 10) == b"back"
    os.close(descriptor)
    await wire.aclose()
    assert not wire.path.is_symlink()


async def test_an_old_link_is_replaced_and_a_real_file_is_not(tmp_path):
    (tmp_path / "old").symlink_to("/dev/nowhere")
    (tmp_path / "letter").write_text("dear")
    wire = await open_pty(tmp_path / "old")
    await wire.aclose()

    with pytest.raises(FileExistsError):
        await open_pty(tmp_path / "letter")
    assert (tmp_path / "letter").read_text() == "dear"


async def test_an_instrument_nobody_listens_to_does_not_stand_still(monkeypatch):
    monkeypatch.setattr("firmware_sim.wires.pty.LISTENER_LATE", 0.05)
    wire = await open_pty()

    writing = asyncio.create_task(wire.write(b"x" * 200_000))
    done, _ = await asyncio.wait([writing], timeout=5)
    await wire.aclose()

    assert done == {writing}
    assert writing.exception() is None


async def test_a_tcp_port_is_the_same_after_replugging():
    wire = await open_tcp()
    reader, writer = await asyncio.open_connection(wire.host, wire.port)
    await wire.connected()
    port = wire.port

    await wire.unplug()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection(wire.host, port)

    await wire.replug()
    assert wire.port == port
    _, writer = await asyncio.open_connection(wire.host, port)
    writer.close()
    await writer.wait_closed()
    await wire.aclose()

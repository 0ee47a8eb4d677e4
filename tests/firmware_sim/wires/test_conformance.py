"""What every wire promises, over memory, a real kernel pty and real TCP."""

import asyncio
import os
import tty

import pytest

from firmware_sim.wires import null_modem, open_pty, open_tcp


class Far:
    """The far side: somebody else's program, reading and writing."""

    def __init__(self, read, write, close):
        self.read, self.write, self.close = read, write, close


async def memory():
    ours, theirs = null_modem()

    async def write(data):
        await theirs.write(data)

    async def close():
        pass

    return ours, Far(lambda: anext(aiter(theirs)), write, close)


async def pty():
    wire = await open_pty()
    descriptor = os.open(wire.path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor)

    async def read():
        return await asyncio.to_thread(os.read, descriptor, 4096)

    async def write(data):
        os.write(descriptor, data)

    async def close():
        os.close(descriptor)

    return wire, Far(read, write, close)


async def tcp():
    wire = await open_tcp()
    reader, writer = await asyncio.open_connection(wire.host, wire.port)
    await wire.connected()

    async def write(data):
        writer.write(data)
        await writer.drain()

    async def close():
        writer.close()
        await writer.wait_closed()

    return wire, Far(lambda: reader.read(4096), write, close)


@pytest.fixture(params=[memory, pty, tcp])
async def ends(request):
    wire, far = await request.param()
    yield wire, far
    await far.close()
    await wire.aclose()


async def collected(read, wanted):
    heard = b""
    while len(heard) < wanted:
        heard += await asyncio.wait_for(read(), 5)
    return heard


async def test_every_byte_value_arrives_whole_and_in_order(ends):
    wire, far = ends
    for byte in range(256):
        await wire.write(bytes([byte]))

    assert await collected(far.read, 256) == bytes(range(256))


async def test_the_instrument_hears_every_byte_value(ends):
    wire, far = ends
    await far.write(bytes(range(256)))

    assert await collected(lambda: anext(aiter(wire)), 256) == bytes(range(256))


async def test_a_wait_that_is_cancelled_loses_nothing(ends):
    wire, far = ends
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await anext(aiter(wire))
    await far.write(b"still here")

    assert await collected(lambda: anext(aiter(wire)), 10) == b"still here"


async def test_closing_ends_the_hearing(ends):
    wire, _ = ends
    await wire.aclose()

    assert [chunk async for chunk in wire] == []
    await wire.write(b"into the void")
    await wire.aclose()

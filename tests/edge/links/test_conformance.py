"""One suite, every wire: a new Link joins WIRES and inherits all of it."""

import asyncio

import pytest

from edge.links import LinkLost
from tests.edge.links.wires import WIRES


@pytest.fixture(params=sorted(WIRES))
async def pair(request):
    async with WIRES[request.param]() as (ours, far):
        yield ours, far


async def take(link, count):
    got = b""
    while len(got) < count:
        got += await asyncio.wait_for(anext(aiter(link)), 5)
    return got


async def rest_of(link):
    return b"".join([chunk async for chunk in link])


async def test_every_byte_value_arrives_whole_and_in_order(pair):
    ours, far = pair
    for byte in range(256):
        await far.write(bytes([byte]))

    assert await take(ours, 256) == bytes(range(256))


async def test_every_byte_value_leaves_whole_and_in_order(pair):
    ours, far = pair
    await ours.write(bytes(range(256)))

    assert await asyncio.wait_for(far.read(256), 5) == bytes(range(256))


async def test_a_long_transmission_passes_both_ways_at_once(pair):
    ours, far = pair
    long = bytes(range(256)) * 60

    _, _, there, here = await asyncio.gather(
        ours.write(long), far.write(long), far.read(len(long)), take(ours, len(long))
    )

    assert (there, here) == (long, long)


async def test_a_wait_given_up_loses_nothing(pair):
    ours, far = pair
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(aiter(ours)), 0.05)
    await far.write(b"later")

    assert await take(ours, 5) == b"later"


async def test_leaving_the_loop_and_coming_back_loses_nothing(pair):
    ours, far = pair
    await far.write(b"first")
    async for chunk in ours:
        early = chunk
        break
    await far.write(b"second")

    assert early + await take(ours, 11 - len(early)) == b"firstsecond"


async def test_what_was_said_before_hanging_up_is_heard(pair):
    ours, far = pair
    await far.write(b"goodbye")
    heard = await take(ours, 7)
    await far.aclose()

    assert heard + await asyncio.wait_for(rest_of(ours), 5) == b"goodbye"


async def test_closing_ends_the_reader_at_once(pair):
    ours, _ = pair
    reader = asyncio.create_task(rest_of(ours))
    await asyncio.sleep(0.01)
    await ours.aclose()

    assert await asyncio.wait_for(reader, 1) == b""


async def test_closing_twice_is_the_same_as_once(pair):
    ours, _ = pair
    await ours.aclose()
    await ours.aclose()
    with pytest.raises(LinkLost):
        await ours.write(b"x")


async def test_nothing_can_be_written_on_a_closed_link(pair):
    ours, _ = pair
    await ours.aclose()

    with pytest.raises(LinkLost):
        await ours.write(b"x")


async def test_writing_to_nobody_is_found_out(pair):
    ours, far = pair
    await far.aclose()

    with pytest.raises(LinkLost):
        async with asyncio.timeout(5):
            while True:
                await ours.write(b"x")
                await asyncio.sleep(0.01)

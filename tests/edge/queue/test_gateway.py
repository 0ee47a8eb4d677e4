"""A whole gateway at a real broker: the cloud leaves a book, is gone, comes back, and hears everything in order."""

import asyncio
import contextlib
import json

import pytest
from msgspec.structs import replace

from deploy.broker import Broker
from edge.clock import Clock
from edge.config import ConfigRefused, load
from edge.drivers.buttons import Pressed
from edge.gateway import Gateway
from edge.queue import clockwork as clockworks
from edge.queue import deeds
from edge.queue.deeds import Hand
from edge.status import table
from edge.tasks import stop
from protocols.envelope import Address
from protocols.envelope.queue import Safe, pack
from tests.edge.console.caller import configure
from tests.edge.fakecloud import FakeCloud
from tests.edge.queue.books import DESK, DOCTOR, NOON, book, guest, part, state

GATEWAY = Address("demo", "main", "gw-1")


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(clockworks, "LOOK_S", 0.02)


@contextlib.asynccontextmanager
async def running(folder, port):
    path = configure(folder, broker=port)
    path.write_text(path.read_text().replace("[console]", "retry_s = 1\n[console]"))
    gateway = Gateway(load(path), clock=Clock(wall=NOON.timestamp, kernel=lambda: (False, None)))
    task = asyncio.ensure_future(gateway.run())
    try:
        yield gateway
        gateway.stop()
        await asyncio.wait_for(task, 10)
    finally:
        await stop(task)


@contextlib.asynccontextmanager
async def online(port=0):
    """A broker that keeps nothing, and the cloud at it."""
    async with Broker(port=port) as broker, FakeCloud(broker.port).running() as cloud:
        yield cloud


async def leave(cloud, told):
    await cloud.client.publish(GATEWAY.down("queue"), pack(told), qos=1, retain=True, timeout=5)


def kept(cloud):
    return [one.data for one in cloud.events if one.code == "queue_kept"]


@pytest.mark.edge("EDGE-497", "People are called while the broker is gone; afterwards the cloud hears it all in order.")
async def test_the_broker_goes_people_are_called_and_afterwards_the_cloud_hears_it_all(tmp_path, unused_tcp_port):
    told = book(guest(1), guest(2, minutes=1), guest(3, part(30, DOCTOR)))
    async with running(tmp_path, unused_tcp_port) as gateway:
        async with online(unused_tcp_port) as cloud:
            await cloud.until(lambda: cloud.births, 20)
            await leave(cloud, told)
            await cloud.until(lambda: cloud.births[-1].queue == told.version)
        holder, gateway.queue._after_s = gateway.queue.holder, 0.2
        await until(lambda: holder.is_calling)
        for hand, station in ((Hand(11), DESK), (Hand(11), DESK), (Hand(31), DOCTOR)):
            await holder.do(lambda day, at, hand=hand, station=station: deeds.next_(day, at, hand, station))
        await holder.do(lambda day, at: deeds.come(day, at, Hand(), "general"))
        await until(lambda: holder.day.n == 8)  # with what the callers said
        async with online(unused_tcp_port) as cloud:
            await cloud.until(lambda: len(kept(cloud)) == 9 and cloud.births, 20)
            births, hold = [(one.queue, one.holding) for one in cloud.births], holder.hold
            await leave(cloud, replace(told, version=8, safe=Safe(hold=hold, n=9, ended=True)))
            await cloud.until(lambda: cloud.births[-1].queue == 8 and not cloud.births[-1].holding)

    entries = kept(cloud)
    assert [one["n"] for one in entries] == list(range(1, 10))
    assert {one["hold"] for one in entries} == {hold}
    assert [one["what"] for one in entries][0::8] == ["took", "gave"]
    assert sorted(one["what"] for one in entries[1:8]) == ["answered"] * 3 + ["called"] * 3 + ["came"]
    assert births[0] == (7, hold)


async def until(condition, seconds=15):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_press_is_carried_out_here_while_it_is_held_and_posted_while_it_is_not(tmp_path):
    async with online() as cloud, running(tmp_path, cloud.port) as gateway:
        await cloud.until(lambda: cloud.births)
        await leave(cloud, book(guest(1, part(10, DOCTOR)), guest(2, part(20, DOCTOR))))
        await cloud.until(lambda: cloud.births[-1].queue == 7)
        notebook = gateway.supervisor._notebook
        await notebook.press(Pressed("next:3", "p1"), "box")
        await cloud.until(lambda: any(one.code == "button_pressed" for one in cloud.events))
        await gateway.queue.take()
        await notebook.press(Pressed("next:3", "p2"), "box")
        holder = gateway.queue.holder
        await cloud.until(lambda: [one["what"] for one in kept(cloud)] == ["took", "called", "answered"])
        assert (state(holder.day, 10), state(holder.day, 20)) == ("called", "waiting")
        status = await gateway.status()

    pressed = [one.data["press"] for one in cloud.events if one.code == "button_pressed"]
    assert pressed == ["p1"]
    assert {key: status["queue"][key] for key in ("version", "holding", "entries", "told")} == {
        **{"version": 7, "holding": holder.hold, "entries": 3, "told": 0},
    }
    assert json.dumps(status["queue"]) and "queue_held" in status["alarms"]
    assert [one["id"] for one in status["repairs"]] == ["queue_held"]
    assert f"Queue   is held since {status['queue']['since']}; 0 of 3 entries are in the cloud" in table(status)


async def test_a_gateway_without_a_book_says_so_in_its_birth(tmp_path):
    async with online() as cloud, running(tmp_path, cloud.port):
        await cloud.until(lambda: cloud.births)
        assert (cloud.births[-1].queue, cloud.births[-1].holding) == (0, "")


def configured(folder, after_s):
    path = configure(folder)
    path.write_text(path.read_text() + f"[queue]\nafter_s = {after_s}\n")
    return load(path).queue.after_s


@pytest.mark.parametrize("after_s", [15, 90.5, 3600])
def test_how_long_without_the_cloud_is_long_enough_is_configured(tmp_path, after_s):
    assert configured(tmp_path, after_s) == after_s


@pytest.mark.parametrize("after_s", [14, 3601, "true", '"60"'])
def test_another_time_than_a_quarter_of_a_minute_to_an_hour_is_refused(tmp_path, after_s):
    with pytest.raises(ConfigRefused, match="expected a number of seconds from 15 to 3600"):
        configured(tmp_path, after_s)

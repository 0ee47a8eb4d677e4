"""Orders over a real broker: in turn for each instrument, side by side for all, told once and never lost."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from edge.refusals import OrderRefused
from edge.uplink import Brought
from tests.edge.uplink.conftest import GATEWAY, Desk


class Works:
    """A verb that lasts as long as the test likes, for each instrument on its own."""

    def __init__(self):
        self.begun, self.ended, self.gates = [], [], {}

    def gate(self, dev):
        return self.gates.setdefault(dev, asyncio.Event())

    async def __call__(self, args):
        self.begun.append((args["dev"], args.get("n")))
        await self.gate(args["dev"]).wait()
        self.ended.append((args["dev"], args.get("n")))
        return {"dev": args["dev"]}


@pytest.fixture
def works():
    return Works()


@pytest.fixture
async def at(outbox, broker, cloud, works):
    async with Desk(outbox, broker.port, {"work": works, "ping": ping, "refuse": refuse, "stumble": stumble}).running():
        await cloud.until(lambda: cloud.births)
        yield cloud


async def ping(args):
    return {"pong": 1}


async def refuse(args):
    raise OrderRefused("no answer from the phoropter in 10 s")


async def stumble(args):
    raise ValueError("the patient is called Boom")


def soon(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


async def test_a_refusal_reaches_whoever_gave_the_order_as_its_sentence(at):
    await at.order_up(GATEWAY, "c1", "refuse", args={"dev": "rt-1"})

    ended = await at.ended("c1")
    assert (ended.state, ended.why) == ("failed", "no answer from the phoropter in 10 s")


async def test_anything_else_that_goes_wrong_tells_nobody_the_patients_name(at, caplog):
    await at.order_up(GATEWAY, "c1", "stumble")

    ended = await at.ended("c1")
    assert (ended.state, ended.why) == ("failed", "the gateway stumbled (ValueError)")
    assert "Boom" not in caplog.text


async def test_a_slow_order_broken_nobody_at_another_instrument(at, works):
    works.gate("rt-2").set()
    await at.order_up(GATEWAY, "slow", "work", args={"dev": "rt-1"})
    await at.order_up(GATEWAY, "fast", "work", args={"dev": "rt-2"})
    await at.order_up(GATEWAY, "also", "ping")

    assert (await at.ended("fast")).state == (await at.ended("also")).state == "done"
    assert works.ended == [("rt-2", None)]
    works.gate("rt-1").set()
    assert (await at.ended("slow")).state == "done"


@pytest.mark.edge(
    "EDGE-045",
    "Orders for one instrument are carried out one after the other, in the order in which they came.",
)
async def test_orders_for_one_instrument_are_carried_out_one_after_the_other(at, works):
    for n in range(5):
        await at.order_up(GATEWAY, f"c{n}", "work", args={"dev": "rt-1", "n": n})
    await at.until(lambda: works.begun)
    await asyncio.sleep(0.1)
    assert works.begun == [("rt-1", 0)]

    works.gate("rt-1").set()
    await at.ended("c4")
    assert works.ended == [("rt-1", n) for n in range(5)]


async def test_an_order_given_again_while_it_is_carried_out_waits_for_its_end(at, works):
    await at.order_up(GATEWAY, "c1", "work", args={"dev": "rt-1"})
    await at.until(lambda: works.begun)
    await at.order_up(GATEWAY, "c1", "work", args={"dev": "rt-2"})  # whatever it says now
    await asyncio.sleep(0.1)
    works.gate("rt-1").set()
    await at.until(lambda: [one.state for one in at.commands].count("done") == 2)

    assert [one.state for one in at.commands] == ["accepted", "running", "done", "done"]
    assert works.begun == [("rt-1", None)]


@pytest.mark.edge("EDGE-043", "An order ends at its deadline, whatever the instrument does.")
async def test_the_deadline_ends_the_attempt(at, works):
    await at.order_up(GATEWAY, "c1", "work", deadline=soon(0.3), args={"dev": "rt-1"})

    ended = await at.ended("c1")
    assert (ended.state, ended.why) == ("failed", "its deadline passed before it was done")
    assert works.ended == []


async def test_an_order_whose_deadline_passes_while_it_waits_for_its_turn_is_not_begun(at, works):
    await at.order_up(GATEWAY, "first", "work", deadline=soon(0.4), args={"dev": "rt-1", "n": 1})
    await at.order_up(GATEWAY, "second", "work", deadline=soon(0.2), args={"dev": "rt-1", "n": 2})

    assert (await at.ended("second")).state == "expired"
    assert works.begun == [("rt-1", 1)]


async def test_what_is_no_order_is_refused(at):
    await at.client.publish(GATEWAY.down("cmd", "c1"), b"{", qos=1)
    await at.order_up(GATEWAY, "c2", "ping", deadline="tomorrow")

    assert [(await at.ended(name)).state for name in ("c1", "c2")] == ["refused", "refused"]


@pytest.mark.edge(
    "EDGE-044",
    "An order cut off by a lost connection is told as interrupted and not carried out a second time.",
)
async def test_orders_under_way_when_the_connection_ends_come_again_and_are_told_as_interrupted(
    outbox, broker, cloud, works
):
    async with Desk(outbox, broker.port, {"work": works}).running():
        await cloud.until(lambda: cloud.births)
        for dev in ("rt-1", "rt-2"):
            await cloud.order_up(GATEWAY, dev, "work", args={"dev": dev})
        await cloud.until(lambda: len(works.begun) == 2)
    async with Desk(outbox, broker.port, {"work": works}).running():
        ends = [await cloud.ended(dev) for dev in ("rt-1", "rt-2")]

    assert [(end.state, "interrupted" in end.why) for end in ends] == [("failed", True)] * 2
    assert len(works.begun) == 2


async def test_an_order_that_waited_for_its_turn_when_the_connection_ended_is_carried_out_after_all(
    outbox, broker, cloud, works
):
    async with Desk(outbox, broker.port, {"work": works}).running():
        await cloud.until(lambda: cloud.births)
        for n in (1, 2):
            await cloud.order_up(GATEWAY, f"c{n}", "work", args={"dev": "rt-1", "n": n})
        await cloud.until(lambda: works.begun)
        await asyncio.sleep(0.1)
    works.gate("rt-1").set()
    async with Desk(outbox, broker.port, {"work": works}).running():
        ends = [await cloud.ended(name) for name in ("c1", "c2")]

    assert [end.state for end in ends] == ["failed", "done"]
    assert works.ended == [("rt-1", 2)]


@pytest.mark.edge("EDGE-168", "What is too large for a result travels in pieces before the order is told as done.")
async def test_a_file_goes_ahead_of_the_end_of_its_order(outbox, broker, cloud):
    data = bytes(range(256)) * 500

    async def bring(args):
        return {"lines": 3, "file": Brought("log.txt", data)}

    async with Desk(outbox, broker.port, {"bring": bring}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "bring")
        ended = await cloud.ended("c1")

    assert b"".join(one.data for one in cloud.chunks) == data
    assert [(one.id, one.n, one.of, one.name) for one in cloud.chunks] == [("c1", n, 3, "log.txt") for n in range(3)]
    assert ended.result == {
        **{"lines": 3},
        "file": {"name": "log.txt", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()},
    }


async def test_a_result_larger_than_agreed_becomes_a_file_by_itself(outbox, broker, cloud):
    async def bring(args):
        return {"words": "x" * 70_000}

    async with Desk(outbox, broker.port, {"bring": bring}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "bring")
        ended = await cloud.ended("c1")

    assert ended.result["file"]["name"] == "result.json"
    assert json.loads(b"".join(one.data for one in cloud.chunks)) == {"words": "x" * 70_000}


async def tells(args):
    for n in range(3):
        yield {"callers": {"hall": n}}


async def tells_and_hangs(args):
    yield {"callers": {"hall": "shown"}}
    await asyncio.Event().wait()


async def refuses_to_tell(args):
    raise OrderRefused("nobody is there")
    yield {}


@pytest.mark.edge("EDGE-480", "An order that takes its time tells how far it is while it runs.")
async def test_an_order_tells_how_far_it_is_while_it_runs(outbox, broker, cloud):
    async with Desk(outbox, broker.port, {"tells": tells}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "tells")
        ended = await cloud.ended("c1")

    told = [(one.state, one.result.get("callers", {}).get("hall")) for one in cloud.commands]
    assert told == [("accepted", None), ("running", None), ("running", 0), ("running", 1), ("running", 2), ("done", 2)]
    assert ended.result == {"callers": {"hall": 2}}


async def test_what_was_told_stands_beside_the_deadline_that_ended_it(outbox, broker, cloud):
    async with Desk(outbox, broker.port, {"tells": tells_and_hangs}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "tells", deadline=soon(0.5))
        ended = await cloud.ended("c1")

    assert (ended.state, ended.why) == ("failed", "its deadline passed before it was done")
    assert ended.result == {"callers": {"hall": "shown"}}


async def test_what_was_told_is_still_known_after_the_connection_ended(outbox, broker, cloud):
    async with Desk(outbox, broker.port, {"tells": tells_and_hangs}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "tells")
        await cloud.until(lambda: any(one.result for one in cloud.commands))
    async with Desk(outbox, broker.port, {"tells": tells_and_hangs}).running():
        ended = await cloud.ended("c1")

    assert (ended.state, ended.result) == ("failed", {"callers": {"hall": "shown"}})


async def test_an_order_that_would_tell_can_be_refused_like_any_other(outbox, broker, cloud):
    async with Desk(outbox, broker.port, {"tells": refuses_to_tell}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "tells")
        assert (await cloud.ended("c1")).why == "nobody is there"


async def test_a_call_that_is_being_spoken_holds_up_no_other(outbox, broker, cloud):
    async def call(args):
        yield {"n": args["n"]}
        if args["n"] == 1:
            await asyncio.Event().wait()

    async with Desk(outbox, broker.port, {"call_patient": call, "ping": ping}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "call_patient", args={"n": 1})
        await cloud.order_up(GATEWAY, "c2", "call_patient", args={"n": 2})
        await cloud.order_up(GATEWAY, "c3", "ping")
        assert [(await cloud.ended(name)).state for name in ("c2", "c3")] == ["done", "done"]

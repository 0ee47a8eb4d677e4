import asyncio
import random

import pytest

from deploy.broker import Broker
from edge.outbox import Outbox
from edge.tasks import stop
from edge.uplink import happened
from protocols.envelope import Ack, InstrumentState, Span
from tests.edge.fakecloud import FakeCloud
from tests.edge.outbox.conftest import draft
from tests.edge.uplink.conftest import BOOT, GATEWAY, Desk


async def fill(outbox, count, start=0):
    for n in range(start, start + count):
        await outbox.put([draft(n)])


@pytest.mark.edge(
    "EDGE-021",
    "A result leaves as soon as it is stored, and is forgotten only when the cloud says it has it.",
)
async def test_a_reading_leaves_at_once_and_is_forgotten_when_the_cloud_has_it(desk, cloud, outbox):
    async with desk.running():
        await cloud.until(lambda: cloud.births)
        await outbox.put([draft(1)])
        await cloud.until(lambda: outbox.hwm == 1, 1)

    assert cloud.order == [(outbox.epoch, 1)]


@pytest.mark.edge("EDGE-020", "What gathered while the connection was away arrives in order and once.")
async def test_what_waited_before_the_connection_arrives_in_order_and_once(desk, cloud, outbox):
    await fill(outbox, 330)
    async with desk.running():
        await cloud.until(lambda: outbox.hwm == 330)

    assert cloud.order == [(outbox.epoch, n) for n in range(1, 331)]
    assert max(len(b) for b in cloud.batches) == 50


@pytest.mark.parametrize("steps", range(5))
async def test_an_uplink_stopped_in_the_moment_of_a_wake_ends(desk, cloud, outbox, steps):
    cloud.silent = True
    await fill(outbox, 1)
    task = asyncio.ensure_future(desk.uplink.run())
    await cloud.until(lambda: cloud.rows)
    await asyncio.sleep(0.05)
    desk.uplink._pump.wake()
    for _ in range(steps):
        await asyncio.sleep(0)

    async with asyncio.timeout(3):
        await stop(task)

    assert task.cancelled()


@pytest.mark.edge(
    "EDGE-022",
    "A gateway is never more than four batches ahead of what the cloud has confirmed; the rest stays on its disk.",
)
async def test_at_most_four_batches_are_ahead_of_the_acknowledgement(desk, cloud, outbox):
    cloud.silent = True
    await fill(outbox, 500)
    async with desk.running():
        await cloud.until(lambda: len(cloud.batches) == 4)
        await asyncio.sleep(0.3)
        assert len(cloud.batches) == 4
        assert (outbox.hwm, (await outbox.depth()).depth) == (0, 500)


@pytest.mark.edge(
    "EDGE-023",
    "Without the cloud's own acknowledgement everything is sent again: the broker's is not enough.",
)
async def test_without_an_acknowledgement_everything_is_sent_again(desk, cloud, outbox, monkeypatch):
    monkeypatch.setattr("edge.uplink.window.PATIENCE_S", 0.2)
    cloud.silent = True
    await fill(outbox, 10)
    async with desk.running():
        await cloud.until(lambda: len(cloud.batches) >= 2)
        await cloud.until(lambda: "cloud_silent" in desk.alarms)
        cloud.silent = False
        await cloud.until(lambda: outbox.hwm == 10)
        assert "cloud_silent" not in desk.alarms
    assert len(cloud.order) == 10


@pytest.mark.edge("EDGE-024", "A lost acknowledgement is made good by the next one, and nothing is sent twice for it.")
async def test_a_lost_acknowledgement_is_made_good_by_the_next_one(desk, cloud, outbox):
    cloud.silent = True
    await fill(outbox, 3)
    async with desk.running():
        await cloud.until(lambda: len(cloud.rows) == 3)
        cloud.silent = False
        await fill(outbox, 3, 3)
        await cloud.until(lambda: outbox.hwm == 6)
    assert cloud.order == [(outbox.epoch, n) for n in range(1, 7)]


@pytest.mark.edge("EDGE-025", "Results the cloud misses are sent again, those and no others.")
async def test_a_gap_the_cloud_names_is_filled(desk, cloud, outbox):
    cloud.silent = True
    await fill(outbox, 20)
    async with desk.running():
        await cloud.until(lambda: len(cloud.rows) == 20)
        for n in (5, 6, 7):
            del cloud.rows[outbox.epoch, n]
        cloud.silent = False
        await cloud.acknowledge(GATEWAY, outbox.epoch)
        await cloud.until(lambda: outbox.hwm == 20)
    assert [5, 6, 7] in cloud.batches


@pytest.mark.edge(
    "EDGE-035",
    "A result the cloud refuses is kept among the gateway's dead letters and holds up nobody.",
)
async def test_refused_rows_lie_among_the_dead_and_hold_nobody_up(desk, cloud, outbox):
    cloud.refuse = {2}
    await fill(outbox, 5)
    async with desk.running():
        await cloud.until(lambda: outbox.hwm == 5)
    assert (await outbox.depth()).dead == 1


@pytest.mark.edge("EDGE-026", "An acknowledgement for another numbering makes the gateway forget nothing.")
async def test_an_acknowledgement_of_another_epoch_forgets_nothing(desk, cloud, outbox):
    cloud.silent = True
    await fill(outbox, 5)
    async with desk.running():
        await cloud.until(lambda: len(cloud.rows) == 5)
        await cloud.say(GATEWAY, Ack(v=1, epoch=outbox.epoch ^ 1, hwm=5))
        await asyncio.sleep(0.2)
        assert outbox.hwm == 0


@pytest.mark.edge(
    "EDGE-027",
    "A gateway put back from an old copy of itself gives no number twice, loses nothing new, and reports it.",
)
async def test_a_cloud_that_knows_more_than_the_outbox_makes_it_number_anew(desk, cloud, outbox):
    """The outbox was put back from a copy: its next numbers are already taken."""
    await fill(outbox, 5)
    old = outbox.epoch
    async with desk.running():
        await cloud.until(lambda: cloud.births)
        await cloud.say(GATEWAY, Ack(v=1, epoch=old, hwm=40))
        await cloud.until(lambda: outbox.epoch != old)
        await fill(outbox, 5, 5)
        await cloud.until(lambda: outbox.hwm == outbox.last > 0)
        await cloud.until(lambda: any(e.code == "outbox_older_than_cloud" for e in cloud.events))
    bodies = {bytes(item.body) for item in cloud.rows.values()}
    assert len(bodies) == 10


@pytest.mark.edge(
    "EDGE-028",
    "A cloud put back from a backup gets what the gateways still hold, without anybody's help.",
)
async def test_a_cloud_put_back_from_a_backup_gets_what_is_still_here(desk, cloud, outbox, monkeypatch):
    monkeypatch.setattr("edge.uplink.pump.GONE_FOR_GOOD_S", 0.2)
    async with desk.running():
        await fill(outbox, 5)
        await cloud.until(lambda: outbox.hwm == 5)
        old = outbox.epoch
        cloud.rows.clear()
        cloud.hwm.clear()
        await fill(outbox, 5, 5)
        while outbox.epoch == old:
            await cloud.say(GATEWAY, Ack(v=1, epoch=old, hwm=0, missing=[Span(first=1, last=5)]))
            await asyncio.sleep(0.05)
        await cloud.until(lambda: outbox.hwm == 5)
    assert len([1 for epoch, _ in cloud.rows if epoch == outbox.epoch]) == 5


@pytest.mark.edge(
    "EDGE-029",
    "A broker behind which nobody listens is told as an alarm, and nothing is forgotten meanwhile.",
)
async def test_nobody_subscribed_means_ingest_is_down_and_nothing_is_forgotten(outbox, broker, desk, monkeypatch):
    monkeypatch.setattr("edge.uplink.pump.Backoff", lambda *_: FastBackoff())
    await fill(outbox, 120)
    async with desk.running():
        await desk.until(lambda: "ingest_down" in desk.alarms)
        assert outbox.hwm == 0
        async with FakeCloud(broker.port).running() as cloud:
            await cloud.until(lambda: outbox.hwm == 120)
            assert "ingest_down" not in desk.alarms


class FastBackoff:
    def __init__(self, wait=-0.9):
        self.wait = wait

    def next(self):
        return self.wait

    def reset(self):
        pass


@pytest.mark.edge("EDGE-030", "A broker that loses all its data costs no reading.")
async def test_a_wiped_broker_costs_nothing(outbox):
    async with Broker() as first:
        port = first.port
        desk = Desk(outbox, port)
        cloud = FakeCloud(port)
        cloud.silent = True
        await fill(outbox, 100)
        running = desk.running()
        await running.__aenter__()
        async with cloud.running():
            await cloud.until(lambda: len(cloud.rows) == 100)
    cloud.rows.clear()
    cloud.order.clear()
    cloud.silent = False
    async with Broker(port=port), cloud.running():
        await cloud.until(lambda: outbox.hwm == 100, 15)
        await running.__aexit__(None, None, None)
    assert cloud.order == [(outbox.epoch, n) for n in range(1, 101)]


@pytest.mark.edge(
    "EDGE-041",
    "The cloud learns at once when an instrument or an alarm of a gateway changes, and when the gateway goes.",
)
async def test_the_birth_tells_all_and_again_when_something_changes(desk, cloud, outbox):
    await fill(outbox, 2)
    async with desk.running():
        await cloud.until(lambda: cloud.births)
        desk.instruments = [
            InstrumentState(
                dev="tono", family="f", link="/dev/x", state="lost", since="2026-11-21T10:00:00Z", lane="Room 1"
            )
        ]
        desk.herald.change()
        await cloud.until(lambda: len(cloud.births) > 1)
        desk.alarms.ring("outbox_full", "The disk is full.")
        await cloud.until(lambda: cloud.births[-1].alarms)
    birth = cloud.births[-1]
    assert birth.instruments[0].lane == "Room 1"
    assert (birth.epoch, birth.alarms) == (outbox.epoch, ["outbox_full: The disk is full."])
    await cloud.until(lambda: cloud.states[-1]["state"] == "offline")
    assert cloud.states[-1]["session"] == birth.session


@pytest.mark.edge("EDGE-038", "What happened while the connection was away is told afterwards, in order and once.")
async def test_events_are_told_once_the_broker_is_there_and_then_forgotten(desk, outbox, broker):
    for n in range(20):
        await happened(outbox, "instrument_lost", f"number {n}", dev="tono")
    async with FakeCloud(broker.port).running() as cloud, desk.running():
        await cloud.until(lambda: len(cloud.events) == 20)
        await asyncio.sleep(0.1)
        assert await outbox.bulletins() == []
    assert [e.text for e in cloud.events] == [f"number {n}" for n in range(20)]


@pytest.mark.edge(
    "EDGE-039",
    "An order given twice is carried out once; one that is too late or unknown not at all, and either is said.",
)
async def test_an_order_is_carried_out_once_and_its_state_is_told(outbox, broker, cloud):
    done = []

    async def ping(args):
        done.append(args)
        return {"pong": 1}

    async with Desk(outbox, broker.port, {"ping": ping}).running():
        await cloud.until(lambda: cloud.births)
        await cloud.order_up(GATEWAY, "c1", "ping")
        await cloud.until(lambda: cloud.commands and cloud.commands[-1].state == "done")
        await cloud.order_up(GATEWAY, "c1", "ping")
        await cloud.until(lambda: len(cloud.commands) == 4)
        await cloud.order_up(GATEWAY, "c2", "explode")
        await cloud.until(lambda: cloud.commands[-1].id == "c2")
        await cloud.order_up(GATEWAY, "c3", "ping", deadline="2020-01-01T00:00:00Z")
        await cloud.until(lambda: cloud.commands[-1].id == "c3")

    assert len(done) == 1
    assert [c.state for c in cloud.commands] == ["accepted", "running", "done", "done", "refused", "expired"]
    assert "'explode'" in cloud.commands[4].why


@pytest.mark.edge("EDGE-040", "Two gateways under one name raise an alarm.")
async def test_two_gateways_of_one_name_raise_the_alarm(desk, outbox, broker, cloud, tmp_path):
    other_outbox = await Outbox.open(tmp_path / "other.db", boot=BOOT)
    other = Desk(other_outbox, broker.port)
    async with desk.running():
        await cloud.until(lambda: cloud.births)
        async with other.running():
            await cloud.until(lambda: "duplicate_identity" in desk.alarms)
            assert "Another device connects" in desk.alarms.by_code()["duplicate_identity"]
    await other_outbox.aclose()


@pytest.mark.edge(
    "EDGE-042",
    "A broker that cannot be reached is told in words, and the connection comes back by itself.",
)
async def test_no_broker_is_said_once_and_tried_again(outbox, broker):
    port = broker.port
    await broker.stop()
    desk = Desk(outbox, port)
    async with desk.running():
        await asyncio.sleep(0.3)
        assert "Nothing listens at 127.0.0.1" in desk.alarms.by_code()["broker_unreachable"]
        async with Broker(port=port), FakeCloud(port).running() as cloud:
            await cloud.until(lambda: cloud.births)
            assert "broker_unreachable" not in desk.alarms
            await fill(outbox, 1)
            await cloud.until(lambda: outbox.hwm == 1)


def test_no_pause_is_longer_than_the_settings_say(outbox):
    desk = Desk(outbox, 1, retry_s=3)
    pauses = [desk.uplink._backoff.next() for _ in range(200)]
    assert max(pauses) <= 3


@pytest.mark.edge("EDGE-031", "A connection that comes and goes neither loses nor doubles.")
@pytest.mark.parametrize("seed", range(3))
async def test_a_broker_that_comes_and_goes_neither_loses_nor_doubles(outbox, seed):
    rng = random.Random(seed)
    async with Broker() as first:
        port = first.port
    desk, cloud = Desk(outbox, port), FakeCloud(port)
    desk.uplink._backoff = FastBackoff(0.05)
    async with desk.running():
        for part in range(4):
            async with Broker(port=port), cloud.running():
                cloud.silent = rng.random() < 0.4
                await fill(outbox, rng.randrange(1, 60), part * 100)
                await asyncio.sleep(rng.random() * 0.3)
        cloud.silent = False
        async with Broker(port=port), cloud.running():
            await cloud.until(lambda: outbox.hwm == outbox.last, 20)
    assert cloud.order == [(outbox.epoch, n) for n in range(1, outbox.last + 1)]

"""What each reason code of a PUBACK does; the broker is a script here, as no real one says them all."""

import asyncio
import json

import pytest

from edge.alarms import Alarms
from edge.tasks import stop
from edge.uplink.pump import Pump
from edge.uplink.window import Window
from protocols.envelope import Ack, Batch, decode, encode
from tests.edge.outbox.conftest import draft
from tests.edge.uplink.conftest import GATEWAY


class ScriptedWire:
    """Answers each batch by a rule; what it takes, the cloud confirms."""

    def __init__(self, rule):
        self.rule, self.sent, self.taken, self.pump = rule, [], {}, None

    def send(self, topic, payload, **_):
        batch = decode(Batch, payload)
        seqs = [item.seq for item in batch.items]
        self.sent.append(seqs)
        code = self.rule(self, batch)
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(code)
        if code == 0:
            self.taken.update({(batch.epoch, item.seq): bytes(item.body) for item in batch.items})
            ack = encode(Ack(v=1, epoch=batch.epoch, hwm=self._hwm(batch.epoch)))
            asyncio.get_running_loop().call_soon(self.pump.heard, ack)
        return answer

    def _hwm(self, epoch):
        hwm = 0
        while (epoch, hwm + 1) in self.taken:
            hwm += 1
        return hwm


class Now:
    """Backs off without waiting."""

    def __init__(self, *_):
        pass

    def next(self):
        return -0.45

    def reset(self):
        pass


@pytest.fixture
async def scripted(outbox, monkeypatch):
    monkeypatch.setattr("edge.uplink.pump.Backoff", Now)
    monkeypatch.setattr("edge.uplink.pump.BARRED_S", 0.2)
    running = []

    def start(rule):
        wire, alarms = ScriptedWire(rule), Alarms()
        wire.pump = Pump(wire, outbox, GATEWAY, alarms)
        outbox.on_growth = wire.pump.wake
        running.append(asyncio.ensure_future(wire.pump.run()))
        return wire, alarms

    yield start
    await stop(*running)


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.mark.edge("EDGE-032", "A batch the broker refuses is held back, told as what it is, and sent again.")
@pytest.mark.parametrize(("code", "alarm"), [(0x10, "ingest_down"), (0x97, "slowed"), (0x87, "re_enrol"), (0x80, None)])
async def test_a_refused_batch_is_held_back_said_and_sent_again(scripted, outbox, code, alarm):
    for n in range(120):
        await outbox.put([draft(n)])
    wire, alarms = scripted(lambda wire, _: code if len(wire.sent) <= 3 else 0)
    await until(lambda: len(wire.sent) >= 1)
    if alarm:
        await until(lambda: alarm in alarms)
    assert outbox.hwm == 0

    await until(lambda: outbox.hwm == 120)
    assert alarms.lines() == []
    assert (await outbox.depth()).dead == 0


@pytest.mark.edge("EDGE-033", "A result no broker takes goes to the dead letters, and all others arrive.")
async def test_a_row_no_broker_takes_goes_to_the_dead_letters_and_the_others_arrive(scripted, outbox):
    for n in range(30):
        await outbox.put([draft(n)])

    def rule(_, batch):
        return 0x99 if any(b'"id-000017"' in bytes(item.body) for item in batch.items) else 0

    wire, _ = scripted(rule)
    first = outbox.epoch
    await until(lambda: outbox.epoch != first)
    await until(lambda: outbox.hwm == outbox.last)

    arrived = {json.loads(body)["reading_id"] for body in wire.taken.values()}
    assert arrived == {f"id-{n:06}" for n in range(30) if n != 17}
    assert (await outbox.depth()).dead == 1
    assert b"row_refused" in (await outbox.bulletins())[0].body


@pytest.mark.edge("EDGE-034", "Nonsense in place of an acknowledgement makes the gateway forget nothing.")
async def test_nonsense_instead_of_an_acknowledgement_changes_nothing(scripted, outbox):
    await outbox.put([draft(1)])
    wire, _ = scripted(lambda *_: -1)
    for text in (b"", b"{}", b"[]", b'{"v":2,"epoch":1,"hwm":1}', b"\xff"):
        wire.pump.heard(text)
    await asyncio.sleep(0.05)
    assert outbox.hwm == 0


@pytest.mark.edge("EDGE-037", "A silent cloud is asked less and less often, and at the first word as often as before.")
def test_patience_grows_while_the_cloud_is_silent_and_is_short_again_when_it_speaks():
    window = Window(0)
    for n, at in enumerate((30, 90, 210), 1):
        window.sent(1, 10, at - 30 * 2 ** (n - 1))
        assert not window.overdue(at - 1)
        assert window.overdue(at)
        assert (window.cursor, len(window.flights)) == (0, 0)
    window.sent(1, 10, 300)
    assert window.acknowledged(5, 301)
    assert window.deadline() == 331


@pytest.mark.edge("EDGE-036", "A late acknowledgement moves nothing backwards.")
def test_an_old_acknowledgement_moves_nothing_backwards():
    window = Window(0)
    window.sent(1, 50, 0)
    assert window.acknowledged(50, 1)
    assert not window.acknowledged(20, 2)
    assert (window.hwm, window.cursor) == (50, 50)

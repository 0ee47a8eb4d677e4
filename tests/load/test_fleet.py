"""Two hundred gateways lose their broker while readings flow; the whole fleet of ten thousand is make load-fleet."""

import random

import pytest

from edge import backoff
from edge.uplink import uplink, window
from firmware_sim.fleet import box, crowd, line
from firmware_sim.fleet.box import Box
from protocols.envelope import Ack, Address, Span
from tests.load.fleet import Outcome, Plan, failings, run, table


@pytest.mark.edge(
    "EDGE-290",
    "Two hundred gateways whose broker is killed come back by themselves: no reading lost, none doubled.",
)
@pytest.mark.timeout(180)
async def test_a_fleet_survives_its_broker():
    plan = Plan(gateways=200, processes=2, rate=200, steady=0.5, down=0.5, cap=2.0)
    outcome = await run(plan)

    assert (outcome.lost, outcome.doubled, outcome.strangers) == (0, 0, 0)
    assert outcome.readings == outcome.told["captured"] > 200
    assert outcome.told["lost"] >= 200, "every connection was cut once"
    assert [name for name, limit in plan.limits.items() if outcome.memory[name] > limit] == []


@pytest.mark.peer
@pytest.mark.edge(
    "EDGE-291", "A fleet outlives mosquitto losing everything it knew, over TLS with client certificates."
)
@pytest.mark.timeout(180)
async def test_a_fleet_survives_a_wiped_mosquitto():
    plan = Plan(
        gateways=50, broker="mosquitto", tls=True, wiped=True, processes=1, rate=100, steady=0.5, down=0.5, cap=2.0
    )
    outcome = await run(plan)

    assert (outcome.lost, outcome.doubled, outcome.strangers) == (0, 0, 0)
    assert outcome.readings == outcome.told["captured"] > 50


def test_the_simulated_gateways_wait_and_hold_back_as_real_ones_do():
    real = backoff.Backoff()
    assert (real._first, real._cap, uplink.STABLE_S) == (crowd.FIRST_S, crowd.CAP_S, crowd.STABLE_S)
    assert (line.SESSION_S, line.KEEP_ALIVE_S) == (uplink.SESSION_S, uplink.KEEPALIVE_S)
    assert line.WILL_DELAY_S == uplink.WILL_DELAY_S
    assert (box.WINDOW, box.PATIENCE_S, box.PATIENCE_CAP_S) == (
        window.WINDOW,
        window.PATIENCE_S,
        window.PATIENCE_CAP_S,
    )


@pytest.fixture
def one():
    return Box(Address("fleet", "st-00001", "gw-1"), random.Random(1))


def fill(one, count):
    for _ in range(count):
        one.capture(0.0)


def seqs(batches):
    return [(batch.items[0].seq, batch.items[-1].seq) for batch in batches]


def test_a_box_sends_four_batches_and_waits(one):
    fill(one, 330)

    assert seqs(one.next_batches(0.0)) == [(1, 50), (51, 100), (101, 150), (151, 200)]
    assert list(one.next_batches(1.0)) == []
    assert one.heard(Ack(v=1, epoch=one.epoch, hwm=120), 2.0) == []
    assert (one.depth, one.hwm) == (210, 120)
    assert seqs(one.next_batches(2.0)) == [(201, 250), (251, 300)]


def test_a_box_sends_everything_again_when_the_cloud_is_silent_or_the_connection_new(one):
    fill(one, 60)
    first = seqs(one.next_batches(0.0))
    one.reborn()
    second = seqs(one.next_batches(1.0))

    assert not one.impatient(30.0)
    assert one.impatient(31.0)
    assert first == second == seqs(one.next_batches(31.0)) == [(1, 50), (51, 60)]


def test_a_box_gives_what_is_missing_once_in_five_seconds_and_forgets_nothing_for_a_stranger(one):
    fill(one, 20)
    list(one.next_batches(0.0))
    gap = Ack(v=1, epoch=one.epoch, hwm=3, missing=[Span(first=4, last=6)])

    assert seqs(one.heard(gap, 1.0)) == [(4, 6)]
    assert one.heard(gap, 2.0) == []
    assert seqs(one.heard(gap, 7.0)) == [(4, 6)]
    one.heard(Ack(v=1, epoch=one.epoch + 1, hwm=20), 8.0)
    assert (one.hwm, one.depth) == (3, 17)


def test_what_does_not_hold_is_said():
    plan = Plan(gateways=10)
    good = Outcome(memory={"broker": 100.0, "ingest": 100.0})
    bad = Outcome(lost=1, doubled=2, back=61.0, memory={"broker": 900.0, "ingest": 100.0})

    assert failings(plan, good) == []
    assert failings(plan, bad) == [
        "1 readings are lost",
        "2 readings are there twice",
        "the last gateway was back after 61 s",
        "the broker needed 900 MB, its limit is 151",
    ]
    assert "WRONG: 1 readings are lost" in table(plan, bad)

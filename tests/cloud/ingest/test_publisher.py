"""Orders on their way: from the commit that queued one, over a real broker, to the gateway and back."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cloud.fleet.choices import NEVER_SENT, NO_ANSWER, WITHDRAWN
from cloud.fleet.models import Order
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.readings import intake, sending, services
from cloud.readings.choices import Verdict
from cloud.shadow import services as shadow
from cloud.shadow.models import Standing
from protocols import envelope
from protocols.envelope import Command, CommandState
from protocols.envelope.desired import Desired, Heard, Reported, Wanted
from tests.cloud.ingest.quiet import nobody_elses
from tests.cloud.ingest.test_consumer import asked, broker, consumer, consuming, gateway, until
from tests.cloud.readings.parcels_here import Outbox
from tests.conformance.broker.client import Client

__all__ = ["broker", "consumer", "gateway", "nobody_elses"]

STATE, WHY = select(Order.state), select(Order.why)


@pytest.fixture
def eyes(engine, world):
    outbox = Outbox(world.pier)
    eyes = outbox.reading("R-1", condition="day")
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(outbox.capture(), eyes)])
    return eyes


def order(engine, world, eyes) -> None:
    with unit_of_work(engine, world.one) as session:
        sending.send(
            session,
            **{"patient_id": world.grace, "store_id": world.pier.id, "instrument_id": world.pier.phoropter},
            reading_ids=[eyes.id],
            by=world.alice.id,
        )


def hurry(monkeypatch, carry_out: float) -> None:
    """Nobody waits half a minute in a test."""
    monkeypatch.setattr("cloud.fleet.services.CARRY_OUT", timedelta(seconds=carry_out))
    monkeypatch.setattr("cloud.fleet.services.ANSWER", timedelta(seconds=0.2))


async def listens(gateway: Client, world) -> None:
    await gateway.subscribe(world.pier.address.down("cmd", "+"))


async def command(gateway: Client) -> Command:
    return envelope.decode(Command, (await gateway.message()).payload)


async def answer(gateway: Client, world, name: str, state: Any, why: str | None = None, **result: Any) -> None:
    said = CommandState(v=1, id=name, state=state, at=now().isoformat(), why=why, result=result)
    await gateway.publish(world.pier.address.up("cmd", name), envelope.encode(said), retain=True)


async def test_a_queued_order_leaves_with_its_commit_and_is_marked_as_sent(engine, world, eyes, consumer, gateway):
    await listens(gateway, world)
    order(engine, world, eyes)
    message = await gateway.message()
    told = envelope.decode(Command, message.payload)

    assert message.topic == world.pier.address.down("cmd", told.id)
    assert (told.verb, told.args["dev"], told.args["patient_id"]) == ("to_phoropter", "rt", "R-1")
    assert [one["reading_id"] for one in told.args["readings"]] == [str(eyes.id)]
    assert timedelta(0) < datetime.fromisoformat(told.deadline) - now() <= timedelta(seconds=25)
    assert 0 < message.message_expiry_interval <= 25
    assert message.retain is False
    await until(engine, world.one, STATE, "sent")


@pytest.mark.parametrize(
    ("said", "why", "state"),
    [
        ("done", None, "taken"),
        ("failed", "no answer from the phoropter in 10 s", "failed"),
        ("refused", "this gateway does not know the order", "failed"),
        ("expired", "it arrived after its deadline", "failed"),
    ],
)
async def test_the_gateways_last_word_ends_the_order(engine, world, eyes, consumer, gateway, said, why, state):
    await listens(gateway, world)
    order(engine, world, eyes)
    told = await command(gateway)
    for step in ("accepted", "running"):
        await answer(gateway, world, told.id, step)
    await until(engine, world.one, STATE, "sent")
    await answer(gateway, world, told.id, said, why)

    await until(engine, world.one, STATE, state)
    assert asked(engine, world.one, WHY) == why


@pytest.mark.parametrize(("taken", "state"), [(True, "taken"), (False, "given")])
async def test_what_gives_no_sign_of_having_it_is_not_called_taken(
    engine, world, eyes, consumer, gateway, taken, state
):
    await listens(gateway, world)
    order(engine, world, eyes)
    told = await command(gateway)
    await answer(gateway, world, told.id, "done", taken=taken)

    assert await until(engine, world.one, STATE, state) == state


async def test_what_comes_late_or_again_changes_nothing(engine, world, eyes, consumer, gateway):
    await listens(gateway, world)
    order(engine, world, eyes)
    told = await command(gateway)
    await answer(gateway, world, told.id, "failed", "asleep")
    await until(engine, world.one, STATE, "failed")
    before = asked(engine, world.one, select(Order.ended_at))
    for late in ("done", "running", "failed"):
        await answer(gateway, world, told.id, late, "too late")
    await answer(gateway, world, "no-such-order", "done")
    await asyncio.sleep(0.3)

    assert (asked(engine, world.one, STATE), asked(engine, world.one, WHY)) == ("failed", "asleep")
    assert asked(engine, world.one, select(Order.ended_at)) == before


async def test_another_gateway_cannot_answer_for_this_one(engine, world, eyes, consumer, gateway):
    await listens(gateway, world)
    order(engine, world, eyes)
    told = await command(gateway)
    said = CommandState(v=1, id=told.id, state="done", at=now().isoformat())
    for place in (world.hill, world.mill):
        await gateway.publish(place.address.up("cmd", told.id), envelope.encode(said))
    await asyncio.sleep(0.3)

    assert asked(engine, world.one, STATE) == "sent"


async def test_an_order_queued_while_ingest_was_away_leaves_when_it_starts(engine, world, eyes, broker, gateway):
    await listens(gateway, world)
    order(engine, world, eyes)
    await gateway.nothing(patience=0.3)
    async with consuming(engine, broker):
        assert (await command(gateway)).verb == "to_phoropter"
        await until(engine, world.one, STATE, "sent")


async def test_an_answer_given_while_ingest_was_away_is_heard_when_it_starts(engine, world, eyes, broker, gateway):
    await listens(gateway, world)
    async with consuming(engine, broker):
        order(engine, world, eyes)
        told = await command(gateway)
        await until(engine, world.one, STATE, "sent")
    await answer(gateway, world, told.id, "done")
    async with consuming(engine, broker, "svc-ingest-never-seen"):
        assert await until(engine, world.one, STATE, "taken") == "taken"


async def test_two_processes_send_an_order_once(engine, world, eyes, broker, consumer, gateway):
    await listens(gateway, world)
    async with consuming(engine, broker, "svc-ingest-2"):
        order(engine, world, eyes)
        first = await command(gateway)

        assert first.verb == "to_phoropter"
        assert await gateway.heard(patience=1.5) == []


async def test_without_a_gateway_to_hear_it_the_order_waits_and_then_gives_up(
    engine, world, eyes, consumer, monkeypatch
):
    hurry(monkeypatch, 1.0)
    order(engine, world, eyes)
    await asyncio.sleep(0.4)
    assert asked(engine, world.one, STATE) == "queued"

    await until(engine, world.one, STATE, "expired")
    assert asked(engine, world.one, WHY) == NEVER_SENT


async def test_a_store_that_does_not_answer_has_failed_once_its_time_is_over(
    engine, world, eyes, consumer, gateway, monkeypatch
):
    hurry(monkeypatch, 1.5)
    await listens(gateway, world)
    order(engine, world, eyes)
    await command(gateway)
    await until(engine, world.one, STATE, "sent")

    await until(engine, world.one, STATE, "failed")
    assert asked(engine, world.one, WHY) == NO_ANSWER


async def test_what_was_rejected_while_it_waited_is_not_sent(engine, world, eyes, broker, gateway):
    await listens(gateway, world)
    order(engine, world, eyes)
    with unit_of_work(engine, world.one) as session:
        services.decide(
            session, reading_id=eyes.id, patient_id=world.grace, verdict=Verdict.REJECTED, by=world.bob.id, why="blink"
        )
    async with consuming(engine, broker):
        await until(engine, world.one, STATE, "failed")
        await gateway.nothing(patience=0.3)
    assert asked(engine, world.one, WHY) == WITHDRAWN


async def test_a_database_that_comes_back_has_its_orders_sent(server, engine, world, eyes, consumer, gateway):
    await listens(gateway, world)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(0.2)
    await asyncio.to_thread(server.start)
    order(engine, world, eyes)

    assert json.loads((await gateway.message(patience=10)).payload)["verb"] == "to_phoropter"


async def test_what_a_gateway_shall_be_lies_retained_at_the_broker_and_its_report_is_given_back(
    engine, world, consumer, gateway
):
    address = world.pier.address
    with unit_of_work(engine, world.one) as session:
        shadow.want(session, world.pier.sender.gateway_id, Wanted(raw_days=3), 0, world.omar.id)
    await until(engine, world.one, select(Standing.published), 1)
    await gateway.subscribe(address.down("shadow"))
    message = await gateway.message()
    told = envelope.decode(Desired, message.payload)
    assert (message.retain, told.version, told.doc) == (True, 1, Wanted(raw_days=3))

    await gateway.subscribe(address.down("shadow", "heard"))
    report = Reported(v=1, version=1, asked=1, state="applied", at=now().isoformat(), doc=told.doc, report="r-7")
    await gateway.publish(address.up("shadow"), envelope.encode(report))
    assert envelope.decode(Heard, (await gateway.message()).payload) == Heard(v=1, report="r-7")


async def test_a_gateway_that_forgot_is_told_again(engine, world, consumer, gateway):
    address = world.pier.address
    with unit_of_work(engine, world.one) as session:
        shadow.want(session, world.pier.sender.gateway_id, Wanted(raw_days=3), 0, world.omar.id)
    await until(engine, world.one, select(Standing.published), 1)
    await gateway.publish(address.down("shadow"), b"", retain=True)  # a broker that was wiped
    await gateway.subscribe(address.down("shadow"))
    report = Reported(v=1, version=0, asked=0, state="applied", at=now().isoformat(), doc=Wanted(raw_days=7))
    await gateway.publish(address.up("shadow"), envelope.encode(report))
    assert envelope.decode(Desired, (await gateway.message()).payload).version == 1

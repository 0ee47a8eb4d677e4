"""What is acknowledged is committed; what cannot be taken is buried; nothing is tried for ever."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update

from cloud.fleet.models import Gateway, Happening, Instrument
from cloud.ingest import addresses
from cloud.ingest.writer import ACCEPTED, NOT_AUTHORIZED, UNSPECIFIED
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.readings.models import DeadLetter, Reading
from protocols.envelope import Ack, Address, Refusal, Span
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import Line, Outbox

AT = "2026-11-21T10:00:00Z"


def seqs(engine: Engine, world: World) -> list[int]:
    with unit_of_work(engine, world.one) as session:
        return list(session.scalars(select(Reading.seq).order_by(Reading.seq)))


def letters(engine: Engine, world: World) -> list[tuple[int | None, str]]:
    with unit_of_work(engine, world.one) as session:
        query = select(DeadLetter.seq, DeadLetter.reason).order_by(DeadLetter.id)
        return [tuple(row) for row in session.execute(query)]


def gateway(engine: Engine, world: World) -> Gateway:
    with unit_of_work(engine, world.one) as session:
        return session.get_one(Gateway, (world.one, world.pier.sender.gateway_id))


def birth(session: str = "s-1", **said: Any) -> bytes:
    told = {
        **{"v": 1, "state": "online", "session": session, "at": AT, "software": "1.0", "epoch": 1, "hwm": 0},
        **{"depth": 2, "clk": {"state": "synced"}, **said},
    }
    return json.dumps(told).encode()


def death(session: str) -> bytes:
    return json.dumps({"v": 1, "state": "offline", "session": session, "reason": "the wire was cut"}).encode()


def event(**said: Any) -> bytes:
    return json.dumps({"v": 1, "id": "e-1", "at": AT, "code": "lost", "text": "Lost ar-1", **said}).encode()


def instrument(**said: Any) -> dict[str, Any]:
    return {"dev": "ar-9", "family": "nidek", "link": "tcp", "state": "connected", "since": AT, **said}


@pytest.mark.edge("EDGE-046", "What the cloud acknowledges is in its database.")
def test_rows_are_there_when_they_are_acknowledged(engine, world, desk, outbox):
    assert desk.send(outbox, outbox.reading("R-1"), outbox.capture()) == ACCEPTED
    assert seqs(engine, world) == [1]
    assert desk.ack(world.pier.address) == Ack(v=1, epoch=outbox.epoch, hwm=2)


@pytest.mark.edge("EDGE-047", "The cloud sees a gap in a gateway's numbers and asks for exactly what is missing.")
def test_a_gap_is_asked_for(engine, world, desk, outbox):
    first, _lost, last = outbox.reading(), outbox.skip(), outbox.reading()
    desk.send(outbox, first, last)
    assert desk.ack(world.pier.address) == Ack(v=1, epoch=outbox.epoch, hwm=1, missing=[Span(first=2, last=2)])


@pytest.mark.edge("EDGE-048", "A message delivered twice is acknowledged twice and stored once.")
def test_a_message_repeated_is_acknowledged_again_and_changes_nothing(engine, world, desk, outbox):
    line = outbox.reading("R-1")
    codes = [desk.send(outbox, line), desk.send(outbox, line)]

    assert (codes, seqs(engine, world)) == ([ACCEPTED, ACCEPTED], [1])


@pytest.mark.edge("EDGE-049", "Nothing is taken from a gateway that nobody enrolled.")
def test_an_unknown_gateway_is_not_authorized(engine, world, desk, outbox):
    stranger = Address(world.pier.address.tenant, "pier", "gw-9")

    assert desk.say(stranger.up("r", "result"), outbox.batch(outbox.reading())) == NOT_AUTHORIZED
    assert (seqs(engine, world), desk.messages) == ([], {})


@pytest.mark.edge("EDGE-050", "Nothing is taken from a gateway that was retired.")
def test_a_gateway_that_was_retired_is_not_authorized_once_that_is_known(engine, world, desk, outbox, monkeypatch):
    monkeypatch.setattr(addresses, "REMEMBER_SECONDS", 0)
    assert desk.send(outbox, outbox.reading()) == ACCEPTED
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Gateway).values(status="retired"))

    assert desk.send(outbox, outbox.reading()) == NOT_AUTHORIZED
    assert seqs(engine, world) == [1]


@pytest.mark.edge(
    "EDGE-051",
    "Who sent a reading is known from the proven identity alone, whatever the message claims.",
)
def test_a_body_that_names_another_gateway_is_not_believed(engine, world, desk, outbox):
    payload = outbox.batch(outbox.reading())
    claim = payload[:-1] + b', "tenant": "two", "gateway": "gw-9"}'

    assert desk.say(world.pier.address.up("r", "result"), claim) == ACCEPTED
    assert seqs(engine, world) == [1]


@pytest.mark.edge("EDGE-052", "Readings of two chains that arrive together go each to its own chain.")
def test_messages_of_two_chains_waiting_together_go_each_to_its_own(engine, world, desk, outbox):
    theirs = Outbox(world.mill)
    tokens = [
        desk.put(box.place.address.up("r", "result"), box.batch(box.reading("R-1"))) for box in (outbox, theirs, outbox)
    ]

    assert [desk.code(token) for token in tokens] == [ACCEPTED] * 3
    assert seqs(engine, world) == [1, 2]
    with unit_of_work(engine, world.two) as session:
        assert session.scalar(select(func.count()).select_from(Reading)) == 1


@pytest.mark.edge(
    "EDGE-053",
    "A result that cannot be read is kept as a dead letter with its reason, and its neighbours are taken.",
)
def test_what_cannot_be_read_is_buried_and_refused_and_its_neighbours_are_taken(engine, world, desk, outbox):
    lines = outbox.reading(), outbox.reading().saying(kind="palm\x00istry"), outbox.reading()

    assert desk.send(outbox, *lines) == ACCEPTED
    assert seqs(engine, world) == [1, 3]
    assert letters(engine, world) == [(2, "Invalid value - at `$.kind`")]
    refusal = Refusal(seq=2, reason="Invalid value - at `$.kind`")
    assert desk.ack(world.pier.address) == Ack(v=1, epoch=outbox.epoch, hwm=3, refused=[refusal])


REFUSED_BY_THE_DATABASE = {
    "a boot that is too long": {"boot": "b" * 41},
    "a device that is too long": {"dev": "d" * 61},
    "a driver that is too long": {"drv": "d" * 90},
    "an absurd error of the clock": {"clk": {"state": "synced", "err_ms": 2**40}},
}


@pytest.mark.edge("EDGE-054", "A result that the database refuses holds up nothing that came with it.")
@pytest.mark.parametrize("name", REFUSED_BY_THE_DATABASE)
def test_what_the_database_refuses_is_buried_and_its_neighbours_are_taken(engine, world, desk, outbox, name):
    bad = outbox.reading().but(**REFUSED_BY_THE_DATABASE[name])

    assert desk.send(outbox, outbox.reading(), bad, outbox.capture(), outbox.reading()) == ACCEPTED
    assert seqs(engine, world) == [2, 4]
    assert [seq for seq, _ in letters(engine, world)] == [1]
    assert "the database refused it" in letters(engine, world)[0][1]
    assert desk.ack(world.pier.address).hwm == 4


def test_a_message_that_is_no_batch_is_kept_once_and_acknowledged(engine, world, desk, outbox):
    for _again in range(2):
        assert desk.say(world.pier.address.up("r", "result"), b"\x00 not JSON") == ACCEPTED
    assert [seq for seq, _ in letters(engine, world)] == [None]
    assert desk.messages == {}


def test_a_row_whose_number_cannot_be_read_is_kept_and_broken_nobody(engine, world, desk, outbox):
    assert desk.send(outbox, Line({"seq": "one"}), outbox.reading()) == ACCEPTED
    assert (seqs(engine, world), [seq for seq, _ in letters(engine, world)]) == ([1], [None])


def test_a_very_large_batch_is_taken_whole(engine, world, desk, outbox):
    lines = [outbox.reading("R-1").saying(extra={"note": "x" * 2000}) for _ in range(400)]

    assert desk.send(outbox, *lines) == ACCEPTED
    assert seqs(engine, world) == list(range(1, 401))


def test_a_birth_makes_a_gateway_online_and_names_its_instruments(engine, world, desk):
    state = world.pier.address.up("state")

    assert desk.say(state, birth(alarms=["disk_low"], instruments=[instrument(lane="Lane 3")])) == ACCEPTED
    found = gateway(engine, world)
    assert (found.state, found.session, found.software, found.depth) == ("online", "s-1", "1.0", 2)
    assert (found.clock_state, found.alarms) == ("synced", ["disk_low"])
    assert found.since is not None
    assert abs((now() - found.since).total_seconds()) < 10
    with unit_of_work(engine, world.one) as session:
        one = session.scalars(select(Instrument).where(Instrument.dev == "ar-9")).one()
    assert (one.lane, one.state, one.store_id) == ("Lane 3", "connected", world.pier.id)


def test_an_instrument_said_again_is_the_same_one_in_its_new_state(engine, world, desk):
    state = world.pier.address.up("state")
    for said in ("connected", "lost"):
        desk.say(state, birth(instruments=[instrument(state=said)]))

    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Instrument.state).where(Instrument.dev == "ar-9")).all() == ["lost"]


@pytest.mark.edge("EDGE-058", "A late word of an old connection never shows a gateway as offline that is back already.")
def test_a_will_ends_its_own_session_and_not_the_newer_one(engine, world, desk):
    state = world.pier.address.up("state")
    desk.say(state, birth("s-1"))
    desk.say(state, birth("s-2"))
    desk.say(state, death("s-1"))
    assert gateway(engine, world).state == "online"

    desk.say(state, death("s-2"))
    found = gateway(engine, world)
    assert (found.state, found.ended) == ("offline", "the wire was cut")


def test_an_event_is_kept_once(engine, world, desk):
    for _again in range(2):
        assert desk.say(world.pier.address.up("e"), event(dev="ar-1", data={"n": 1})) == ACCEPTED
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Happening)).one()
    assert (found.event_id, found.code, found.text, found.dev, found.data) == (
        "e-1",
        "lost",
        "Lost ar-1",
        "ar-1",
        {"n": 1},
    )


BAD_NEWS = {
    "no JSON": ("state", b"?"),
    "an instrument without a moment": ("state", birth(instruments=[instrument(since="just now")])),
    "an instrument with a NUL": ("state", birth(instruments=[instrument(dev="a\x00")])),
    "an instrument with a long name": ("state", birth(instruments=[instrument(dev="a" * 61)])),
    "an absurd depth": ("state", birth(depth=2**50)),
    "a session with a NUL": ("state", birth("s\x00")),
    "an event with a NUL": ("e", event(text="\x00")),
    "an event with a NUL inside": ("e", event(data={"a": "\x00"})),
    "an event with a long id": ("e", event(id="e" * 61)),
    "an event without a moment": ("e", event(at="soon")),
    "an event beyond any calendar": ("e", event(at="infinity")),
}


@pytest.mark.parametrize("name", BAD_NEWS)
def test_news_that_cannot_be_kept_changes_nothing_and_broken_nobody(engine, world, desk, outbox, name):
    channel, payload = BAD_NEWS[name]
    before = gateway(engine, world).state, gateway(engine, world).session
    bad = desk.put(world.pier.address.up(channel), payload)
    result = desk.put(world.pier.address.up("r", "result"), outbox.batch(outbox.reading()))
    good = desk.put(world.pier.address.up("e"), event(id="e-2"))

    assert [desk.code(token) for token in (bad, result, good)] == [ACCEPTED] * 3
    assert (gateway(engine, world).state, gateway(engine, world).session) == before
    assert seqs(engine, world) == [1]
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Happening.event_id)).all() == ["e-2"]


@pytest.mark.edge(
    "EDGE-055",
    "While the database is away nothing is acknowledged; once it is back everything is taken, in order.",
)
def test_while_the_database_is_away_nothing_is_acknowledged_and_afterwards_everything(
    server, engine, world, desk, outbox
):
    server.stop()
    try:
        tokens = [desk.put(world.pier.address.up("r", "result"), outbox.batch(outbox.reading())) for _ in range(3)]
        with pytest.raises(AssertionError):
            desk.code(tokens[0], patience=0.5)
    finally:
        server.start()

    assert [desk.code(token) for token in tokens] == [ACCEPTED] * 3
    assert seqs(engine, world) == [1, 2, 3]
    assert desk.ack(world.pier.address).hwm == 3


def test_a_connection_cut_in_the_middle_is_tried_again(server, database, engine, world, desk, outbox):
    desk.send(outbox, outbox.reading())
    server.admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    assert desk.send(outbox, outbox.reading()) == ACCEPTED
    engine.dispose()  # of what was cut and nobody has used since
    assert seqs(engine, world) == [1, 2]


@pytest.mark.edge("EDGE-056", "A fault in the cloud's own program leaves the readings safe on the gateways.")
def test_a_mistake_of_our_own_leaves_the_rows_with_the_gateways(engine, world, desk, outbox, monkeypatch):
    def stumble(*_: object) -> None:
        raise LookupError("a mistake")

    monkeypatch.setattr("cloud.readings.intake.take", stumble)
    assert desk.send(outbox, outbox.reading()) == UNSPECIFIED
    monkeypatch.undo()

    assert seqs(engine, world) == []
    assert desk.send(outbox, outbox.reading()) == ACCEPTED


@pytest.mark.edge("EDGE-057", "No log and no reason of a refusal quotes what a gateway sent.")
def test_the_log_names_gateways_and_never_what_they_sent(engine, world, desk, outbox, caplog):
    desk.send(outbox, outbox.reading("R-SECRET").but(boot="R-SECRET" * 9))
    desk.say(world.pier.address.up("e"), event(text="R-SECRET\x00"))
    desk.say(world.pier.address.up("e"), event(at="R-SECRET"))
    desk.say(world.pier.address.up("state"), birth(instruments=[instrument(state="R-SECRET")]))

    assert "R-SECRET" not in caplog.text
    with unit_of_work(engine, world.one) as session:
        assert "R-SECRET" not in session.scalars(select(DeadLetter.reason)).one()
        assert session.scalar(text("SELECT count(*) FROM readings_dead_letter")) == 1

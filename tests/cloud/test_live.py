"""The stream of a store's news: one's own store and patients, nothing of anybody else."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from cloud.fleet import services as fleet
from cloud.kernel import facts, live
from cloud.kernel.database import unit_of_work
from cloud.kernel.facts import Fact
from cloud.readings import intake
from protocols.envelope import parse
from tests.cloud.ingest.test_writer import birth, death
from tests.cloud.readings.parcels_here import Outbox

News = list[tuple[str, dict[str, str]]]


@pytest.fixture
def tune_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Callable[[], News]]]:
    """Open a stream; what it gives back tells what came until it beat."""
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.2)
    responses = []

    def tune(client: FlaskClient, **headers: str) -> Callable[[], News]:
        response = client.get("/live?since=99999999999999", headers=headers)
        responses.append(response)
        assert (response.status_code, response.mimetype) == (200, "text/event-stream")
        chunks = response.iter_encoded()
        return lambda: until_beat(chunks)

    yield tune
    for response in responses:
        response.close()


def until_beat(chunks: Iterator[bytes]) -> News:
    found: News = []
    for chunk in chunks:
        lines = dict(line.split(": ", 1) for line in chunk.decode().strip().splitlines())
        if lines.get("event") == "beat":
            return found
        if "data" in lines:
            found.append((lines.get("event", "message"), json.loads(lines["data"])))
    raise AssertionError("the stream ended")


def test_the_stream_begins_with_how_the_store_is_and_beats(world, sign_in, tune_in):
    news = tune_in(sign_in(world.alice))
    assert news() == [("gateway", {"state": "offline"})]
    assert news() == []


def test_a_reading_is_told_to_its_store_and_its_patient(engine, world, sign_in, tune_in):
    pier, hill, mill = (tune_in(sign_in(one)) for one in (world.alice, world.bob, world.charlie))
    for news in (pier, hill, mill):
        news()
    outbox = Outbox(world.pier)
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(outbox.reading("R-1"))])

    patient = ("message", {"topic": f"readings.patient.{world.grace}"})
    assert pier() == [("message", {"topic": "readings.store"}), patient]
    assert hill() == [patient]
    assert mill() == []


def test_a_gateway_that_comes_and_goes_is_told_with_its_state(engine, world, sign_in, tune_in):
    news = tune_in(sign_in(world.alice))
    news()
    topic = world.pier.address.up("state")
    for said, state in ((birth("s-1"), "online"), (death("s-1"), "offline")):
        with unit_of_work(engine, world.one) as session:
            fleet.note(session, world.pier.id, world.pier.sender.gateway_id, parse(topic), said)
        assert news() == [("message", {"topic": "fleet.store"}), ("gateway", {"state": state})]


def test_a_stream_goes_on_after_the_last_event_it_heard(app, engine, world, sign_in, tune_in):
    with app.extensions["emmetra.hub"].page(world.one, 0) as page:
        for topic in ("heard", "missed"):
            with unit_of_work(engine, world.one) as session:
                facts.announce(session, Fact(topic=topic, tenant_id=world.one))
        found = page.next()
        page.next()
    news = tune_in(sign_in(world.alice), **{"Last-Event-ID": str(found[0])})
    assert news() == [("gateway", {"state": "offline"}), ("message", {"topic": "missed"})]


def test_a_fact_carries_no_name_and_no_value(engine, world, sign_in, tune_in):
    news = tune_in(sign_in(world.alice))
    outbox = Outbox(world.pier)
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(outbox.reading("R-1"))])
    assert not [word for word in ("Okafor", "R-1", "1.75") if word in str(news())]

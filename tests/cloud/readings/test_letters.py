"""Dead letters: tried again, set aside, never edited, never twice."""

import pytest
from sqlalchemy import Engine, select

from cloud.kernel.database import unit_of_work
from cloud.readings import intake, letters
from cloud.readings import sorting as sorting_room
from cloud.readings.errors import NoSuchLetter, Settled
from cloud.readings.models import DeadLetter, Reading, Replay
from tests.cloud.people_here import World
from tests.cloud.readings.letters_here import unknown_kind
from tests.cloud.readings.parcels_here import Line, Outbox


@pytest.fixture
def line(engine: Engine, world: World) -> Line:
    """A row that this cloud cannot read, buried."""
    return buried(engine, world, Outbox(world.pier))


def buried(engine: Engine, world: World, outbox: Outbox) -> Line:
    line = unknown_kind(outbox)
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(line)])
    return line


def learn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer cloud: it knows the word that it did not."""
    old = sorting_room.readings.from_json
    monkeypatch.setattr(
        sorting_room.readings, "from_json", lambda body: old(bytes(body).replace(b"aurometry", b"autorefraction"))
    )


def ids(session) -> list[int]:
    return [one.letter.id for one in letters.page(session)]


def test_a_letter_that_still_cannot_be_read_stays_and_says_why(engine, world, line):
    with unit_of_work(engine, world.one) as session:
        done = letters.replay(session, ids(session)[0], by=world.omar.id)

        assert (done.outcome, "kind" in (done.why or "")) == ("refused", True)
        assert letters.waiting(session) == 1
        assert session.scalars(select(Reading)).all() == []


def test_what_a_newer_cloud_can_read_is_taken_once_with_its_own_number(engine, world, line, monkeypatch):
    learn(monkeypatch)
    with unit_of_work(engine, world.one) as session:
        done = letters.replay(session, ids(session)[0], by=world.omar.id)
        taken = session.scalars(select(Reading)).one()

        assert (done.outcome, done.why) == ("taken", None)
        assert (taken.reading_id, taken.seq) == (line.id, line.seq)
        assert letters.waiting(session) == 0


def test_a_settled_letter_is_not_tried_again(engine, world, line, monkeypatch):
    learn(monkeypatch)
    with unit_of_work(engine, world.one) as session:
        letter = ids(session)[0]
        letters.replay(session, letter, by=world.omar.id)
        with pytest.raises(Settled):
            letters.set_aside(session, letter, why="late", by=world.omar.id)

        assert [one.outcome for one in session.scalars(select(Replay))] == ["taken"]


def test_all_that_wait_are_tried_the_oldest_first(engine, world, line, monkeypatch):
    buried(engine, world, Outbox(world.pier))
    with unit_of_work(engine, world.one) as session:
        assert letters.replay_all(session, by=world.omar.id) == {"taken": 0, "refused": 2}
    learn(monkeypatch)
    with unit_of_work(engine, world.one) as session:
        assert letters.replay_all(session, by=world.omar.id) == {"taken": 2, "refused": 0}
        assert len(session.scalars(select(Reading)).all()) == 2


def test_what_is_set_aside_is_kept_and_listed_with_its_reason(engine, world, line):
    with unit_of_work(engine, world.one) as session:
        letters.set_aside(session, ids(session)[0], why="a test of the maker's", by=world.omar.id)

        assert ids(session) == []
        assert [one.last.why for one in letters.page(session, settled=True)] == ["a test of the maker's"]
        assert len(session.scalars(select(DeadLetter)).all()) == 1


def test_another_chain_finds_no_letter(engine, world, line):
    with unit_of_work(engine, world.one) as session:
        letter = ids(session)[0]
    with unit_of_work(engine, world.two) as session:
        assert ids(session) == []
        with pytest.raises(NoSuchLetter):
            letters.replay(session, letter, by=world.charlie.id)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Replay)).all() == []


def test_an_engineer_tries_and_sets_aside_on_the_page(engine, world, line, sign_in):
    client = sign_in(world.omar)

    page = client.get("/dead-letters").get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        letter = ids(session)[0]
    refused = client.post(f"/dead-letters/{letter}/again", follow_redirects=True).get_data(as_text=True)
    empty = client.post(f"/dead-letters/{letter}/aside", data={"why": " "}, follow_redirects=True)
    done = client.post(f"/dead-letters/{letter}/aside", data={"why": "Old format"}, follow_redirects=True)
    settled = client.get("/dead-letters?settled=1").get_data(as_text=True)

    assert (">gw-1</a>" in page, "Try all again" in page) == (True, True)
    assert "It still cannot be taken" in refused
    assert "Say why it is set aside" in empty.get_data(as_text=True)
    assert "Everything gateways sent could be taken" in done.get_data(as_text=True)
    assert "Set aside: Old format" in settled

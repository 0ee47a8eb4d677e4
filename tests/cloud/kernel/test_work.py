"""A unit of work is kept or dropped whole; facts are told once it is kept; the hub carries them to pages."""

import queue
import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, func, select, text

from cloud.kernel import audit, facts, live
from cloud.kernel.audit import Entry
from cloud.kernel.database import normalized, outside, unit_of_work
from cloud.kernel.facts import CHANNEL, Fact
from cloud.kernel.live import BACKLOG, Closed, Hub, Page
from cloud.people.models import Patient
from tests.cloud.servers import Server, wait_until


@pytest.fixture
def listening(server: Server, database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.app_url(database), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield connection


def heard(connection: psycopg.Connection, tenant_id: int) -> list[Fact]:
    """Everything told to this chain so far; a mark of our own comes after it."""
    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, '{"topic":"mark","tenant_id":0}'))
    found = list[Fact]()
    for notice in connection.notifies(timeout=10):
        fact = facts.read(notice.payload)
        if fact.topic == "mark":
            return [one for one in found if one.tenant_id == tenant_id]
        found.append(fact)
    raise AssertionError("the mark did not come")


def patients(engine: Engine, tenant_id: int) -> int:
    with unit_of_work(engine, tenant_id) as session:
        return session.scalar(select(func.count()).select_from(Patient)) or 0


def test_what_ends_well_is_kept_and_what_raises_is_dropped(engine, world):
    with unit_of_work(engine, world.one) as session:
        session.add(Patient(record_number="K", family_name="Kept"))
    with pytest.raises(InterruptedError), unit_of_work(engine, world.one) as session:
        session.add(Patient(record_number="D", family_name="Dropped"))
        session.flush()
        raise InterruptedError
    assert patients(engine, world.one) == 3


def test_rows_stay_readable_after_the_work(engine, world):
    with unit_of_work(engine, world.one) as session:
        patient = session.get_one(Patient, (world.one, world.grace))
    assert patient.family_name == "Okafor"


def test_facts_are_told_after_the_commit_and_never_of_what_was_dropped(engine, world, listening):
    kept = Fact(topic="kept", tenant_id=world.one, store_id=3, subject="7")
    with unit_of_work(engine, world.one) as session:
        facts.announce(session, kept)
        assert heard(listening, world.one) == []
    assert heard(listening, world.one) == [kept]
    with pytest.raises(InterruptedError), unit_of_work(engine, world.one) as session:
        facts.announce(session, Fact(topic="dropped", tenant_id=world.one))
        raise InterruptedError
    assert heard(listening, world.one) == []


def test_a_deed_and_its_line_in_the_trail_stand_or_fall_together(engine, world):
    with pytest.raises(InterruptedError), unit_of_work(engine, world.one) as session:
        audit.note(session, by=world.alice.id, verb="tried", kind="patient", subject=world.grace)
        session.flush()
        raise InterruptedError
    with unit_of_work(engine, world.one) as session:
        audit.note(session, by=None, verb="done", kind="patient", subject=world.grace, where="here")
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Entry).where(Entry.verb.in_(["tried", "done"]))).all()
    assert [(e.verb, e.staff_id, e.subject_id, e.details) for e in found] == [
        ("done", None, str(world.grace), {"where": "here"})
    ]


def test_units_of_work_of_two_chains_do_not_meet_in_the_pool(engine, world):
    """One connection serves one chain after the other, in several threads."""
    wrong = list[int]()

    def look(tenant_id: int, number: int) -> None:
        for _turn in range(20):
            if patients(engine, tenant_id) != number:
                wrong.append(tenant_id)

    threads = [threading.Thread(target=look, args=pair) for pair in [(world.one, 2), (world.two, 1)] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


def test_times_come_in_utc_whatever_the_server_thinks(engine):
    with outside(engine) as session:
        assert session.scalar(text("SHOW timezone")) == "UTC"


@pytest.mark.parametrize("written", ["postgresql://h/d", "postgres://h/d", "postgresql+psycopg://h/d"])
def test_a_url_may_be_written_in_any_usual_way(written):
    assert normalized(written) == "postgresql+psycopg://h/d"


# Live pages


@pytest.fixture
def hub(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.2)
    hub = Hub(server.app_url(database))
    yield hub
    hub.close()


def tell(engine: Engine, tenant_id: int, topic: str) -> None:
    with unit_of_work(engine, tenant_id) as session:
        facts.announce(session, Fact(topic=topic, tenant_id=tenant_id))


def topics(page: Page) -> list[str]:
    """What came until a quiet while."""
    found = list[str]()
    while (one := page.next()) is not None:
        found.append(one[1].topic)
    return found


def test_a_page_hears_its_own_chain_in_order_and_no_other(engine, world, hub):
    with hub.page(world.one, 0) as page:
        for topic in ("first", "second"):
            tell(engine, world.one, topic)
            tell(engine, world.two, "theirs")
        assert topics(page) == ["first", "second"]


def test_numbers_rise(engine, world, hub):
    with hub.page(world.one, 0) as page:
        for _fact in range(5):
            tell(engine, world.one, "news")
        numbers = [found[0] for found in iter(page.next, None)]
    assert len(set(numbers)) == 5
    assert numbers == sorted(numbers)


def test_a_page_begins_where_it_was_drawn(engine, world, hub):
    with hub.page(world.one, 0) as first:
        tell(engine, world.one, "before")
        before = first.next()
        assert before
        tell(engine, world.one, "while it was drawn")
        assert topics(first) == ["while it was drawn"]
    with hub.page(world.one, before[0]) as page:
        assert topics(page) == ["while it was drawn"]


def test_a_page_that_falls_behind_starts_anew():
    page = Page(1)
    for number in range(BACKLOG + 1):
        page.push(number, Fact(topic="news", tenant_id=1))
    with pytest.raises(Closed):
        page.next()


def test_a_page_that_was_ended_says_so_after_what_it_still_has():
    page = Page(1)
    page.push(1, Fact(topic="last", tenant_id=1))
    page.push(0, None)
    assert page.next() == (1, Fact(topic="last", tenant_id=1))
    with pytest.raises(Closed):
        page.next()


def test_a_closed_page_is_handed_nothing(engine, world, hub):
    with hub.page(world.one, 0) as gone:
        pass
    with hub.page(world.one, 0) as page:
        tell(engine, world.one, "news")
        assert topics(page) == ["news"]
    with pytest.raises(queue.Empty):
        gone._queue.get_nowait()


def test_a_message_that_is_no_fact_is_passed_over(server, database, engine, world, hub):
    with hub.page(world.one, 0) as page:
        with psycopg.connect(server.app_url(database), autocommit=True) as connection:
            connection.execute("SELECT pg_notify(%s, 'nonsense')", (CHANNEL,))
        tell(engine, world.one, "news")
        assert topics(page) == ["news"]


def test_when_the_database_restarts_pages_start_anew_and_hear_again(server, engine, world, hub):
    with hub.page(world.one, 0) as page:
        server.stop()
        server.start()
        with pytest.raises(Closed):
            while True:
                page.next()
    wait_until(hub.listening)
    with hub.page(world.one, 0) as page:
        tell(engine, world.one, "news")
        assert topics(page) == ["news"]


def test_a_page_opened_while_nobody_listens_starts_anew(monkeypatch):
    hub = Hub("postgresql:///nowhere?host=/nowhere")
    monkeypatch.setattr(hub._listening, "wait", lambda _patience: False)
    with hub.page(1, 0) as page, pytest.raises(Closed):
        page.next()
    hub.close()


def test_a_closed_hub_leaves_no_thread(server, database, world):
    hub = Hub(server.app_url(database))
    with hub.page(world.one, 0):
        threads = [one for one in threading.enumerate() if one.name == "live-hub" and one is hub._thread]
    hub.close()
    assert len(threads) == 1
    wait_until(lambda: not threads[0].is_alive())

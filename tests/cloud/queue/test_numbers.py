"""Every number once: the cloud and two gateways give tickets and never hear of each other."""

import threading
from datetime import date

import pytest
from sqlalchemy import text

from cloud.queue import numbers
from cloud.queue.errors import NoNumbers

DAY = date(2026, 11, 23)


def test_numbers_begin_anew_every_day_and_count_up(store):
    with store.work() as session:
        found = [numbers.draw(session, store.world.pier.id, DAY, "A") for _ in range(52)]
        assert found[:2] + found[50:] == ["A001", "A002", "A051", "A052"]
        assert numbers.draw(session, store.world.pier.id, date(2026, 11, 24), "A") == "A001"
        assert numbers.draw(session, store.world.pier.id, DAY, "B") == "B001"
        assert numbers.draw(session, store.world.hill.id, DAY, "A") == "A001"


def test_what_a_gateway_leased_the_cloud_never_gives(store):
    with store.work() as session:
        gateway = store.world.pier.sender.gateway_id
        lease = numbers.lend(session, store.world.pier.id, DAY, "A", gateway)
        assert (lease.first, lease.last) == (680, 999)
        found = []
        with pytest.raises(NoNumbers):
            while True:
                found.append(numbers.draw(session, store.world.pier.id, DAY, "A"))
        assert found == [f"A{n:03}" for n in range(1, 680)]
        with pytest.raises(NoNumbers):
            numbers.lend(session, store.world.pier.id, DAY, "A", gateway)


def test_a_gateways_number_counts_once_and_only_where_it_was_leased(store):
    pier = store.world.pier
    with store.work() as session:
        gateway = pier.sender.gateway_id
        numbers.lend(session, pier.id, DAY, "A", gateway)
        numbers.given(session, pier.id, DAY, "A681", gateway)
        for ticket in ("A681", "A680", "A001", "B680"):
            with pytest.raises(NoNumbers):
                numbers.given(session, pier.id, DAY, ticket, gateway)
        with pytest.raises(NoNumbers):
            numbers.given(session, pier.id, DAY, "A682", store.world.hill.sender.gateway_id)
        numbers.given(session, pier.id, DAY, "A682", gateway)


def test_a_gateway_that_runs_short_is_lent_more(store):
    pier = store.world.pier
    with store.work() as session:
        gateway = pier.sender.gateway_id
        assert [(one.first, one.last) for one in numbers.leased(session, pier.id, DAY, "A", gateway)] == [(680, 999)]
        numbers.given(session, pier.id, DAY, "A840", gateway)
        spans = [(one.first, one.last) for one in numbers.leased(session, pier.id, DAY, "A", gateway)]
        assert spans == [(680, 999), (360, 679)]


def test_many_desks_at_once_never_give_a_number_twice(store):
    found, lock = [], threading.Lock()

    def draw() -> None:
        for _ in range(12):
            with store.work() as session:
                number = numbers.draw(session, store.world.pier.id, DAY, "A")
            with lock:
                found.append(number)

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [f"A{n:03}" for n in range(1, 73)]


def test_the_database_holds_a_ticket_once_a_day(store):
    with store.work() as session:
        stay, _step = store.come(session)
        again = f"""INSERT INTO queue_stay SELECT (jsonb_populate_record(s, jsonb_build_object('id', 999999,
            'digest', 'x'))).* FROM queue_stay s WHERE id = {stay.id}"""
        with pytest.raises(Exception, match="uq_queue_stay_tenant_id_store_id_day_ticket"):
            session.execute(text(again))
        session.rollback()

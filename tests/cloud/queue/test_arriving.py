"""Coming in: once for the same thing, within the quota, with a fee or within the days in which there is none."""

from datetime import timedelta

import pytest

from cloud.queue import gates, queries, services
from cloud.queue.errors import HereAlready, QuotaFull


@pytest.fixture
def general(store):
    """The general registration costs 25.00, and nothing within seven days of one that was paid."""
    with store.work() as session:
        kind = queries.kind(session, store.world.pier.id, "general")
        kind.fee, kind.free_days = 2500, 7


def earlier(store, session, days, paid):
    day = queries.today(session, store.world.pier.id) - timedelta(days=days)
    stay, _step = store.come(session, patient_id=store.world.grace, day=day)
    if paid:
        gates.pay(session, stay, 2500, by=store.world.rosa.id)
    services.leave(session, stay, by=store.world.rosa.id)
    return stay


@pytest.mark.parametrize(("days", "paid", "fee"), [(0, True, 0), (7, True, 0), (8, True, 2500), (3, False, 2500)])
def test_a_visit_again_within_days_of_one_that_was_paid_costs_nothing(store, general, days, paid, fee):
    with store.work() as session:
        earlier(store, session, days, paid)
        stay, _step = store.come(session, patient_id=store.world.grace)
        assert stay.fee == fee


def test_what_was_cancelled_or_of_another_kind_or_person_makes_nothing_free(store, general):
    with store.work() as session:
        stay = earlier(store, session, 1, paid=True)
        assert store.come(session, patient_id=store.world.per)[0].fee == 2500
        assert store.come(session)[0].fee == 2500
        back, _step = store.come(session, patient_id=store.world.grace)
        services.cancel(session, back, by=store.world.rosa.id, why="Wrong day")
        assert gates.owed(session, stay).paid == 2500


def test_nobody_is_here_twice_for_the_same_thing(store):
    with store.work() as session:
        stay, _step = store.come(session, patient_id=store.world.grace)
        with pytest.raises(HereAlready) as refusal:
            store.come(session, patient_id=store.world.grace)
        assert refusal.value.args == (stay.id, stay.ticket)
        assert store.come(session, "collection", patient_id=store.world.grace)[0].ticket == "C001"
        services.leave(session, stay, by=None)
        assert store.come(session, patient_id=store.world.grace)[0].id != stay.id


def test_a_quota_counts_those_who_came_and_not_those_who_were_cancelled(store):
    with store.work() as session:
        queries.kind(session, store.world.pier.id, "general").quota = 2
        first, _step = store.come(session)
        store.come(session)
        with pytest.raises(QuotaFull):
            store.come(session)
        services.cancel(session, first, by=store.world.rosa.id, why="Went home")
        assert store.come(session)[0].ticket == "A003"

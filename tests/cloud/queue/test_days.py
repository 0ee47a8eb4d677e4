"""A day ends: nobody of yesterday waits today, and what nobody ended ends by itself, with a reason."""

from datetime import timedelta

from cloud.kernel.clock import now
from cloud.queue import queries, services, tasks
from cloud.queue.choices import Step as State
from tests.cloud.queue.store_here import inline


def yesterday(store, session):
    return queries.today(session, store.world.pier.id) - timedelta(days=1)


def test_nobody_of_yesterday_is_in_todays_line(store):
    with store.work() as session:
        store.come(session, day=yesterday(store, session), at=now() - timedelta(days=1))
        _stay, mine = store.come(session)
        found = queries.open_steps(session, [store.stations["reception"]])
        assert [one.step.id for one in found] == [mine.id]


def test_what_nobody_ended_ends_with_the_day(store):
    with store.work() as session:
        old, step = store.come(session, day=yesterday(store, session), at=now() - timedelta(days=1))
        new, _step = store.come(session)
        services.turn(session, inline(step, old), State.SERVING, by=store.world.rosa.id)
        assert tasks.close(session) == 1
        assert (old.state, old.why, old.through, new.state) == ("left", "The day was over.", "system", "here")
        assert store.step(session, step.id).step.state == State.LEFT
        assert tasks.close(session) == 0


def test_the_worker_looks_every_ten_minutes(store, engine):
    with store.work() as session:
        store.come(session, day=yesterday(store, session), at=now() - timedelta(days=1))
    closer = tasks.Closer()
    assert (closer.work(engine), closer.work(engine)) == (True, False)

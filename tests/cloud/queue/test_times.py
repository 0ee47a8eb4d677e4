"""How long people waited and were served, from hand-offs alone; how long still, told only where it can be."""

from datetime import timedelta

from cloud.kernel.clock import now
from cloud.queue import calling, queries, services, spans, times
from cloud.queue.choices import Step as State
from cloud.queue.models import Station
from tests.cloud.queue.store_here import inline, minutes_ago


def test_every_minute_of_a_step_is_somewhere(store):
    """In at 60, called at 45, in the room at 40, away for drops at 30, back at 10, signed at 4, gone at 0."""
    with store.work() as session:
        stay, first = store.come(session, at=minutes_ago(60))
        step = services.transfer(session, inline(first, stay), store.stations["doctor"], by=store.world.rosa.id)
        _walk(session, store, step, (("called", 45), ("in_room", 40), ("held", 30), ("waiting", 10), ("in_room", 4)))
        found = spans.by_subject(spans.spans(queries.moves(session, [stay.id])))[step.id]
        at = now()

        told = {state: round(spans.seconds(found, [state], at) / 60) for state in ("called", "in_room", "held")}
        assert told == {"called": 5, "in_room": 14, "held": 20}
        assert round(spans.served(found, at) / 60) == 14


def _walk(session, store, step, way):
    for state, ago in way:
        services.turn(session, store.step(session, step.id), State(state), by=store.world.alice.id, at=minutes_ago(ago))


def test_the_report_says_how_long_by_station_and_by_person(store):
    with store.work() as session:
        came = minutes_ago(60)  # which may have been yesterday
        for begun, ended in ((30, 20), (20, 4)):
            stay, step = store.come(session, at=came)
            one = inline(step, stay)
            services.turn(session, one, State.SERVING, by=store.world.rosa.id, at=minutes_ago(begun))
            services.turn(session, one, State.DONE, by=store.world.rosa.id, at=minutes_ago(ended))
        found = times.report(session, store.world.pier.id, stay.day)
        reception = store.stations["reception"]

        assert [round(one.waited / 60) for one in found.lines] == [30, 40]
        assert round(found.waited[reception].mean / 60) == 35
        assert [round(found.served[reception].longest / 60), found.by_person[store.world.rosa.id].count] == [16, 2]
        assert round(found.whole.median / 60) == 48


def test_nothing_is_promised_where_too_few_were_called(store):
    with store.work() as session:
        line = [store.at_doctor(session, minutes=60 - n) for n in range(5)]
        assert times.estimate(session, store.stations["doctor"], 2) is None
        first = minutes_ago(40)
        for n, number in enumerate(line[:4]):
            at = first + timedelta(minutes=10 * n)
            services.turn(session, store.step(session, number), State.IN_ROOM, by=store.world.alice.id, at=at)

        assert times.estimate(session, store.stations["doctor"], 0) == (0, 10)
        assert times.estimate(session, store.stations["doctor"], 2) == (20, 30)


def test_how_long_is_a_range_of_the_pace_of_today():
    at = now()
    taken = [at + timedelta(minutes=n) for n in (0, 4, 10, 20, 28)]
    assert spans.ahead(taken, 3) == (timedelta(minutes=18), timedelta(minutes=40))


def test_the_calls_of_a_day_count_from_one(store):
    with store.work() as session:
        station = session.get(Station, (store.world.one, store.stations["doctor"]))
        station.calls, station.called_on = 40, minutes_ago(3000).date()
        store.at_doctor(session)
        assert queries.calls_today(session, station) == 0
        calling.next_(session, station.id, None, by=store.world.alice.id)
        assert queries.calls_today(session, station) == 1

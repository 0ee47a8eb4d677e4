"""Who is called, where, how often; what happens when nobody comes."""

import threading

import pytest

from cloud.queue import calling, gates, queries, services
from cloud.queue.choices import Step as State
from cloud.queue.errors import NobodyWaits, NotDrawn, NotPaid, WantsReason
from cloud.queue.models import Call, Kind, Station
from tests.cloud.queue.store_here import inline


def test_next_calls_who_waits_longest_to_this_door(store):
    with store.work() as session:
        second, first = store.at_doctor(session, minutes=5), store.at_doctor(session, minutes=9)
        room = store.room(session, 3)
        one, call = calling.next_(session, store.stations["doctor"], room, by=store.world.alice.id)

        assert (one.step.id, one.step.state, one.step.desk_id) == (first, State.CALLED, room.id)
        assert (call.turn, call.desk_id) == (1, room.id)
        assert queries.step(session, second, store.world.pier.id).step.state == State.WAITING


def test_nobody_waits(store):
    with store.work() as session, pytest.raises(NobodyWaits):
        calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)


def test_who_asked_for_a_doctor_is_called_by_that_doctor_alone(store):
    with store.work() as session:
        stay, step = store.come(session)
        mine = services.transfer(
            session, inline(step, stay), store.stations["doctor"], by=store.world.rosa.id, staff_id=store.world.bob.id
        )
        with pytest.raises(NobodyWaits):
            calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        one, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.bob.id)
        assert one.step.id == mine.id


def test_a_call_again_is_the_next_turn_of_the_same_call(store):
    with store.work() as session:
        number = store.at_doctor(session)
        one, first = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        again = calling.this(session, one, None, by=store.world.alice.id)

        assert (first.uid, first.turn, again.turn) == (again.uid, 1, 2)
        assert store.step(session, number).step.turn == 2


def test_who_waits_anew_is_called_anew(store):
    """Back in line, a call is another one: a gateway carries each turn of a call out once."""
    with store.work() as session:
        number = store.at_doctor(session)
        one, first = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        services.turn(session, one, State.WAITING, by=store.world.alice.id)
        again, second = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)

        assert (again.step.id, second.turn, second.uid != first.uid) == (number, 1, True)


def test_who_misses_three_calls_is_not_called_any_more(store):
    with store.work() as session:
        number = store.at_doctor(session)
        for _turn in range(2):
            one, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
            calling.missed(session, one, by=store.world.alice.id)
            assert store.step(session, number).step.state == State.WAITING
        one, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        calling.missed(session, one, by=store.world.alice.id)

        assert store.step(session, number).step.state == State.MISSED
        with pytest.raises(NobodyWaits):
            calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)


def test_who_missed_a_call_stands_behind_three_others(store):
    with store.work() as session:
        late = store.at_doctor(session, minutes=30)
        others = [store.at_doctor(session, minutes=20 - n) for n in range(4)]
        one, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        calling.missed(session, one, by=store.world.alice.id)
        called = [
            calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)[0].step.id for _ in range(5)
        ]
        assert called == [*others[:3], late, others[3]]


def test_where_one_pays_first_nobody_is_called_unpaid_but_an_emergency(store):
    with store.work() as session:
        session.get(Station, (store.world.one, store.stations["doctor"])).paid_first = True
        kind = queries.kind(session, store.world.pier.id, "general")
        kind.fee = 2500
        session.flush()
        number = store.at_doctor(session)
        one = store.step(session, number)
        with pytest.raises(NobodyWaits):
            calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
        with pytest.raises(NotPaid):
            calling.this(session, one, None, by=store.world.alice.id)
        with pytest.raises(WantsReason):
            gates.override(session, one.stay, by=store.world.alice.id, why=" ")
        gates.override(session, one.stay, by=store.world.alice.id, why="Sudden loss of sight")
        found, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)

        assert found.step.id == number
        assert gates.owed(session, one.stay).due == 2500


def test_what_is_paid_is_paid_once_and_not_more(store):
    with store.work() as session:
        session.get(Kind, (store.world.one, queries.kind(session, store.world.pier.id, "general").id)).fee = 2500
        session.flush()
        stay, _step = store.come(session, patient_id=store.world.grace)
        with pytest.raises(NotPaid):
            gates.pay(session, stay, 2501, by=store.world.rosa.id)
        gates.pay(session, stay, 2500, by=store.world.rosa.id)
        with pytest.raises(NotPaid):
            gates.pay(session, stay, 1, by=store.world.rosa.id)
        assert services.cancel(session, stay, by=store.world.rosa.id, why="Came on the wrong day") == 2500
        assert gates.owed(session, stay).paid == 0


def test_nobody_is_called_who_is_served_already(store):
    with store.work() as session:
        number = store.at_doctor(session)
        one = store.step(session, number)
        services.turn(session, one, State.IN_ROOM, by=store.world.alice.id)
        with pytest.raises(NotDrawn):
            calling.this(session, one, None, by=store.world.alice.id)


@pytest.mark.parametrize("rounds", [6])
def test_two_who_press_at_the_same_instant_get_two_people(store, rounds):
    """Every round: as many doctors as people, all at once; each person once, nobody left, in the order of the line."""
    for _round in range(rounds):
        with store.work() as session:
            line = [store.at_doctor(session, minutes=60 - n) for n in range(8)]
        found: list[int] = []
        ready = threading.Barrier(8)

        def press(ready=ready, found=found) -> None:
            ready.wait()
            with store.work() as session:
                one, _call = calling.next_(session, store.stations["doctor"], None, by=store.world.alice.id)
                found.append(one.step.id)

        threads = [threading.Thread(target=press) for _ in line]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(found) == sorted(line)
        with store.work() as session:
            made = session.query(Call).where(Call.step_id.in_(line)).count()
            assert made == len(line)
            for number in line:
                services.turn(session, store.step(session, number), State.IN_ROOM, by=store.world.alice.id)
                services.turn(session, store.step(session, number), State.DISCHARGED, by=store.world.alice.id, why="-")


def test_who_is_handed_on_to_where_they_were_planned_goes_there_once(store):
    with store.work() as session:
        stay, step = store.come(session)
        doctor, bob = store.stations["doctor"], store.world.bob.id
        planned = services.line_up(session, stay, doctor, by=None, staff_id=bob, planned=True)
        moved = services.transfer(session, inline(step, stay), doctor, by=store.world.rosa.id)

        assert (moved.id, moved.state, moved.staff_id, moved.queued_at) == (
            planned.id,
            State.WAITING,
            bob,
            step.queued_at,
        )
        assert len(queries.steps_of(session, [stay.id])[stay.id]) == 2

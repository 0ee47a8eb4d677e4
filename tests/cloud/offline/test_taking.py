"""What a gateway did without us is taken over once, in its order, at its moments; what does not fit is kept beside."""

import threading
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.offline import beside, taking
from cloud.offline import services as choosing
from cloud.queue import calling, gates, holding, queries, services
from cloud.queue.choices import Step as State
from cloud.queue.models import Call, Clearing, Kept, Move, Station, Stay
from protocols.envelope import Event
from protocols.envelope.calls import Answer
from protocols.envelope.messages import Malformed
from protocols.envelope.queue import KEPT, Answered, Came, Cleared, Made, Sent
from tests.cloud.offline.gateway_here import Gateway, iso, stay, step
from tests.cloud.queue.store_here import minutes_ago


@pytest.fixture
def held(gateway):
    """The gateway keeps the book and has the queue."""
    gateway.keeps()
    gateway.holds()
    return gateway


def today(store):
    with store.work() as session:
        return queries.today(session, store.world.pier.id)


def came(store, ticket="A680", **told):
    return Came(offer="general", ticket=ticket, day=today(store).isoformat(), **told)


def waiting(store):
    with store.work() as session:
        return store.come(session, "green", at=minutes_ago(5))[1].id


def called(number, **told):
    made = Made(step=number, call=uuid.uuid4().hex, turn=1)
    return {"made": made, "changes": [step(number, "waiting", "called", turn=1, **told)]}


def test_a_call_stands_here_with_its_door_its_turn_and_its_moment(store, held):
    number, at = waiting(store), now()
    with store.work() as session:
        room = store.room(session, 3)
    told = called(number, desk=room.id)
    assert held.does("called", at=at, **told) == "taken"

    with store.work() as session:
        one = store.step(session, number).step
        assert (one.state, one.turn, one.desk_id, one.moved_at) == (State.CALLED, 1, room.id, at)
        call = session.scalars(select(Call).where(Call.step_id == number)).one()
        assert (call.uid.hex, call.turn, call.at, call.by) == (told["made"].call, 1, at, None)
        move = session.scalars(select(Move).where(Move.subject == number).order_by(Move.id.desc())).first()
        assert (move.through, move.at, move.by) == ("gateway", at, None)
        assert session.get_one(Station, (store.world.one, store.stations["doctor"])).calls == 1


def test_what_callers_answered_stands_with_the_call(store, held):
    number = waiting(store)
    told = called(number)
    held.does("called", **told)
    said = {"printer": Answer(state="failed", at=iso(now()), why="Out of paper.")}
    assert held.does("answered", answered=Answered(call=told["made"].call, turn=1, callers=said)) == "taken"
    with store.work() as session:
        call = session.scalars(select(Call).where(Call.step_id == number)).one()
        assert {name: (one["state"], one["why"]) for name, one in call.told.items()} == {
            "printer": ("failed", "Out of paper.")
        }


def test_somebody_who_came_meanwhile_has_the_gateways_number_and_goes_on(store, held):
    at = now()
    first = held.entry("came", at=at, came=came(store))
    assert held.says(first) == "taken"
    assert held.does("moved", changes=[step(-first.n, "waiting", "serving")]) == "taken"
    sent = Sent(stay=-first.n, station=store.stations["doctor"], queued_at=iso(at))
    second = held.entry("sent", sent=sent, changes=[step(-first.n, "serving", "moved")])
    assert held.says(second) == "taken"
    assert held.does("called", **called(-second.n)) == "taken"

    with store.work() as session:
        found = session.scalars(select(Stay).where(Stay.ticket == "A680", Stay.day == today(store))).one()
        assert (found.source, found.arrived_at, found.through) == ("gateway", at, "gateway")
        steps = queries.steps_of(session, [found.id])[found.id]
        assert [(one.station_id, one.state, one.queued_at) for one in steps] == [
            (store.stations["reception"], State.MOVED, at),
            (store.stations["doctor"], State.CALLED, at),
        ]


def test_an_appointments_time_is_kept_however_far_it_is(store, held):
    due = now() + timedelta(hours=3)
    held.does("came", came=came(store, due_at=iso(due)))
    with store.work() as session:
        assert session.scalars(select(Stay).where(Stay.ticket == "A680")).one().due_at == due


def test_a_quota_does_not_send_away_who_is_here_already(store, held):
    with store.work() as session:
        queries.kind(session, store.world.pier.id, "general").quota = 0
    assert held.does("came", came=came(store)) == "taken"


@pytest.mark.parametrize("ticket", ["A001", "A680"])
def test_a_number_that_is_not_the_gateways_or_was_given_is_kept_beside(store, held, ticket):
    if ticket == "A680":
        held.does("came", came=came(store))
    assert held.does("came", came=came(store, ticket)) == "kept number"
    with store.work() as session:
        assert [(one.ticket, one.what, one.why) for one in beside.unread(session, store.world.pier.id)] == [
            (ticket, "came", "number")
        ]


def test_what_a_colleague_did_here_meanwhile_stands(store, held):
    number = waiting(store)
    with store.work() as session:
        holding.regain(session, store.world.pier.id, by=store.world.alice.id)
        one = store.step(session, number)
        calling.this(session, one, None, by=store.world.bob.id)
        before = (one.step.moved_at, one.step.by)
    assert held.does("moved", changes=[step(number, "waiting", "left")]) == "kept moved"
    with store.work() as session:
        one = store.step(session, number).step
        assert (one.state, (one.moved_at, one.by)) == (State.CALLED, before)


def test_an_entry_is_taken_whole_or_not_at_all(store, held):
    first, second = waiting(store), waiting(store)
    changes = [step(first, "waiting", "called"), step(second, "called", "serving")]
    assert held.does("moved", changes=changes) == "kept moved"
    with store.work() as session:
        assert store.step(session, first).step.state == State.WAITING


def test_what_is_not_drawn_is_refused_to_a_gateway_too(store, held):
    number = waiting(store)
    assert held.does("moved", changes=[step(number, "waiting", "signed")]) == "kept not_drawn"
    with store.work() as session:
        assert store.step(session, number).step.state == State.WAITING


def test_money_that_was_taken_there_and_an_emergency_that_passed(store, held):
    with store.work() as session:
        rich, _step = store.come(session)
        poor, _step = store.come(session)
        rich.fee, poor.fee = 2500, 900
        ids = rich.id, poor.id
    assert held.does("cleared", cleared=Cleared(stay=ids[0], what="paid", amount=2500), by="Rosa") == "taken"
    passed = Cleared(stay=ids[1], what="overridden")
    assert held.does("cleared", cleared=passed, why="Acid in the eye", by="Rosa") == "taken"
    assert held.does("cleared", cleared=Cleared(stay=ids[0], what="paid", amount=1)) == "kept money"
    with store.work() as session:
        owed = [gates.owed(session, session.get_one(Stay, (store.world.one, one))) for one in ids]
        assert [(one.due, one.passed) for one in owed] == [(0, None), (900, "Acid in the eye (Rosa)")]
        said = session.scalars(select(Clearing).where(Clearing.stay_id.in_(ids))).all()
        assert {one.by for one in said} == {None}


def test_told_again_nothing_happens_twice(store, held):
    number = waiting(store)
    entry = held.entry("called", **called(number))
    assert [held.says(entry), held.says(entry)] == ["taken", "taken"]
    with store.work() as session:
        assert len(session.scalars(select(Call).where(Call.step_id == number)).all()) == 1


def test_what_comes_early_waits_for_what_is_before_it(store, held):
    number = waiting(store)
    first, second = (
        held.entry("called", **called(number)),
        held.entry("moved", changes=[step(number, "called", "left")]),
    )
    assert held.says(second) == "waits"
    assert held.says(first) == "taken"
    assert held.outcome(second) == "taken"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.randoms(use_true_random=False))
def test_in_whatever_order_and_however_often_it_is_told_it_ends_the_same(store, seed):
    gateway = Gateway(store)
    gateway.is_born()
    number = waiting(store)
    entries = [gateway.entry("took"), gateway.entry("called", **called(number))]
    entries += [gateway.entry("moved", changes=[step(number, *pair)]) for pair in (("called", "in_room"),)]
    entries += [gateway.entry("moved", changes=[step(number, "in_room", "waiting")]), gateway.entry("gave")]
    told = entries * 2
    seed.shuffle(told)
    for one in told:
        gateway.says(one)

    with store.work() as session:
        row = holding.of(session, store.world.pier.id)
        assert (row.hold, row.taken, row.ended) == (gateway.hold, len(entries), True)
        subject = (Move.machine == "doctor", Move.subject == number)
        states = session.scalars(select(Move.becomes).where(*subject).order_by(Move.id)).all()
        assert states == ["waiting", "called", "in_room", "waiting"]


def test_a_stay_ends_there_as_it_does_here(store, held):
    with store.work() as session:
        found, one = store.come(session)
        ids = found.id, one.id
    changes = [step(ids[1], "waiting", "serving"), step(ids[1], "serving", "done"), stay(ids[0], "here", "done")]
    assert held.does("moved", changes=changes) == "taken"
    with store.work() as session:
        assert session.get_one(Stay, (store.world.one, ids[0])).state == "done"


def test_a_clock_that_is_ahead_makes_no_stamp_of_tomorrow(store, held):
    number = waiting(store)
    held.does("called", at=now() + timedelta(days=2), **called(number))
    with store.work() as session:
        assert store.step(session, number).step.moved_at <= now()


def test_a_clock_that_is_behind_never_lets_a_stamp_run_backwards(store, held):
    number = waiting(store)
    with store.work() as session:
        before = store.step(session, number).step.moved_at
    held.does("called", at=minutes_ago(600), **called(number))
    with store.work() as session:
        assert store.step(session, number).step.moved_at >= before


def test_what_a_gateway_did_that_has_the_queue_no_more_is_shown_and_changes_nothing(store, held):
    number = waiting(store)
    with store.work() as session:
        choosing.regain(session, held.place.id, by=store.world.alice.id)
        choosing.choose(session, held.place.id, None, by=store.world.alice.id)
    assert held.does("called", **called(number)) == "kept gateway"
    with store.work() as session:
        assert store.step(session, number).step.state == State.WAITING
        assert [one.why for one in beside.unread(session, held.place.id)] == ["gateway"]


def test_a_step_of_another_chain_is_nobody_here(store, held):
    with unit_of_work(store.engine, store.world.two) as session:
        services.furnish(session, store.world.mill.id)
        kind = queries.kind(session, store.world.mill.id, "general")
        number = services.arrive(session, kind, by=store.world.charlie.id)[1].id
    assert held.does("moved", changes=[step(number, "waiting", "left")]) == "kept unknown"
    with unit_of_work(store.engine, store.world.two) as session:
        assert queries.step(session, number, store.world.mill.id).step.state == State.WAITING


@pytest.mark.parametrize("data", [{}, {"hold": "x", "n": 0}, {"hold": "x", "n": 1, "at": "", "what": "burns"}])
def test_what_is_no_entry_is_refused_without_a_word_of_it(store, held, data):
    with store.work() as session, pytest.raises(Malformed):
        taking.heard(session, held.id, held.place.id, Event(v=1, id="e", at=iso(now()), code=KEPT, text="", data=data))


def test_who_has_read_what_did_not_fit_is_asked_no_more(store, held):
    held.does("came", came=came(store, "A001"))
    with store.work() as session:
        beside.read(session, store.world.pier.id, by=store.world.alice.id)
    with store.work() as session:
        assert beside.unread(session, store.world.pier.id) == []
        assert len(session.scalars(select(Kept).where(Kept.outcome == "kept")).all()) == 1


def test_who_works_at_the_cloud_meanwhile_and_the_gateways_entries_never_wait_for_each_other_crosswise(store, held):
    """Both change the same person and the same store's book, one through pages and one through ingest."""
    number, wrong = waiting(store), []
    told = [("waiting", "held"), ("held", "waiting")] * 12
    entries = [held.entry("moved", changes=[step(number, *one)]) for one in told]

    def page() -> None:
        try:
            for n in range(24):
                with store.work() as session:
                    one = store.step(session, number)
                    services.hurry(session, one.stay, n % 2, by=store.world.alice.id, why="x")
                    services.line_up(session, one.stay, store.stations["cashier"], by=None, planned=True)
                    one.step.staff_id = None if n % 2 else store.world.bob.id
                    session.flush()
        except Exception as trouble:
            wrong.append(trouble)

    beside_it = [threading.Thread(target=page) for _ in range(2)]
    for one in beside_it:
        one.start()
    outcomes = {held.says(one) for one in entries}
    for one in beside_it:
        one.join(60)
    assert (wrong, outcomes) == ([], {"taken"})

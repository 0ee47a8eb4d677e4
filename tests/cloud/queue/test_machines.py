"""What may follow what: the same in Python and in the database, which keeps every hand-off by itself."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cloud.kernel.database import unit_of_work
from cloud.queue import moving, queries
from cloud.queue.choices import Machine
from cloud.queue.errors import NotDrawn
from cloud.queue.models import Move
from protocols.queue import machines


def test_the_database_knows_the_same_machines(store):
    with store.work() as session:
        rows = session.execute(text("SELECT machine, was, becomes FROM queue_drawn"))
        assert {tuple(row) for row in rows} == machines.drawn()


@pytest.mark.parametrize("machine", Machine)
def test_every_state_can_be_reached_and_left_or_is_an_end(machine):
    lines = machines.DRAWN[machine]
    reached, ahead = set(), {""}
    while ahead:
        reached |= ahead
        ahead = {one for was in ahead for one in lines.get(was, ())} - reached
    named = set(lines) | {one for all_ in lines.values() for one in all_}

    assert reached == named


@pytest.mark.parametrize(
    ("machine", "was"), [(one, was) for one, lines in machines.DRAWN.items() for was in lines if was]
)
def test_nothing_that_is_not_drawn_gets_past_the_database(store, machine, was):
    """Every pair of states of every machine, by SQL: what is not drawn is refused and leaves no trace."""
    with store.work() as session:
        subject, table = _put(session, store, machine, was)
    states = {one for all_ in machines.DRAWN[machine].values() for one in all_}
    for wanted in sorted(states - machines.DRAWN[machine][was]):
        with pytest.raises(IntegrityError, match="does not follow"), store.work() as session:
            session.execute(
                text(f"UPDATE {table} SET state = :wanted, moved_at = moved_at + interval '1 s' WHERE id = :id"),
                {"wanted": wanted, "id": subject},
            )
    with store.work() as session:
        assert session.execute(text(f"SELECT state FROM {table} WHERE id = {subject}")).scalar_one() == was


def _put(session, store, machine, state):
    """A row in this state, by the shortest way that is drawn."""
    stay, step = store.come(session)
    table = {"stay": "queue_stay", "counter": "queue_step", "doctor": "queue_step"}.get(machine, "queue_task")
    way = _way(machine, state)
    if machine == Machine.STAY:
        subject = stay.id
    elif table == "queue_step":
        subject = session.execute(
            text(
                "INSERT INTO queue_step (tenant_id, stay_id, station_id, not_before, turn, machine, state, through, "
                "moved_at) VALUES (:t, :s, :st, 0, 0, :m, :state, 'page', now()) RETURNING id"
            ),
            {"t": store.world.one, "s": stay.id, "st": step.station_id, "m": machine, "state": way[0]},
        ).scalar_one()
    else:
        subject = session.execute(
            text(
                "INSERT INTO queue_task (tenant_id, store_id, stay_id, patient_id, what, amount, told, asked_by, "
                "machine, state, through, moved_at) "
                "VALUES (:t, :store, :s, :p, 'x', 0, '{}', :by, :m, :state, 'page', now()) RETURNING id"
            ),
            {"t": store.world.one, "store": store.world.pier.id, "s": stay.id, "p": store.world.grace}
            | {"by": store.world.alice.id, "m": machine, "state": way[0]},
        ).scalar_one()
    for one in way[1:]:
        session.execute(text(f"UPDATE {table} SET state = '{one}', moved_at = clock_timestamp() WHERE id = {subject}"))
    return subject, table


def _way(machine, state):
    lines, ways = machines.DRAWN[machine], [[one] for one in machines.DRAWN[machine][""]]
    for way in ways:
        if way[-1] == state:
            return way
        ways.extend([*way, one] for one in sorted(lines.get(way[-1], ())) if one not in way)
    raise LookupError(state)


def test_python_refuses_the_same(store):
    with store.work() as session:
        stay, step = store.come(session)
        with pytest.raises(NotDrawn):
            moving.move(session, step, "done", by=None)
        with pytest.raises(NotDrawn):
            moving.move(session, stay, "here", by=None)


def test_every_move_leaves_a_stamp_of_who_when_and_through_what(store):
    with store.work() as session:
        stay, step = store.come(session)
        moving.move(session, step, "held", by=store.world.alice.id, why="drops")
        number = stay.id
    with store.work() as session:
        found = [(one.machine, one.was, one.becomes, one.by, one.why) for one in queries.moves(session, [number])]
    assert found == [
        ("stay", "", "here", store.world.rosa.id, None),
        ("counter", "", "waiting", store.world.rosa.id, None),
        ("counter", "waiting", "held", store.world.alice.id, "drops"),
    ]


def test_nobody_writes_a_stamp_by_hand_or_takes_one_away(store):
    with store.work() as session:
        stay, _step = store.come(session)
        number = stay.id
    with pytest.raises(ProgrammingError, match="permission denied"), store.work() as session:
        session.add(
            Move(
                stay_id=number,
                machine="stay",
                subject=number,
                was="here",
                becomes="done",
                through="page",
                at=stay.moved_at,
            )
        )
        session.flush()
    for deed in ("DELETE FROM queue_move", "UPDATE queue_move SET by = NULL", "DELETE FROM queue_drawn"):
        with pytest.raises(ProgrammingError, match="permission denied"), store.work() as session:
            session.execute(text(deed))


def test_another_chain_moves_nothing(store):
    with store.work() as session:
        _stay, step = store.come(session)
        number = step.id
    with unit_of_work(store.engine, store.world.two) as session:
        found = session.execute(text(f"UPDATE queue_step SET state = 'called' WHERE id = {number} RETURNING id")).all()
    assert found == []

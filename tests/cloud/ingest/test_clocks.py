"""A clock that is synced late corrects the times of its boot beside them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cloud.ingest.writer import ACCEPTED
from cloud.kernel.database import unit_of_work
from cloud.readings import queries
from cloud.readings.clocks import RULE, corrected
from cloud.readings.models import ClockFix, Reading

TRUE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NS = 10**9


def event(boot="b-1", mono_ns=900 * NS, at=TRUE, event_id="f-1", **data):
    said = {"boot": boot, "mono_ns": mono_ns, "offset_ms": 5_000, "err_ms": 12, **data}
    told = {"v": 1, "id": event_id, "at": at.isoformat(), "code": "clock_fix", "text": "synchronised", "data": said}
    return json.dumps(told).encode()


def heard(outbox, mono_s, boot="b-1", state="floor"):
    long_ago = "2024-01-01T00:00:00Z"
    return outbox.reading("R-1").but(boot=boot, mono_ns=mono_s * NS, ts_gw=long_ago, clk={"state": state})


def shown(engine, world, line):
    with unit_of_work(engine, world.one) as session:
        return queries.one(session, line.id)


def say(desk, world, payload):
    return desk.say(world.pier.address.up("e"), payload)


def test_the_time_that_passed_is_taken_off_the_true_time():
    assert corrected(TRUE, 900 * NS, 12, 300 * NS).at == TRUE - timedelta(minutes=10)


@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_two_hearings_stay_as_far_apart_as_they_were(first, second):
    at = [corrected(TRUE, 2**53, None, mono).at for mono in (first, second)]
    assert abs((at[1] - at[0]) - timedelta(microseconds=(second - first) / 1000)) <= timedelta(microseconds=2)


@pytest.mark.edge(
    "EDGE-216", "A reading heard before its gateway's clock was synced shows the corrected time beside the original."
)
def test_a_late_sync_corrects_what_was_heard_before_it_and_keeps_the_original(engine, world, desk, outbox):
    line = heard(outbox, 300)
    desk.send(outbox, line)
    before = shown(engine, world, line)
    assert say(desk, world, event()) == ACCEPTED
    after = shown(engine, world, line)

    assert before.corrected is None and before.captured_at == before.stamped_at
    assert after.captured_at == TRUE - timedelta(minutes=10)
    assert after.stamped_at == before.captured_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert (after.corrected.rule, after.corrected.err_ms) == (RULE, 12)
    assert "clock_unset" in {one.code for one in before.doubts}
    assert "clock_unset" not in {one.code for one in after.doubts}
    with unit_of_work(engine, world.one) as session:
        stored = session.scalars(select(Reading)).one()
    assert (stored.captured_at, stored.clock_state) == (before.captured_at, "floor")


@pytest.mark.parametrize(
    ("mono_s", "boot", "state"),
    [(901, "b-1", "coarse"), (300, "b-2", "floor"), (300, "b-1", "synced")],
    ids=["after it", "another boot", "synced already"],
)
@pytest.mark.edge("EDGE-217", "A fix changes no time of another boot, of a synced clock, or after it.")
def test_a_fix_is_for_its_own_boot_and_what_came_before(engine, world, desk, outbox, mono_s, boot, state):
    line = heard(outbox, mono_s, boot, state)
    desk.send(outbox, line)
    say(desk, world, event())
    assert shown(engine, world, line).corrected is None


def test_the_first_fix_after_a_hearing_counts(engine, world, desk, outbox):
    line = heard(outbox, 300)
    desk.send(outbox, line)
    say(desk, world, event(mono_ns=2000 * NS, at=TRUE + timedelta(hours=1), event_id="f-2"))
    say(desk, world, event())
    assert shown(engine, world, line).captured_at == TRUE - timedelta(minutes=10)


def test_a_fix_said_with_every_connection_is_one_fix(engine, world, desk):
    codes = [say(desk, world, event()) for _ in range(3)]
    with unit_of_work(engine, world.one) as session:
        assert (codes, session.scalar(select(func.count()).select_from(ClockFix))) == ([ACCEPTED] * 3, 1)


def test_another_gateways_boot_of_the_same_name_is_another_boot(engine, world, desk, outbox):
    line = heard(outbox, 300)
    desk.send(outbox, line)
    desk.say(world.mill.address.up("e"), event())
    assert shown(engine, world, line).corrected is None


@pytest.mark.parametrize(
    "wrong",
    [{"boot": ""}, {"boot": "b" * 41}, {"mono_ns": -1}, {"mono_ns": "1"}, {"offset_ms": 2**60}, {"err_ms": -1}],
)
def test_a_fix_that_is_none_is_kept_by_nobody_and_holds_nothing_up(engine, world, desk, wrong):
    assert say(desk, world, event(**wrong)) == ACCEPTED
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(ClockFix)) == 0


def test_the_page_of_a_patient_since_a_moment_goes_by_the_corrected_time(engine, world, desk, outbox):
    line = heard(outbox, 300)
    desk.send(outbox, line)
    say(desk, world, event())
    with unit_of_work(engine, world.one) as session:
        since = [TRUE - timedelta(minutes=minutes) for minutes in (11, 9)]
        found = [[one.id for one in queries.captured(session, [world.grace], moment, TRUE)] for moment in since]
    assert found == [[line.id], []]

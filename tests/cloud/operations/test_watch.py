"""What becomes of an alert, without a database: it fires once, waits out a line that comes and goes, ends by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.operations.watch import Condition, Decision, Key, Open, decide, is_quiet

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WAIT = timedelta(minutes=5)
LOST = Condition(7, 3, "instrument_lost", "ar-1")


def looked(standing: list[Open], seen: list[Condition], moment: datetime = NOON, *, held: bool = False) -> Decision:
    return decide(standing, {one.key: one for one in seen}, lambda _rule: WAIT, lambda _key: held, moment)


def test_what_is_seen_and_not_open_fires():
    assert looked([], [LOST]).fire == [LOST]


def test_what_is_open_already_does_not_fire_again():
    assert looked([Open(LOST.key)], [LOST]) == Decision()


def test_what_is_gone_is_first_calm_and_only_then_over():
    assert looked([Open(LOST.key)], []).calm == [LOST.key]
    early, late = NOON + WAIT - timedelta(seconds=1), NOON + WAIT
    assert looked([Open(LOST.key, NOON)], [], early) == Decision()
    assert looked([Open(LOST.key, NOON)], [], late).resolve == [LOST.key]


def test_what_comes_back_while_calm_is_the_same_alert():
    assert looked([Open(LOST.key, NOON)], [LOST]) == Decision(returned=[LOST.key])


def test_nothing_is_concluded_of_a_gateway_that_cannot_say():
    assert looked([Open(LOST.key)], [], held=True) == Decision()


def test_two_instruments_are_two_alerts():
    other = Condition(7, 3, "instrument_lost", "lm-1")
    assert looked([Open(LOST.key)], [LOST, other]).fire == [other]


@pytest.mark.edge("EDGE-270", "An alert fires once, and again only after it was over for as long as its rule says.")
@given(st.lists(st.tuples(st.integers(1, 600), st.booleans()), max_size=60))
def test_a_line_that_comes_and_goes_is_one_alert(looks: list[tuple[int, bool]]):
    """Whatever is seen when: never two open, and never over before it was away for the whole wait."""
    standing: dict[Key, Open] = {}
    moment, last_seen, fired = NOON, None, 0
    for seconds, there in looks:
        moment += timedelta(seconds=seconds)
        found = looked(list(standing.values()), [LOST] if there else [], moment)
        last_seen = moment if there else last_seen
        fired += len(found.fire)
        assert len(found.fire) <= (0 if standing else 1)
        for _key in found.resolve:
            assert last_seen is not None
            assert moment - last_seen >= WAIT
        standing = after(standing, found, moment)
    assert fired <= sum(there for _seconds, there in looks)
    assert len(standing) <= 1


def after(standing: dict[Key, Open], found: Decision, moment: datetime) -> dict[Key, Open]:
    left = {key: one for key, one in standing.items() if key not in found.resolve}
    left |= {key: Open(key, moment) for key in found.calm} | {key: Open(key) for key in found.returned}
    return left | {one.key: Open(one.key) for one in found.fire}


@pytest.mark.parametrize(
    ("minute", "quiet"),
    [(20 * 60, True), (23 * 60, True), (0, True), (8 * 60 - 1, True), (8 * 60, False), (720, False)],
)
def test_quiet_hours_pass_midnight(minute, quiet):
    assert is_quiet(minute, 20 * 60, 8 * 60) is quiet


def test_hours_that_end_where_they_begin_are_none():
    assert [minute for minute in range(24 * 60) if is_quiet(minute, 600, 600)] == []

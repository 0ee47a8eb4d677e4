"""When a trial commits and when it goes back."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.updates.gate import Before, Gate, Health
from edge.updates.hours import Quiet

WELL = Health(True, True, True, frozenset({"lm-1"}))
BEFORE = Before(True, frozenset({"lm-1"}))


def gate(before=BEFORE):
    return Gate(before, 0.0, soak_s=300, limit_s=1200)


def looks(one, *given_looks):
    return [one.look(health, now) for now, health in given_looks]


@pytest.mark.edge(
    "EDGE-188", "A release commits after five minutes of being connected, writing and fed, every driver opened."
)
def test_health_on_end_commits():
    assert looks(gate(), (1, WELL), (200, WELL), (300, WELL), (301, WELL)) == ["wait", "wait", "wait", "commit"]


def test_a_break_begins_the_count_anew():
    away = Health(False, True, True, WELL.opened)
    assert looks(gate(), (1, WELL), (299, away), (300, WELL), (590, WELL), (600, WELL)) == [*["wait"] * 4, "commit"]


@pytest.mark.edge(
    "EDGE-189",
    "A release that cuts the gateway off, cannot write, starves or cannot open a driver goes back and says which.",
)
@pytest.mark.parametrize(
    ("health", "why"),
    [
        (Health(False, True, True, WELL.opened), ["not connected to the cloud"]),
        (Health(True, False, True, WELL.opened), ["the outbox cannot be written"]),
        (Health(True, True, False, WELL.opened), ["the watchdog is not fed"]),
        (Health(True, True, True), ["the driver of lm-1 does not open"]),
    ],
)
def test_one_thing_that_is_not_well_goes_back(health, why):
    one = gate()
    assert looks(one, (1, health), (1199, health), (1200, health)) == ["wait", "wait", "return"]
    assert list(one.missing(health)) == why


def test_what_did_not_work_before_is_not_asked_of_a_release():
    one = gate(Before(False, frozenset()))
    offline = Health(False, True, True)
    assert looks(one, (0, offline), (300, offline)) == ["wait", "commit"]


def test_an_instrument_may_be_switched_off_once_its_driver_has_opened():
    off = Health(True, True, True)
    assert looks(gate(), (1, WELL), (2, off), (301, off)) == ["wait", "wait", "commit"]


HEALTH = st.builds(Health, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([frozenset(), WELL.opened]))


@given(st.lists(st.tuples(st.floats(0.1, 200), HEALTH), min_size=1, max_size=40))
def test_every_trial_ends_and_a_commit_is_always_earned(steps):
    one, now, since, end = gate(), 0.0, None, None
    seen = set()
    for rest, health in steps:
        now += rest
        seen |= health.opened
        well = health.connected and health.writable and health.fed and "lm-1" in seen
        since = (now if since is None else since) if well else None
        end = one.look(health, now)
        if end != "wait":
            break
    assert (end == "commit") == (since is not None and now - since >= 300)
    assert end != "wait" or now < 1200


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("21:00-06:30", "23:10", True),
        ("21:00-06:30", "06:29", True),
        ("21:00-06:30", "06:30", False),
        ("12:00-13:00", "12:30", True),
        ("12:00-13:00", "11:59", False),
        ("00:00-00:00", "15:00", True),
    ],
)
def test_quiet_hours(hours, at, quiet):
    assert Quiet.of(hours).now(datetime.fromisoformat(f"2026-11-22T{at}")) is quiet


@pytest.mark.parametrize("text", ["", "21-06", "25:00-06:00", "21:00-06:60", "21:00-06:30x"])
def test_what_are_no_hours(text):
    with pytest.raises(ValueError, match="not like 21:00-06:30"):
        Quiet.of(text)
    assert Quiet.of("21:00-06:30").begin.hour == 21

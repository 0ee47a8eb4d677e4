"""Rings, the rule that stops, the rule that goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.releases.errors import RingsRefused
from cloud.releases.rules import USUAL, Counts, Share, is_done, is_older, rings, shares, stops

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.sets(st.integers(1, 10**6), max_size=300), st.integers(1, 1000))
def test_every_gateway_is_in_one_ring(gateways, seed):
    found = rings(USUAL, gateways, seed)
    assert sorted(one for ring in found for one in ring) == sorted(gateways)


def test_shares_of_ten_thousand():
    assert [len(ring) for ring in rings(USUAL, range(10_000), 7)] == [100, 900, 4000, 5000]


def test_a_small_chain_begins_with_one():
    assert [len(ring) for ring in rings(USUAL, range(3), 7)] == [1, 0, 1, 1]


def test_others_go_first_the_next_time():
    firsts = {tuple(rings(USUAL, range(1000), seed)[0]) for seed in range(20)}
    assert len(firsts) == 20
    assert rings(USUAL, range(1000), 3) == rings(USUAL, range(1000), 3)


def test_picked_gateways_go_first_and_once():
    found = rings([Share(None, frozenset({5, 99})), Share(100)], range(10), 7)
    assert found[0] == [5]
    assert sorted(found[1]) == [0, 1, 2, 3, 4, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (Counts(told=1, failed=1), "failed"),
        (Counts(told=100, failed=5), None),
        (Counts(told=100, failed=6), "failed"),
        (Counts(told=20, quiet=2), "quiet"),
        (Counts(told=20, quiet=1), None),
        (Counts(), None),
    ],
)
def test_the_rule_that_stops(counts, why):
    assert stops(counts, 5, 5) == why


def test_a_ring_is_watched_and_most_have_to_settle():
    nearly, well = Counts(told=10, runs=8, waits=2), Counts(told=10, runs=9, waits=1)
    assert is_done(well, NOON, HOUR, NOON + HOUR / 2) is False
    assert is_done(well, NOON, HOUR, NOON + HOUR) is True
    assert is_done(nearly, NOON, HOUR, NOON + HOUR) is False
    assert is_done(nearly, NOON, HOUR, NOON + timedelta(days=3)) is True


def test_rings_as_people_write_them():
    assert shares("1, 10 50% 100", {4}) == [Share(None, frozenset({4})), *USUAL]
    assert shares("100", set()) == [Share(100)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "rising"), ("10 5 100", "rising"), ("1 50", "rising"), ("0 100", "rising"), ("a", "numbers")],
)
def test_rings_that_cannot_be(text, code):
    with pytest.raises(RingsRefused) as refusal:
        shares(text, set())
    assert str(refusal.value) == code


@pytest.mark.parametrize(
    ("version", "software", "older"),
    [
        ("1.0", "emmetra 2.0", True),
        ("2.0", "emmetra 1.0 on trial", False),
        ("1.0", None, False),
        ("1", "emmetra 1", False),
    ],
)
def test_what_is_older(version, software, older):
    assert is_older(version, software) is older

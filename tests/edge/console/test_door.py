"""PIN, tries and sessions, in a time of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import pins
from edge.console.door import ALL_TRIES, ALL_WINDOW_S, IDLE_S, LONGEST_REST_S, REST_S, Door, Locked, is_marked
from edge.console.markup import Html, joined, tag
from edge.pins import WeakPin


class Clock:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def door(clock):
    return Door(lambda pin: pin == "right", clock)


def wait(door, caller="a"):
    try:
        door.mind(caller)
    except Locked as lock:
        return lock.seconds
    return 0.0


def test_each_lock_lasts_longer_up_to_an_hour(door, clock):
    waits = []
    for _ in range(6):
        for _ in range(5):
            door.judged("a", right=False)
        waits.append(wait(door))
        clock.at += waits[-1] + ALL_WINDOW_S
    assert waits == [REST_S, REST_S * 4, REST_S * 16, LONGEST_REST_S, LONGEST_REST_S, LONGEST_REST_S]


def test_many_addresses_do_not_help_a_guesser(door):
    for n in range(ALL_TRIES):
        door.judged(f"10.0.0.{n}", right=False)
    assert wait(door, "10.0.1.1") == ALL_WINDOW_S


def test_a_right_pin_clears_the_callers_count(door):
    for _ in range(4):
        door.judged("a", right=False)
    door.judged("a", right=True)
    for _ in range(4):
        door.judged("a", right=False)
    assert wait(door) == 0


def test_a_session_ends_when_nobody_uses_it_and_looking_does_not_keep_it(door, clock):
    token = door.judged("a", right=True).token
    clock.at += IDLE_S - 1
    assert door.session(token, touch=False) is not None
    clock.at += 2
    assert door.session(token) is None


def test_a_session_that_is_used_stays(door, clock):
    token = door.judged("a", right=True).token
    for _ in range(5):
        clock.at += IDLE_S - 1
        assert door.session(token) is not None


def test_no_session_is_opened_by_an_unknown_cookie(door):
    assert door.session("") is None


def test_the_mark_is_the_sessions_own(door):
    one, two = door.judged("a", right=True), door.judged("b", right=True)
    assert [is_marked(one, one.mark), is_marked(one, two.mark), is_marked(one, "")] == [True, False, False]


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "12345a", "１２３４５６", "111111", "121212", "123456"])
def test_a_weak_pin_is_not_taken(pin):
    with pytest.raises(WeakPin):
        pins.digest(pin)


@pytest.mark.edge("EDGE-225", "Of the console's PIN only a salted digest is kept, in a file for the gateway alone.")
def test_only_the_digest_is_kept_and_only_for_the_gateway(tmp_path):
    first, second = pins.digest("402817"), pins.digest("402817")
    pins.write(tmp_path, first)
    assert "402817" not in first and first != second
    assert [pins.fits("402817", first), pins.fits("402818", first), pins.read(tmp_path)] == [True, False, first]
    assert (tmp_path / pins.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", ["", "402817", "scrypt:1:1:1:00:00", f"scrypt:9999999:8:1:{'0' * 32}:{'0' * 64}"])
def test_a_digest_that_cannot_be_computed_here_lets_nobody_in(tmp_path, kept):
    (tmp_path / pins.FILE).write_text(kept)
    assert (pins.fits("402817", kept), pins.read(tmp_path)) == (False, None)


@given(st.text())
def test_text_stays_text(said):
    shown = tag("p", said, title=said)
    assert shown.count("<") == 2 and shown.count('"') == 2
    assert joined(Html("<b>"), None, [said]).startswith("<b>")

"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.tomey_tagged import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed, read
from tests.protocols.tomey_tagged.print_outs import BOTH, BROKEN_OFF, KERATO, LENSES, REF

(WHOLE,) = decode(BOTH)
WIRES = wires(BOTH, BROKEN_OFF, LENSES)


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(REF[:200])
@example(REF + KERATO[:60])
@example(LENSES)
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + BOTH)[-1] == WHOLE


@settings(deadline=None, max_examples=100)
@given(wires(LENSES))
@example(LENSES[:-3])
@example(LENSES[:60])
@example(LENSES + LENSES[1:60])  # once caught: the addition of a lens that broke off went to the next lens
def test_nothing_before_a_good_pair_of_lenses_can_cost_it(wire):
    (good,) = read(decode(LENSES))
    last = read(decode(wire + b"\n" + LENSES))[-1]

    assert (last.right, last.left) == (good.right, good.left)


@settings(deadline=None, max_examples=100)
@given(WIRES)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_quiet_ends_a_print_out():
    decoder = Decoder()

    assert decoder.feed(BOTH) == []
    assert decoder.pause == 1.0
    assert decoder.silence() == [WHOLE]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(60):
        decoder.feed(b"[FM_IF],REF" + b"x" * 1000)

    assert len(decoder._buffer) < 34_000


@pytest.mark.parametrize(
    ("data", "score"),
    [(BOTH, 85), (BROKEN_OFF, 85), (LENSES, 75), (b"[FM_IF],REF,1\r\n", 30), (b"", 0), (b"<?xml version='1.0'?>", 0)],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

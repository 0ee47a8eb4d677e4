"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.tomey_top import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed
from tests.protocols.tomey_top.print_outs import ROWS, WHOLE

(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, ROWS)


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(WHOLE[:60])
@example(WHOLE[:200])
@example(WHOLE.removesuffix(b"TopaScope\n"))  # once caught: the next banner was taken for the model
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    last = decode(wire + b"\n" + WHOLE)[-1]

    assert isinstance(last, Transmission)
    assert last.raw.endswith(WHOLE.lstrip())
    assert [(one.right, one.left) for one in last.readings] == [(one.right, one.left) for one in GOOD.readings]


@settings(deadline=None, max_examples=100)
@given(WIRES)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_the_name_of_the_model_ends_a_print_out():
    decoder = Decoder()

    assert decoder.feed(WHOLE[:-1]) == []
    assert decoder.feed(WHOLE[-1:]) == [GOOD]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(60):
        decoder.feed(ROWS + b"x" * 1000)

    assert len(decoder._buffer) < 6_000


@pytest.mark.parametrize(("data", "score"), [(WHOLE, 80), (ROWS, 20), (b"", 0), (b"No. : 17\nTopaScope\n", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

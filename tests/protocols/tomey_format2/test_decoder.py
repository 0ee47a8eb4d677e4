"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.tomey_format2 import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed
from tests.protocols.tomey_format2.print_outs import LEFT, RIGHT, WHOLE

(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, LEFT)


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.binary(max_size=60), wires(LEFT)))
@example(LEFT)
@example(WHOLE)
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    """Unless right eyes of two print-outs touch without quiet: those are refused together."""
    last = decode(wire + b"\n" + WHOLE)[-1]

    assert isinstance(last, Transmission)
    assert last.readings[0].right == GOOD.readings[0].right


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(RIGHT + RIGHT)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_quiet_ends_a_print_out():
    decoder = Decoder()

    assert decoder.feed(WHOLE) == []
    assert decoder.silence() == [GOOD]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(30):
        decoder.feed(RIGHT + b"x" * 1000)

    assert len(decoder._buffer) < 10_000


@pytest.mark.parametrize(("data", "score"), [(WHOLE, 75), (LEFT, 75), (b"Ref_R*,x\r\n", 20), (b"", 0), (b"Ref", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

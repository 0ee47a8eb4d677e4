"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.topcon_rm import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed
from tests.protocols.topcon_rm.print_outs import RIGHT, WHOLE, said

(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, said(*RIGHT))


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(WHOLE[:-1])
@example(b"A\r")
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + WHOLE)[-1] == GOOD


@settings(deadline=None, max_examples=100)
@given(WIRES)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_its_end_completes_it():
    decoder = Decoder()

    assert decoder.feed(WHOLE[:-1]) == []
    assert decoder.feed(WHOLE[-1:]) == [GOOD]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(30):
        decoder.feed(b"A\rR\r" + b"x" * 1000)

    assert len(decoder._buffer) < 6_000


@pytest.mark.parametrize(("data", "score"), [(WHOLE, 70), (WHOLE[:20], 15), (b"", 0), (b"A\r\n", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

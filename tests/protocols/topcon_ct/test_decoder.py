"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.topcon_ct import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed
from tests.protocols.topcon_ct.print_outs import short, std2

WHOLE = std2()
(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, short())


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(WHOLE[:60])
@example(short()[:46])
@example(b"TOPCON ")
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    last = decode(wire + WHOLE)[-1]

    assert isinstance(last, Transmission)
    assert (last.readings[0].right, last.readings[0].patient_ref) == (
        GOOD.readings[0].right,
        GOOD.readings[0].patient_ref,
    )


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

    assert decoder.feed(WHOLE) == []
    assert decoder.silence() == [GOOD]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(30):
        decoder.feed(b"CT-80" + b"x" * 1000)

    assert len(decoder._buffer) < 2_100


@pytest.mark.parametrize(
    ("data", "score"), [(WHOLE, 75), (short(), 75), (WHOLE[:60], 10), (b"", 0), (b"<?xml version='1.0'?>", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

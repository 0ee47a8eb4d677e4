"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.tomey_classic import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed, read
from tests.protocols.tomey_classic.print_outs import LENSES, PRINTED, WHOLE, framed

(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, LENSES, framed("RK"))


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
@example(WHOLE + LENSES, 1)
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), wire, size) == decode(wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(WHOLE[:-1])
@example(LENSES[:9])
@example(b"\x01*0815\rLM")
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + WHOLE)[-1] == GOOD


@settings(deadline=None, max_examples=100)
@given(wires(LENSES))
@example(LENSES[:12])
@example(b"\x01*|,[]")
def test_nothing_before_a_good_pair_of_lenses_can_cost_it(wire):
    """A number behind SOH heads a frame: bare lines behind it are its own, and such a unit sends no bare ones."""
    assume(not re.search(rb"\x01\*[^\x01-\x1f]*[\r\n]{1,2}\x02?$", wire))
    (good,) = read(decode(LENSES))
    last = read(decode(wire + LENSES))[-1]

    assert (last.right, last.left) == (good.right, good.left)


@settings(deadline=None, max_examples=100)
@given(WIRES)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_its_end_completes_a_frame_and_quiet_a_lens():
    assert Decoder().feed(WHOLE) == [GOOD]
    decoder = Decoder()
    assert decoder.feed(LENSES) == []
    assert len(read(decoder.silence())) == 1


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(60):
        decoder.feed(b"\x01*0815\r" + b"x" * 1000)

    assert len(decoder._buffer) < 6_000


@pytest.mark.parametrize(
    ("data", "score"),
    [
        (WHOLE, 80),
        (LENSES, 65),
        (PRINTED, 65),
        (WHOLE[:30], 20),
        (b"\x01*PC_RCV_S\x04", 0),
        (b"SOH*PC_RCV_SEOT\n", 0),
        (b"", 0),
    ],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

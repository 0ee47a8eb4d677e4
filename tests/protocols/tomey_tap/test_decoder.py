"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.tomey_tap import Decoder, decode, recognise
from tests.protocols.sheet.noise import wires
from tests.protocols.sheet.pieces import fed
from tests.protocols.tomey_tap.messages import FINAL, TOP, WHOLE, message

(GOOD,) = decode(WHOLE)
WIRES = wires(WHOLE, message(*FINAL, end="\n"), WHOLE.replace(b"RCV", b"SND"))


@settings(deadline=None, max_examples=60)
@given(WIRES, st.integers(1, 9))
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(Decoder(), b"\x00" + wire, size) == decode(b"\x00" + wire)


@settings(deadline=None, max_examples=100)
@given(WIRES)
@example(WHOLE[:-1])
@example(WHOLE[:5])
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(b"\x00" + wire + WHOLE)[-1] == GOOD


@settings(deadline=None, max_examples=100)
@given(WIRES)
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


def test_the_last_message_completes_it():
    decoder = Decoder()

    assert decoder.feed(WHOLE[:-1]) == []
    assert decoder.feed(WHOLE[-1:]) == [GOOD]


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(60):
        decoder.feed(b"\x01*PC_RCV_S\x04" + b"x" * 1000)

    assert len(decoder._buffer) < 18_000


@pytest.mark.parametrize(
    ("data", "score"),
    [
        (WHOLE, 90),
        (WHOLE[:40], 40),
        (b"SOH*PC_RCV_SEOT\n*FN\n*SP| 0.25| 0.50|\nSOH*PC_RCV_EEOT\n", 70),
        (message(*TOP).replace(b"RCV", b"SND"), 0),
        (b"\x01*1234\r\x02RK\r\x04", 0),
        (b"", 0),
    ],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

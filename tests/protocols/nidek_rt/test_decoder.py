"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Request, Transmission
from protocols.nidek_rt import Decoder, decode, recognise
from protocols.nidek_rt.grammar import LIMIT
from tests.protocols.nidek_rt.printed import FULL, HEADING, printed

SD = b"\x01CRL\x02SD\x17\x04\r"
(WHOLE,) = decode(FULL)
OTHER = printed("@RT", "FL+ 1.00  0.00  0", "PD64.0        ")

SCRAPS = [
    b"\x01",
    b"\x02",
    b"\x04",
    b"\r",
    b"\n",
    b"\x00",
    b"\xff\xfe",
    b"x" * 40,
    b"@RT",
    b"@RM\r\x02",
    b"\x02FR- 1.00",
]
PIECES = [b"\x01NIDEK RT", b"\x01NIDEK RT-5100 ID", b"\x01CRL\x02SD", SD, OTHER, OTHER[:60], FULL[:200], FULL[-90:]]
WIRES = st.lists(st.one_of(st.sampled_from([*SCRAPS, *PIECES]), st.binary(max_size=9)), max_size=10).map(b"".join)


@st.composite
def mutated(draw):
    """A valid print-out with some bytes lost, doubled or bent."""
    raw = bytearray(FULL)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw) - 1))
        how = draw(st.sampled_from(("lose", "double", "bend")))
        if how == "bend":
            raw[at] ^= 1 << draw(st.integers(0, 7))
        else:
            raw[at : at + 1] = b"" if how == "lose" else raw[at : at + 1] * 2
    return bytes(raw)


def fed(wire, size):
    decoder = Decoder()
    return [event for at in range(0, len(wire), size) for event in decoder.feed(wire[at : at + size])]


@settings(deadline=None, max_examples=150)
@given(WIRES, st.integers(1, 9))
@example(b"\x01NIDEK RT" + b"x" * LIMIT + FULL, 7)
@example(FULL + FULL, 1)
def test_how_the_bytes_are_cut_never_changes_what_was_whole(wire, size):
    whole = [event for event in Decoder().feed(wire) if not isinstance(event, Garbled)]

    assert [event for event in fed(wire, size) if not isinstance(event, Garbled)] == whole


@settings(deadline=None, max_examples=150)
@given(WIRES)
@example(FULL[:300])
@example(b"\x01NIDEK RT" + b"x" * LIMIT)
@example(b"\x01" * 300)
@example(
    b"\x01NIDEK RT-5100 ID" + b" " * 9000 + b"\r\x02@RT\r\x02FR+ 1.00  0.00  0\r\x02WD" + b"9" * 5000 + b"\r\x04\r"
)
@example(b"\x01NIDEK RT-5100\r\x02@NT\r\x02TR" + b"9" * 5000 + b"\r\x02AR+" + b" " * 5000 + b"\r\x04\r")
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert Decoder().feed(wire + FULL)[-1] == WHOLE


@settings(deadline=None, max_examples=200)
@given(st.one_of(WIRES, mutated()))
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder()
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled | Request) for event in events)
    assert (decoder.pause, decoder.silence()) == (None, [])


@settings(deadline=None, max_examples=100)
@given(mutated())
def test_what_a_bad_wire_left_never_costs_the_next_print_out(wire):
    assert decode(wire + FULL)[-1] == WHOLE


def test_the_last_cr_belongs_to_what_was_said():
    decoder = Decoder()

    assert decoder.feed(FULL[:-1]) == []
    assert decoder.pause == 0.2
    assert decoder.feed(FULL[-1:]) == [WHOLE]


def test_quiet_completes_a_print_out_whose_last_cr_was_lost():
    decoder = Decoder()
    decoder.feed(FULL[:-1])

    (event,) = decoder.silence()
    assert event.raw == FULL[:-1]
    assert [one.stage for one in event.readings[:4]] == ["unaided", "lensmeter", "autorefraction", "subjective"]


def test_quiet_completes_a_print_out_without_an_end_and_says_so():
    decoder = Decoder()
    decoder.feed(FULL[:-2])

    assert decoder.pause == 3.0
    (event,) = decoder.silence()
    assert "end_missing" in [note.code for reading in event.readings for note in reading.notes]


def test_two_print_outs_of_which_the_first_broke_off_are_never_mixed():
    cut, whole = Decoder().feed(OTHER[:70] + FULL)

    assert isinstance(cut, Garbled)
    assert whole == WHOLE


def test_an_invitation_is_a_request_without_a_reply_wherever_it_stands():
    events = Decoder().feed(FULL + SD + FULL)

    assert events == [WHOLE, Request(SD), WHOLE]
    assert Decoder().feed(SD) == [Request(SD)]


def test_an_invitation_without_its_cr_waits_only_a_moment():
    decoder = Decoder()

    assert decoder.feed(SD[:-1]) == []
    assert decoder.pause == 0.2
    assert decoder.silence() == [Request(SD[:-1])]


@pytest.mark.parametrize(
    ("data", "score"),
    [
        (FULL, 85),
        (FULL[:-2], 85),
        (SD, 90),
        (b"\x01" + HEADING.encode() + b"\r\x04\r", 30),
        (b"\x01DRM\x02IDNIDEK/ARK-1a\x17\x04", 0),
        (b"", 0),
    ],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score


def test_no_sentence_quotes_what_was_said():
    for event in decode(b"MUELLER EVA\x01NIDEK RT-5100 MUELLER EVA\r\x02@RT\r\x02MUELLER EVA\r\x04\r"):
        assert "MUELLER" not in event.why

"""The stream: however the bytes are cut, whatever stood before, and when the line goes quiet."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Request, Transmission
from protocols.nidek_frame import DEVICE_CODES, Decoder, decode, recognise
from protocols.nidek_frame.grammar import MAX_PENDING
from tests.protocols.nidek_frame.frames import (
    CORNEA,
    DAY,
    MANUAL_LM1000P,
    NIGHT,
    REQUEST,
    block,
    heading,
    summed,
    unsummed,
)

FRAME = summed([NIGHT, DAY, CORNEA])
BLANKS = b"\r\n\x00 "
(WHOLE,) = decode(FRAME)

CONTROLS = [b"\x01", b"\x02", b"\x17", b"\x04", b"\r", b"\n", b"\x00", b"A40F", b"x" * 40, b"IDNIDEK/", b"\xff\xfe"]
PIECES = [b"\x01DRM\x02", b"\x01C**\x02RS", REQUEST, NIGHT, CORNEA, DAY[:40], MANUAL_LM1000P, FRAME[:200], FRAME[:-4]]
SCRAPS = st.sampled_from([*CONTROLS, *PIECES])
WIRES = st.lists(st.one_of(SCRAPS, st.binary(max_size=9)), max_size=10).map(b"".join)


def fed(wire, size):
    decoder = Decoder("RK")
    return [event for at in range(0, len(wire), size) for event in decoder.feed(wire[at : at + size])]


@settings(deadline=None, max_examples=150)
@given(WIRES, st.integers(1, 9))
@example(b"\x01DRM\x02" + b"x" * (MAX_PENDING + 50) + FRAME, 7)
@example(b"x" * (MAX_PENDING - 2) + FRAME, 1)
@example(b"x" * (2 * MAX_PENDING) + b"\x01", 5)
@example(MANUAL_LM1000P + b"\n" + MANUAL_LM1000P, 1)
@example(REQUEST + b"01A4\r" + FRAME, 1)
def test_how_the_bytes_are_cut_never_matters(wire, size):
    assert fed(wire, size) == Decoder("RK").feed(wire)


@settings(deadline=None, max_examples=150)
@given(WIRES)
@example(FRAME[:300])
@example(b"\x01DRM\x02" + b"x" * MAX_PENDING)
@example(b"\x01DRM\x02" * 20)
@example(b"\x01DRM\x02IDNIDEK/ARK-1a\x17\x04")
@example(b"\x01C**\x02RS\x17")
@example(NIGHT + b"\r")  # once caught: a cut print-out with CR code ON made the next one wait for a CR
def test_nothing_before_a_good_frame_can_cost_us_the_frame(wire):
    assert Decoder().feed(wire + FRAME)[-1] == WHOLE


@settings(deadline=None, max_examples=150)
@given(WIRES)
@example(b"\x01DNT\x02 R99\x17 L  \x17\x04")
@example(b"\x01DPM\x02 R01 0583\x17\x04")
@example(b"\x01DLM\x02P\x17A\x17PD\x17\x04")
@example(b"\x01   \x02\x17\x04")
def test_any_bytes_become_events_and_nothing_stays_behind(wire):
    decoder = Decoder("LM")
    events = [*decoder.feed(wire), *decoder.silence()]

    assert all(isinstance(event, Transmission | Garbled | Request) for event in events)
    assert decoder.pause is None
    assert decoder.silence() == []


@settings(deadline=None, max_examples=60)
@given(WIRES)
def test_every_byte_that_means_something_is_in_an_event(wire):
    events = decode(wire)
    said = b"".join(event.raw for event in events)
    assume(not any(isinstance(event, Request) for event in events))  # late digits of a request are dropped

    assert said.translate(None, BLANKS) == wire.translate(None, BLANKS)


def test_the_checksum_may_come_in_a_later_read():
    decoder = Decoder()
    cut = FRAME.index(b"\x04") + 1

    assert decoder.feed(FRAME[:cut]) == []
    assert decoder.feed(FRAME[cut : cut + 2]) == []
    assert decoder.feed(FRAME[cut + 2 :]) == [WHOLE]


def test_quiet_completes_a_transmission_without_checksum():
    decoder = Decoder()

    assert decoder.feed(unsummed(DAY)) == []
    (event,) = decoder.silence()
    assert event.readings[0].integrity.checksum == "none"


def test_with_cr_code_on_the_last_cr_is_part_of_what_was_said():
    assert Decoder().feed(MANUAL_LM1000P)[0].raw == MANUAL_LM1000P

    decoder = Decoder()
    assert decoder.feed(MANUAL_LM1000P[:-1]) == []
    assert decoder.silence()[0].raw == MANUAL_LM1000P[:-1]


def test_the_decoder_says_how_long_to_wait():
    decoder = Decoder()
    pauses = [decoder.pause]
    for piece in (FRAME[:50], FRAME[50:-4], FRAME[-4:]):
        decoder.feed(piece)
        pauses.append(decoder.pause)

    assert pauses == [None, 3.0, 0.2, None]


def test_a_transmission_that_breaks_off_is_given_up_in_the_quiet():
    decoder = Decoder()
    decoder.feed(FRAME[:300])

    assert decoder.silence() == [Garbled(FRAME[:300], "The transmission broke off before its EOT.", 300)]
    assert decoder.feed(FRAME) == [WHOLE]


def test_two_transmissions_in_one_read_are_two():
    assert Decoder().feed(FRAME + FRAME) == [WHOLE, WHOLE]


def test_noise_between_frames_is_kept_for_a_person_and_blanks_are_not():
    events = Decoder().feed(b"\r\n\x00 " + FRAME + b"zap" + FRAME)

    assert [type(event) for event in events] == [Transmission, Garbled, Transmission]
    assert events[1].raw == b"zap"


@pytest.mark.parametrize("code", DEVICE_CODES)
def test_a_request_to_send_is_answered_in_the_name_of_the_instrument(code):
    (event,) = Decoder(code).feed(REQUEST)

    assert event == Request(REQUEST, b"\x01C" + code.encode() + b"\x02SD\x17\x04\r")


def test_a_request_is_answered_without_waiting():
    assert Decoder("RK").feed(REQUEST)[0].reply == bytes.fromhex("01 43 52 4B 02 53 44 17 04 0D")


def test_a_request_with_a_checksum_leaves_no_noise():
    decoder = Decoder("RK")

    assert len(decoder.feed(REQUEST + b"01A4\r" + FRAME)) == 2
    decoder.feed(REQUEST + b"01A4\r")
    assert decoder.silence() == []


def test_an_instrument_that_asks_again_has_given_up_what_it_was_sending():
    cut, asked = Decoder("RK").feed(FRAME[:300] + REQUEST)

    assert (type(cut), cut.offset) == (Garbled, 300)
    assert isinstance(asked, Request)


def test_data_that_comes_unasked_is_taken():
    assert Decoder("RK").feed(FRAME) == [WHOLE]


def test_an_unknown_device_code_is_refused_at_once():
    with pytest.raises(ValueError, match="no device code"):
        Decoder("XX")


def test_without_a_checksum_two_patients_are_never_mixed():
    one = block("Drm", *heading("0001"), "OR-01.75-00.50170")
    two = block("DRM", *heading("0002"), "OR+03.00-00.50090")

    cut, event = decode(unsummed(one, two))

    assert cut.raw == one
    assert [reading.print_number for reading in event.readings] == ["0002"]


@pytest.mark.parametrize("second", [DAY, block("DLM", "IDNIDEK/LM-7", " R+01.00-00.50090")])
def test_without_a_checksum_a_named_block_after_an_unnamed_one_begins_anew(second):
    cut, event = decode(unsummed(CORNEA, second))

    assert cut.raw == CORNEA
    assert len(event.readings) == 1


def test_without_a_checksum_a_repeated_block_begins_anew():
    cut, event = decode(unsummed(NIGHT, DAY)[:-1] + unsummed(NIGHT, DAY, CORNEA))

    assert cut.offset == len(NIGHT + DAY)
    assert len(event.readings) == 3


def test_a_frame_larger_than_any_print_out_is_given_up():
    events = Decoder().feed(b"\x01DRM\x02" + b"x" * MAX_PENDING + FRAME)

    assert [type(event) for event in events] == [Garbled, Garbled, Transmission]
    assert "no EOT within" in events[0].why


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(40):
        decoder.feed(b"\x01DRM\x02" + b"x" * 1000)

    assert len(decoder._buffer) <= MAX_PENDING + 1100


@pytest.mark.parametrize(
    ("data", "score"),
    [
        (FRAME, 100),
        (b"noise" + FRAME, 100),
        (REQUEST, 90),
        (unsummed(DAY), 80),
        (FRAME[:-4] + b"0000", 60),
        (FRAME[:300], 30),
        (b"\x01NIDEK RT-5100 ID\x04", 0),
        (b"", 0),
        (b"<?xml version='1.0'?>", 0),
    ],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

"""Lines of digits of a DGH 550, built from its manual's description, and what can happen to them."""

import pytest
from hypothesis import given, settings

from protocols.dgh import Decoder, decode, recognise
from protocols.framing import Garbled, Transmission
from tests.protocols.labelled.noise import broken, fed, wires

PLAIN = b"164003054505460547\r\n"
AVERAGED = b"1640030546054505460547\r\n"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def told(data):
    eye = read(data).unassigned
    return eye.cct_um and str(eye.cct_um), [str(one.cct_um) for one in eye.readings]


@pytest.mark.parametrize("line", [PLAIN, b"1640 03 0545 0546 0547\r\n", b"1640 3 545 546 547\r\n"])
def test_measurements_are_told_with_or_without_blanks(line):
    assert told(line) == (None, ["545", "546", "547"])
    assert read(line).extra == {"velocity_m_s": "1640"}


@pytest.mark.parametrize("line", [AVERAGED, b"1640 03 0546 0545 0546 0547\r\n"])
def test_the_count_tells_the_average_from_a_measurement(line):
    assert told(line) == ("546", ["545", "546", "547"])


def test_thicknesses_of_four_digits_are_whole():
    assert told(b"1640011012\r\n") == (None, ["1012"])


def test_no_eye_is_made_up_and_a_person_is_asked():
    reading = read(PLAIN)

    assert (reading.right, reading.left) == (None, None)
    assert [note.code for note in reading.notes] == ["eye_unknown"]
    assert (reading.patient_ref, reading.print_number) == (None, None)


@pytest.mark.parametrize(
    "line",
    [
        b"16400305450546\r\n",
        b"164003054505460547054705470547\r\n",
        b"164000\r\n1640",
        b"0640030545054605470\r\n",
        b"064003054505460547\r\n",
        b"164003004505460547\r\n",
        b"164003154505460547\r\n",
        b"1640030600054505460547\r\n",
        b"1640 03 05450546 0547\r\n",
        b"1640 003 0545 0546 0547\r\n",
    ],
)
def test_digits_that_do_not_add_up_are_refused(line):
    assert {type(event) for event in decode(line)} == {Garbled}


@pytest.mark.parametrize("cut", range(1, len(AVERAGED) - 1))
def test_a_line_that_broke_off_is_refused(cut):
    assert [type(event) for event in decode(AVERAGED[:cut])] == [Garbled]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + PLAIN, size)

    assert (noise.raw, event.raw) == (b"zap\x07", PLAIN)


def test_two_lines_are_two():
    assert len(decode(PLAIN + AVERAGED)) == 2


@settings(deadline=None, max_examples=120)
@given(wires(PLAIN, AVERAGED))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(PLAIN, AVERAGED))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + PLAIN)[-1].readings == decode(PLAIN)[-1].readings


@pytest.mark.parametrize(
    ("data", "score"), [(PLAIN, 70), (b"zap" + PLAIN, 55), (PLAIN[:-4], 0), (b"", 0), (b"12345678901234\r\n", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

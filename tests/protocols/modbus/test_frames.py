"""Frames as they were computed, and as another library reads and writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.modbus import Coding, Display, Refused, answer, bits, crc, read_inputs, shown, write_one, write_some


def test_the_worked_frames():
    assert write_one(1, 0, 123) == bytes.fromhex("01 06 00 00 00 7B C9 E9")
    assert write_some(1, 2, [0x0041, 0x000C]) == bytes.fromhex("01 10 00 02 00 02 04 00 41 00 0C") + crc(
        bytes.fromhex("01 10 00 02 00 02 04 00 41 00 0C")
    )
    assert write_some(1, 0, [0x0041, 0x000C]) == bytes.fromhex("01 10 00 00 00 02 04 00 41 00 0C A3 BE")


def test_a_refusal_says_why():
    with pytest.raises(Refused, match="with 2") as refusal:
        answer(bytes.fromhex("01 84 02 C2 C1"), bytes.fromhex("01 04 00 00 00 01") + b"\0\0")
    assert refusal.value.code == 2


def test_an_answer_of_another_unit_or_with_a_wrong_check_is_none():
    asked = write_one(1, 0, 123)
    assert answer(asked, asked).data == bytes.fromhex("00 00 00 7B")
    with pytest.raises(ValueError, match="somebody else"):
        answer(write_one(2, 0, 123), asked)
    with pytest.raises(ValueError, match="check"):
        answer(asked[:-1] + b"\0", asked)
    with pytest.raises(ValueError, match="check"):
        answer(b"", asked)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_contacts_come_back_in_their_order(pressed):
    asked = read_inputs(3, 0, len(pressed))
    packed = bytearray(-(-len(pressed) // 8))
    for at, one in enumerate(pressed):
        packed[at // 8] |= one << at % 8
    said = bytes((3, 2, len(packed))) + bytes(packed)
    assert bits(answer(said + crc(said), asked), len(pressed)) == tuple(pressed)


def test_more_contacts_than_were_said_are_refused():
    said = bytes((3, 2, 1, 0))
    with pytest.raises(ValueError, match="not so many"):
        bits(answer(said + crc(said), read_inputs(3, 0, 9)), 9)


@pytest.mark.parametrize(
    ("display", "number", "data"),
    [
        (Display(1, 0, 4), 123, "06 00 00 00 7B"),
        (Display(1, 0, 4, Coding.BCD), 123, "06 00 00 01 23"),
        (Display(1, 5, 4, Coding.ASCII), 12, "10 00 05 00 04 08 00 20 00 20 00 31 00 32"),
        (Display(1, 5, 3, Coding.BCD, function=0x10), 7, "10 00 05 00 01 02 00 07"),
    ],
)
def test_a_number_as_the_display_wants_it(display, number, data):
    assert shown(display, number)[1:-2] == bytes.fromhex(data)


@pytest.mark.parametrize("number", [1000, -1])
def test_a_number_that_does_not_fit_is_refused(number):
    with pytest.raises(ValueError, match="does not fit"):
        shown(Display(1, 0, 3), number)

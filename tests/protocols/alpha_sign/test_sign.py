"""Packets as they were computed from the document."""

import pytest

from protocols.alpha_sign import Colour, packet, write_string, write_text


def test_a_number_without_a_checksum():
    wanted = "00 00 00 00 00 01 5A 30 30 02 41 41 1B 20 62 41 30 31 32 04"
    assert packet(write_text("A012"), checked=False) == bytes.fromhex(wanted)


def test_a_red_call_with_its_checksum():
    wanted = "00 00 00 00 00 01 5A 30 30 02 41 41 1B 20 62 1C 31 41 30 31 32 20 2D 3E 20 33 03 30 33 32 33 04"
    assert packet(write_text("A012 -> 3", colour=Colour.RED)) == bytes.fromhex(wanted)


def test_calls_are_written_where_nothing_wears_out():
    assert write_string("A012") == b"G1A012"


@pytest.mark.parametrize("text", ["张三", "A\x04", "A\x1bB"])
def test_what_it_has_no_letters_for_is_refused(text):
    with pytest.raises(ValueError, match="ASCII"):
        write_string(text)


def test_a_label_is_one_letter():
    with pytest.raises(ValueError, match="one letter"):
        write_text("A", label="AB")

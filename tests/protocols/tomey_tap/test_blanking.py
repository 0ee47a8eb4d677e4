"""The numbers in the first line may be a patient's: they go, both ways; every line stays."""

import pytest

from protocols import tomey_tap
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.tomey_tap.messages import FINAL, TOP, WHOLE, message


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_numbers_behind_the_name_are_masked(end):
    data = message("*TAP-2000|MUELLER47|12", *TOP[1:], *FINAL, end=end)
    blanked = assert_only_the_patient_is_gone(tomey_tap, data, "MUELLER47", "|12\x17")

    assert b"\x02*TAP-2000|XXXXXXX00|00\x17" in blanked


def test_the_example_of_the_manual_keeps_its_values():
    assert b"000000001" not in assert_only_the_patient_is_gone(tomey_tap, WHOLE)


def test_a_first_line_without_numbers_stays():
    data = message("*UN", "*VA|0.2|0.4|0.5|")
    assert tomey_tap.blank(data) == data


def test_what_we_send_is_masked_alike():
    said = b"\x01*PC_SND_S\x04\r\n\x02*TAP-2000|4711|0\x17\r\n\x02*UN\x17\r\n\x01*PC_SND_E\x04\r\n"
    assert tomey_tap.blank(said) == said.replace(b"4711", b"0000")

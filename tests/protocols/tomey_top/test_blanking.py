"""The digits behind ``No.`` go; every row stays."""

from protocols import tomey_top
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.tomey_top.print_outs import FOOT, WHOLE, printed


def test_the_number_becomes_zeros():
    blanked = assert_only_the_patient_is_gone(tomey_top, WHOLE, "00000017")

    assert tomey_top.decode(blanked)[0].readings[0].print_number == "00000000"


def test_a_number_that_was_typed_goes_as_well():
    assert_only_the_patient_is_gone(tomey_top, printed(foot=FOOT.replace(b"00000017", b"90210")), "90210")


def test_without_a_number_not_a_byte_changes():
    cut = WHOLE[: WHOLE.index(b"No.")]
    assert tomey_top.blank(cut) == cut

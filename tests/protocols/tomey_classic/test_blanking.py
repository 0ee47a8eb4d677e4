"""The number behind the star may be a patient's: it goes, framed or printed, and every line stays."""

import pytest

from protocols import tomey_classic
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.tomey_classic.print_outs import EYES, LENSES, PRINTED, WHOLE, framed


@pytest.mark.parametrize(("data", "still"), [(WHOLE, b"\x01*0000\r"), (PRINTED, b"SOH*0000\n")])
def test_the_number_becomes_zeros(data, still):
    blanked = assert_only_the_patient_is_gone(tomey_classic, data, "0815")

    assert blanked.startswith(still)
    assert tomey_classic.decode(blanked)[0].readings[0].print_number == "0000"


def test_an_id_of_letters_goes():
    assert_only_the_patient_is_gone(tomey_classic, framed(*EYES, number="AB47"), "AB47")


def test_without_a_number_not_a_byte_changes():
    assert tomey_classic.blank(LENSES) == LENSES

"""The patient goes; every value, length and verified sum stays."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.framing import Transmission
from protocols.nidek_frame import blank, decode
from tests.protocols.nidek_frame.frames import CORNEA, DAY, MANUAL_LM1000P, NIGHT, block, heading, summed, unsummed

NAMED = block("DRM", *heading(), "IPMueller-4711 ", "OL-01.25-00.25000")
PATIENTS = [summed([NIGHT, NAMED, CORNEA]), unsummed(NAMED), summed([block("DRM", *heading(), "IP7", cr=True)])]


def told(data):
    """Everything but patient and digest."""
    return [
        msgspec.structs.replace(
            reading, patient_ref=None, integrity=msgspec.structs.replace(reading.integrity, raw_sha256="")
        )
        for event in decode(data)
        if isinstance(event, Transmission)
        for reading in event.readings
    ]


@pytest.mark.parametrize("data", PATIENTS)
def test_the_patient_is_replaced_and_nothing_else_changes(data):
    without = blank(data)

    assert len(without) == len(data)
    assert (b"Mueller" in without, b"4711" in without) == (False, False)
    assert told(without) == told(data)


def test_letters_become_x_and_digits_0():
    assert b"IPXXXXXXXX0000 \x17" in blank(PATIENTS[0])


def test_a_sum_that_was_right_is_right_and_one_that_was_wrong_stays():
    right = summed([NAMED])
    wrong = right[:-4] + b"0BAD"

    assert decode(blank(right))[0].readings[0].integrity.checksum == "ok"
    assert decode(blank(wrong))[0].readings[0].integrity.checksum == "bad"
    assert blank(wrong).endswith(b"0BAD")


@pytest.mark.parametrize("data", [summed([DAY]), MANUAL_LM1000P, b"", b"noise", b"\x01C**\x02RS\x17\x04"])
def test_without_a_patient_not_a_byte_changes(data):
    assert blank(data) == data


@pytest.mark.parametrize("cut", range(20, len(NAMED), 7))
def test_a_patient_in_a_piece_that_was_cut_off_goes_as_well(cut):
    assert b"Mueller" not in blank(summed([NAMED])[:cut] + summed([DAY]))


@given(st.binary() | st.sampled_from(PATIENTS).flatmap(lambda one: st.integers(0, len(one)).map(lambda at: one[at:])))
def test_any_bytes_keep_their_length_and_blanking_twice_is_once(data):
    assert len(blank(data)) == len(data)
    assert blank(blank(data)) == blank(data)


def test_a_print_out_as_text_is_blanked_too():
    text = NAMED.translate(None, b"\x01\x02").replace(b"\x17", b"\n")
    assert b"Mueller" not in blank(text)

"""The ID column of STD2 is masked; a number that runs is nobody's."""

import pytest

from protocols import topcon_ct
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.topcon_ct.print_outs import short, std2


@pytest.mark.parametrize("between", ["", "\r\n", "\t"])
@pytest.mark.parametrize("maker", [b"", b"TOPCON "])
@pytest.mark.parametrize(
    ("who", "without"), [("H-1001", "XX0000"), ("90210", "X0000"), ("1234567890123", "X" + "0" * 12)]
)
def test_the_id_is_masked(between, maker, who, without):
    blanked = assert_only_the_patient_is_gone(topcon_ct, maker + std2(patient=who, between=between), who)

    assert patients(topcon_ct, blanked) == [PatientRef(id=without)]


def test_an_id_stays_an_id_where_no_number_runs():
    blanked = assert_only_the_patient_is_gone(topcon_ct, std2(patient="90210", work="", machine=""), "90210")
    assert patients(topcon_ct, blanked) == [PatientRef(id="X0000")]


@pytest.mark.parametrize("data", [std2(patient="0017"), std2(patient=""), short(), short(between="\r")])
def test_without_a_patient_not_a_byte_changes(data):
    assert topcon_ct.blank(data) == data


@pytest.mark.parametrize("cut", range(33, 125, 13))
def test_an_id_that_was_cut_off_goes_where_its_place_was_reached(cut):
    data = std2()[:cut]
    assert (b"H-1001" in topcon_ct.blank(data)) == (cut <= 47)

"""Whoever stands in the one field for number and patient is masked; every value stays."""

import pytest

from protocols import huvitz_xml
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.huvitz_xml.test_documents import KER, PACHY, REF, TONO, document


@pytest.mark.parametrize(
    ("who", "without"),
    [("H-1001", "X-0000"), ("90210", "X0000"), ("M&#252;ller", "XXX000XXXXX"), ("Ada King", "XXX XXXX")],
)
def test_the_patient_is_masked(who, without):
    blanked = assert_only_the_patient_is_gone(huvitz_xml, document(REF, KER, TONO, PACHY, patient=who), who)
    assert set(patients(huvitz_xml, blanked)) == {PatientRef(id=without)}


def test_digits_filled_up_with_zeros_go_too_for_they_may_be_somebodys():
    who = "00004711"
    blanked = assert_only_the_patient_is_gone(huvitz_xml, document(REF, KER, TONO, PACHY, patient=who), "4711")

    assert {one.print_number for one in huvitz_xml.decode(blanked)[0].readings} == {"00000000"}


def test_a_backslash_in_the_end_tags_hides_nobody():
    assert_only_the_patient_is_gone(huvitz_xml, document(REF, patient="Mueller", slash="\\"), "Mueller")

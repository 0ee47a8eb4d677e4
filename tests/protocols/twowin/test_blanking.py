"""Name, birth date, ID, location and contact go; the exam stays."""

import pytest

from protocols import twowin
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.twowin.test_exam import EXAM

WORDS = ("Smith", "John", "2016-02-24", "H-1001", "School", "mum", "example")


def test_everything_about_the_child_is_masked():
    blanked = assert_only_the_patient_is_gone(twowin, EXAM, *WORDS)

    assert b":00,XXXXX,XXXX,0000-00-00,X-0000,XXXXXX 0,XXXXXXXXXXX.XXX,1.25," in blanked
    (one,) = patients(twowin, blanked)
    assert (one.name, one.birth_date) == ("XXXXX, XXXX", "0000-00-00")


def test_a_name_between_quotation_marks_keeps_them_and_its_comma_is_masked():
    data = EXAM.replace(b"Smith", b'"Smith, ""Bob"" M\xc3\xbcller"')
    blanked = assert_only_the_patient_is_gone(twowin, data, "Smith", "Bob", "M\u00fcller")

    assert b',"XXXXXX ""XXX"" XXXXXXX",' in blanked


@pytest.mark.parametrize("number", [b"4711", b"0017"])
def test_an_id_of_figures_stays_an_id(number):
    blanked = assert_only_the_patient_is_gone(twowin, EXAM.replace(b"H-1001", number), number.decode())
    assert patients(twowin, blanked) == [PatientRef(id="X000", name="XXXXX, XXXX", birth_date="0000-00-00")]


def test_every_exam_of_a_file_is_blanked_and_one_that_cannot_be_read_too():
    blanked = twowin.blank(EXAM + EXAM[:60] + b"\n" + EXAM)
    assert not [word for word in WORDS if word.encode() in blanked]

"""The patient leaves the XML, and every text that is not measured leaves the INI."""

import pytest

from protocols import visionix
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.visionix.test_document import TONO, WF, document
from tests.protocols.visionix.test_sections import ARK

WHOSE = "[PATIENT]\r\nlast_name=King\r\nID : H-1001\r\nKing Ada\r\n; for Ada\r\n"


def test_the_patient_of_a_document_is_masked():
    blanked = assert_only_the_patient_is_gone(visionix, document(WF + TONO), "H-1001", "Ada", "King")

    assert patients(visionix, blanked) == [PatientRef(id="X-0000", name="XXX XXXX")] * 2


@pytest.mark.parametrize("encoding", ["ascii", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("text", [WHOSE + ARK, ARK + WHOSE])
def test_texts_of_a_file_that_are_not_measured_are_masked(encoding, text):
    blanked = assert_only_the_patient_is_gone(visionix, text.encode(encoding), "H-1001", "Ada", "King")

    assert "[PATIENT]" in blanked.decode(encoding)
    assert ARK.strip() in blanked.decode(encoding)


def test_a_comment_among_figures_is_masked():
    data = ARK.replace("axis_3", "comment=Ada King\naxis_3").encode()
    assert_only_the_patient_is_gone(visionix, data, "Ada", "King")

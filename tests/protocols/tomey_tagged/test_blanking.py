"""The patient leaves ``[PT_ID]``; every row stays."""

import pytest

from protocols import tomey_tagged
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.tomey_tagged.print_outs import BOTH, LENSES


def test_the_id_is_masked_behind_its_star_for_both_sections():
    blanked = assert_only_the_patient_is_gone(tomey_tagged, BOTH, "4711")

    assert b"[PT_ID],*0000\r\n" in blanked
    assert patients(tomey_tagged, blanked) == [PatientRef(id="0000")] * 2


@pytest.mark.parametrize("who", [b"MUELLER", b"Anna, Mueller", "M\u00fcller".encode(), "\u5c71\u7530".encode("cp932")])
def test_names_go_in_any_encoding(who):
    data = BOTH.replace(b"4711", who)
    blanked = tomey_tagged.blank(data)

    assert (who in blanked, len(blanked)) == (False, len(data))


def test_without_an_id_not_a_byte_changes():
    assert tomey_tagged.blank(LENSES) == LENSES

"""The patient leaves both headings and what is sent to a phoropter; every item stays."""

import pytest

from protocols import nidek_rt
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.nidek_rt.printed import FULL, printed

ITEMS = ("@RT", "FR- 3.50- 0.75 85", "FL-11.75- 1.25 95")
ONE_LINE = "NIDEK RT-5100 ID{:<12} DA2016/ 9/ 7"


@pytest.mark.parametrize(
    ("who", "without"),
    [("H-1001", "XX0000"), ("4711", "X000"), ("ADA DAVIS 77", "XXX XXXXX 00"), ("M\xfcller", "XXXXXX")],
)
def test_the_id_of_one_line_is_masked_and_the_date_behind_it_stays(who, without):
    blanked = assert_only_the_patient_is_gone(nidek_rt, printed(*ITEMS, heading=ONE_LINE.format(who)), who)

    assert patients(nidek_rt, blanked) == [PatientRef(id=without)]
    assert b" DA2016/ 9/ 7\r" in blanked


def test_the_id_of_three_lines_is_masked():
    data = printed("IDH-1001", "DA2016/09/07 SN0001", *ITEMS, heading="NIDEK_RT-5100")
    blanked = assert_only_the_patient_is_gone(nidek_rt, data, "H-1001")

    assert b"\x02IDXX0000\r\x02DA2016/09/07 SN0001\r" in blanked


def test_an_id_that_was_cut_off_goes_as_well():
    assert b"H-10" not in nidek_rt.blank(b"\x01NIDEK RT-5100 IDH-1001  ")
    assert b"H-10" not in nidek_rt.blank(b"\x01NIDEK_RT-5100\r\x02IDH-10")


def test_without_an_id_not_a_byte_changes():
    assert nidek_rt.blank(FULL) == FULL


def test_what_a_phoropter_is_told_names_nobody_either():
    reading = nidek_rt.decode(FULL)[0].readings[1]
    said = nidek_rt.preset([reading], patient_id="H-1001").message

    assert b"H-1001" in said
    assert b"H-1001" not in nidek_rt.blank(said)
    assert len(nidek_rt.blank(said)) == len(said)

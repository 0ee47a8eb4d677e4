"""What the blocks of pressure and thickness mean."""

from decimal import Decimal

import pytest

from protocols.readings import (
    Pachymetry,
    Tonometry,
    to_json,
)
from tests.protocols.nidek_frame.frames import block, summed
from tests.protocols.nidek_frame.spoken import codes, only, pachy, tono


def test_pressure_is_read_by_its_slots_bug_8():
    reading = tono(" R03    15/2.0      9/1.2*4    16/2.1  AV13.3/1.77", " L01    17/2.3  AV17.0/2.30")

    assert isinstance(reading, Tonometry)
    assert (reading.right.iop_mmhg, reading.right.iop_kpa) == (Decimal("13.3"), Decimal("1.77"))
    assert [one.iop_mmhg for one in reading.right.readings] == [Decimal(15), Decimal(9), Decimal(16)]
    assert [one.doubtful for one in reading.right.readings] == [False, True, False]
    assert reading.right.readings[1].confidence == 4
    assert (reading.left.iop_mmhg, reading.left.iop_kpa) == (Decimal("17.0"), Decimal("2.30"))


def test_a_checksum_and_cr_behind_the_average_do_not_matter_bug_8():
    data = summed([block("DNT", "IDNIDEK/NT-510", " R01    15/2.0  AV15.0/2.00", cr=True)]) + b"\r"

    assert only(data).right.iop_kpa == Decimal("2.00")


def test_an_old_tonometer_sends_no_kilopascals():
    reading = tono(" R02  15  1615.5")

    assert reading.right.iop_mmhg == Decimal("15.5")
    assert [one.iop_mmhg for one in reading.right.readings] == [Decimal(15), Decimal(16)]


def test_a_failed_puff_is_an_error_and_no_number():
    reading = tono(" R02    15/2.0     APL/     AV15.0/2.00", " L01   OVR/     AV    /    ")

    assert [one.error for one in reading.right.readings] == [None, "APL"]
    assert reading.right.error is None
    assert (reading.left.iop_mmhg, reading.left.error) == (None, "OVR")
    assert codes(reading) == ["eye_error", "eye_error"]


@pytest.mark.parametrize("text", ["02    15/2.0  AV15.0/2.00", "xx", "01 ??", "01    15/2.0  AV!"])
def test_a_pressure_line_that_does_not_add_up_is_kept_as_it_came(text):
    reading = tono(f" R{text}", " L01    17/2.3  AV17.0/2.30")

    assert reading.right is None
    assert reading.extra == {" R": text}
    assert codes(reading) == ["unreadable_field"]


def test_thickness_has_four_digits_bug_7():
    reading = pachy(" R02 1012   0998  AV1005", " L01 0583  AV0583")

    assert isinstance(reading, Pachymetry)
    assert [one.cct_um for one in reading.right.readings] == [Decimal(1012), Decimal(998)]
    assert (reading.right.cct_um, reading.left.cct_um) == (Decimal(1005), Decimal(583))
    assert b'"583"' in to_json(reading)


def test_a_failed_thickness_is_an_error_and_no_number():
    reading = pachy(" R02  BLK   0583* AV0583", " L01  ERR  AV    ")

    assert [one.error for one in reading.right.readings] == ["BLK", None]
    assert [one.doubtful for one in reading.right.readings] == [False, True]
    assert reading.left.error == "ERR"


def test_a_thickness_line_that_does_not_add_up_is_kept_as_it_came():
    reading = pachy(" R02 0583  AV0583", " L01 0583  AV0583")

    assert reading.right is None
    assert reading.extra == {" R": "02 0583  AV0583"}

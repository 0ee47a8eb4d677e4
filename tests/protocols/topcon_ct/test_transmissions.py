"""What whole print-outs mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled
from protocols.readings import IopReading, PatientRef, TonometryEye, from_json, to_json
from protocols.topcon_ct import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.topcon_ct.print_outs import short, std2


def only(data):
    (reading,) = read(decode(data))
    return reading


def iop(text, **more):
    return IopReading(iop_mmhg=Decimal(text), **more)


def test_the_manuals_columns_read_as_laid_out():
    assert (len(short()), len(std2())) == (47, 125)
    reading = only(std2())

    assert reading.right == TonometryEye(
        iop_mmhg=Decimal("16.5"), readings=(iop("16"), iop("17"), iop("21", doubtful=True))
    )
    assert reading.left == TonometryEye(iop_mmhg=Decimal("14.7"), readings=(iop("15"), iop("15"), iop("14")))
    assert (reading.instrument.model, reading.instrument.firmware) == ("CT-80", "1.06")
    assert (reading.measured_at, reading.print_number) == ("2024-02-05T14:07:00", "0017")
    assert reading.patient_ref == PatientRef(id="H-1001")
    assert reading.extra == {"machine_no": "01", "work_id": "17"}
    assert codes(reading) == []


def test_the_short_columns_hold_the_averages():
    reading = only(short())

    assert (reading.right, reading.left) == (
        TonometryEye(iop_mmhg=Decimal("16.5")),
        TonometryEye(iop_mmhg=Decimal("17.0")),
    )
    assert (reading.patient_ref, reading.print_number, reading.measured_at) == (None, None, "2024-02-05T14:07:00")


def test_whole_averages_stay_whole():
    assert str(only(short(right="17")).right.iop_mmhg) == "17"


def test_an_eye_without_data_is_absent_and_never_zero():
    reading = only(short(right=""))

    assert reading.right is None
    assert reading.left.iop_mmhg == Decimal("17.0")
    assert only(std2(left=("", "", "", ""))).left is None


def test_what_was_too_high_says_so():
    reading = only(short(right="OVER"))

    assert reading.right == TonometryEye(error="OVER")
    assert only(std2(right=("OVER", "OVER", "", "OVER"))).right.readings == (IopReading(error="OVER"),) * 2


def test_readings_that_failed_keep_their_place_among_the_others():
    reading = only(std2(right=("ERR", "16", "ERR", "16.0")))

    assert reading.right.readings == (IopReading(error="ERR"), iop("16"), IopReading(error="ERR"))


def test_an_average_of_doubtful_readings_is_told():
    reading = only(std2(right=("(16)", "(17)", "", "(16.5)")))

    assert reading.right.iop_mmhg == Decimal("16.5")
    assert codes(reading) == ["doubtful_average"]


@pytest.mark.parametrize("between", ["\r\n", "\r", "\x02", "\x00"])
def test_what_stands_between_the_fields_does_not_matter(between):
    assert only(std2(between=between)).right == only(std2()).right
    assert only(short(between=between)).left == only(short()).left


@pytest.mark.parametrize("number", ["17", "0017", "00017"])
def test_a_patient_id_that_is_the_running_number_is_nobody(number):
    reading = only(std2(patient=number))

    assert reading.patient_ref is None
    assert codes(reading) == ["patient_id_is_print_number"]


def test_without_an_id_there_is_no_patient():
    assert only(std2(patient="")).patient_ref is None


def test_a_clock_in_another_form_is_kept_as_it_came():
    reading = only(short(time="05 FEB 24 02:07 PM"))

    assert reading.measured_at is None
    assert reading.extra == {"time": "05 FEB 24 02:07 PM "}
    assert codes(reading) == ["unreadable_field"]


@pytest.mark.parametrize("bad", ["1x", "--", "117"])
def test_a_pressure_that_is_none_is_kept_and_told(bad):
    reading = only(short(right=bad))

    assert reading.right is None
    assert reading.extra == {"right": f"{bad:>9}"}
    assert "unreadable_field" in codes(reading)


@pytest.mark.parametrize("data", [short()[:-1], short() + b"0", std2()[:-7], short("", ""), b"CT-80"])
def test_columns_of_another_length_or_without_pressures_are_garbled(data):
    assert [type(event) for event in decode(data)] == [Garbled]


def test_two_print_outs_in_one_breath_are_two():
    assert [reading.right.iop_mmhg for reading in read(decode(short() + std2()))] == [Decimal("16.5")] * 2


def test_the_maker_before_the_model_is_no_part_of_it():
    assert only(std2().replace(b"CT-80          ", b"TOPCON CT-80   ")).instrument.model == "CT-80"


@pytest.mark.parametrize("data", [short(), std2()])
def test_readings_survive_their_json(data):
    assert from_json(to_json(only(data))) == only(data)

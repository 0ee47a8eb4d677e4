"""Pentacam's table, built from what a reader of real exports expects."""

from decimal import Decimal

import pytest

from protocols import pentacam_csv
from protocols.framing import Garbled, Transmission
from protocols.readings import Meridian, PatientRef, to_json
from tests.protocols.blanking import assert_only_the_patient_is_gone

WHO = "Last Name:;First Name:;Pat-ID:;D.o.Birth:;Exam Date:;Exam Time:;Exam Eye:;Status:;"
HEAD = WHO + "K1 F (D):;K2 F (D):;Rf F (mm):;Axis F (flat):;Pachy Min:;BAD D:;r4.0 324°:;Odd:;"
ROW = "Müller;Anna;P-17;04/23/1980;02/13/2024;14:07:33;Left  ;OK;43,5;44.1;7.75;175;545;1,2;7,81;x;"


def table(*rows, head=HEAD):
    return "\r\n".join([head, *rows, ""]).encode("cp1252")


def read(data):
    (event,) = pentacam_csv.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def test_a_row_is_one_eye():
    (reading,) = read(table(ROW))

    assert reading.right is None
    assert reading.left.k1 == Meridian(radius_mm=Decimal("7.75"), power_d=Decimal("43.5"), axis=175)
    assert reading.left.k2 == Meridian(power_d=Decimal("44.1"))
    assert reading.left.thinnest_um == 545
    assert reading.left.indices == {"BAD-D": Decimal("1.2")}
    assert reading.patient_ref == PatientRef(id="P-17", name="Müller, Anna", birth_date="1980-04-23")
    assert (reading.surface, reading.measured_at) == ("anterior", "2024-02-13T14:07:33")
    assert reading.extra == {"rings": {"r4.0 324°": "7,81"}, "Odd": "x"}


def test_a_doubtful_examination_is_read_as_well_and_says_so():
    (reading,) = read(table(ROW.replace(";OK;", ";Model Deviation;")))

    assert (reading.left.quality, reading.left.error) == ("Model Deviation", "Model Deviation")
    assert reading.left.k1.power_d == Decimal("43.5")
    assert [note.code for note in reading.notes] == ["quality_doubtful"]


def test_a_repeated_row_is_told_once():
    assert len(read(table(ROW, ROW, ROW.replace("Left", "Right")))) == 2


def test_rings_alone_make_a_table():
    (reading,) = read(table("A;B;1;;02/13/2024;;Right;OK;7,8", head=WHO + "r2.0 0°:;"))
    assert reading.extra == {"rings": {"r2.0 0°": "7,8"}}


def test_too_many_rings_stay_in_the_capture():
    rings = [f"r4.0 {degrees}°:" for degrees in range(401)]
    (reading,) = read(table("A;B;1;;;;Right;OK;" + ";".join("7,8" for _ in rings), head=WHO + ";".join(rings)))

    assert "rings" not in reading.extra
    assert [note.code for note in reading.notes] == ["rings_in_capture"]


def test_columns_nobody_described_do_not_make_a_reading_too_long_for_a_message():
    strange = [f"X{number}:" for number in range(5000)]
    (reading,) = read(table(ROW + ";".join("y" * 20 for _ in strange), head=HEAD + ";".join(strange)))

    assert len(to_json(reading)) < 20_000
    assert [note.code for note in reading.notes] == ["columns_in_capture"]


def test_without_an_eye_nothing_is_assigned():
    assert [type(event) for event in pentacam_csv.decode(table(ROW.replace("Left  ", "")))] == [Garbled]


@pytest.mark.parametrize("data", [b"", b"Last Name;Eye\nA;R\n", b"[PATIENT DATA]\nName,A\n"])
def test_other_tables_are_somebody_elses(data):
    assert pentacam_csv.recognise(data).score == 0


def test_the_patient_goes_and_every_value_stays():
    without = assert_only_the_patient_is_gone(pentacam_csv, table(ROW), "Müller", "Anna", "P-17")
    assert b"XXXXXX;XXXX;X-00;00/00/0000;02/13/2024" in without

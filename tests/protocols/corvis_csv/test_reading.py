"""Tables of corneal biomechanics, built from published symbols."""

from decimal import Decimal

import pytest

from protocols import corvis_csv, pentacam_csv
from protocols.corvis_csv.dialect import COLUMNS
from protocols.framing import Garbled, Transmission
from protocols.readings import BiomechanicsEye, PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone

WHO = "Last Name:;First Name:;Pat-ID:;D.o.Birth:;Exam Date:;Exam Time:;Exam Eye:;Status:;"
HEAD = WHO + "IOP [mmHg]:;bIOP [mmHg]:;CCT [µm]:;A1 Time [ms]:;A1 Velocity [m/s]:;A2 Velocity [m/s]:;SP A1:;CBI:;Odd:;"
ROW = "Müller;Anna;P-17;04/23/1980;02/13/2024;14:07:33;Right ;OK;16,5;15.1;545;7,36;0,12;-0.67;101.2;0,35;x;"


def table(*rows, head=HEAD, codec="cp1252"):
    return "\r\n".join([head, *rows, ""]).encode(codec)


def read(data):
    (event,) = corvis_csv.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


@pytest.mark.parametrize("codec", ["cp1252", "utf-8", "utf-8-sig"])
def test_a_row_is_one_eye_with_figures_as_they_stand(codec):
    (reading,) = read(table(ROW, codec=codec))

    assert reading.left is None
    assert reading.right.iop_mmhg == Decimal("16.5")
    assert reading.right.biop_mmhg == Decimal("15.1")
    assert reading.right.a2_velocity_m_s == Decimal("-0.67")
    assert reading.right.cbi == Decimal("0.35")
    assert reading.patient_ref == PatientRef(id="P-17", name="Müller, Anna", birth_date="1980-04-23")
    assert (reading.measured_at, reading.instrument.model) == ("2024-02-13T14:07:33", "Corvis ST")
    assert (reading.extra, reading.notes) == ({"Odd": "x"}, ())


def test_every_parameter_has_its_key():
    keys = set(BiomechanicsEye.__struct_fields__) - {"error"}
    assert keys == set(COLUMNS.values)


@pytest.mark.parametrize("key", sorted(COLUMNS.values))
def test_every_name_of_a_parameter_is_read(key):
    column = COLUMNS.values[key]
    for name in column.names:
        others = [one for one in ("bIOP", "SSI", "CBI", "SP-A1") if one not in column.names]
        head = ";".join(["Exam Eye", name, *others])
        (reading,) = read(table(";".join(["L", str(column.most), *["0.5" for _ in others]]), head=head))
        assert getattr(reading.left, key) == column.most, name


def test_hysteresis_is_an_oras():
    (reading,) = read(table("OS;14.1;15.2;10.4;10.9;7.7", head="Eye;IOPg;IOPcc;CH;CRF;WS"))

    assert (reading.instrument.maker, reading.left.ch_mmhg, reading.left.waveform_score) == (
        "Reichert",
        Decimal("10.4"),
        Decimal("7.7"),
    )


def test_a_repeated_row_is_told_once_and_both_eyes_apart():
    right, left = read(table(ROW, ROW, ROW.replace("Right ", "Left")))

    assert (right.left, left.right) == (None, None)


def test_a_figure_no_cornea_has_is_kept_and_told():
    (reading,) = read(table(ROW.replace("16,5", "165")))

    assert reading.right.iop_mmhg is None
    assert reading.extra["IOP [mmHg]"] == "165"
    assert [note.code for note in reading.notes] == ["unreadable_field"]


def test_another_unit_is_another_value():
    (reading,) = read(table(ROW, head=HEAD.replace("CCT [µm]", "CCT [mm]")))

    assert reading.right.cct_um is None
    assert reading.extra["CCT [mm]"] == "545"


def test_a_doubtful_examination_says_so():
    (reading,) = read(table(ROW.replace(";OK;", ";Alignment;")))

    assert reading.right.error == "Alignment"
    assert [note.code for note in reading.notes] == ["quality_doubtful"]


def test_a_date_of_two_readings_stays_as_it_came():
    (reading,) = read(table(ROW.replace("02/13/2024", "02/03/2024")))

    assert (reading.measured_at, reading.extra["exam_date"]) == (None, "02/03/2024")


@pytest.mark.parametrize("row", [ROW.replace("Right ", "?"), ROW + "one;two;three", "Müller;Anna"])
def test_what_cannot_be_assigned_is_refused(row):
    assert [type(event) for event in corvis_csv.decode(table(row))] == [Garbled]


def test_a_table_that_only_has_a_pressure_is_somebody_elses():
    assert corvis_csv.recognise(b"Eye;IOP;CCT\nR;15;545\n").score == 0


def test_it_is_surer_of_its_table_than_pentacam_is():
    assert corvis_csv.recognise(table(ROW)).score > pentacam_csv.recognise(table(ROW)).score


def test_the_patient_goes_and_every_value_stays():
    without = assert_only_the_patient_is_gone(
        corvis_csv, table(ROW, ROW.replace("Right", "Left")), "Müller", "Anna", "P-17"
    )

    assert b"XXXXXX;XXXX;X-00;00/00/0000;02/13/2024" in without


def test_a_name_between_quotation_marks_may_hold_the_delimiter():
    data = table(ROW.replace("Müller", '"Müller; von"'))
    (reading,) = read(data)

    assert reading.patient_ref.name == "Müller; von, Anna"
    assert b'"XXXXXXX XXX";XXXX;X-00' in corvis_csv.blank(data)

"""Exams of a 2WIN, built from its manual's description, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import AutorefractionEye, PatientRef
from protocols.twowin import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

WHO = b"2024-02-05T14:07:00,Smith,John,2016-02-24,H-1001,School 3,mum@example.org,"
RIGHT, LEFT = b"1.25,0.50,90,5.6,", b"-0.75,1.00,180,5.4,"
REST = b"0.1,-0.2,0.3,-0.4,58.5,17,5.3.1,OK,0"
EXAM = WHO + RIGHT + LEFT + REST + b"\r\n"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def test_an_exam_is_read_with_its_positive_cylinders():
    reading = read(EXAM)

    assert reading.right == AutorefractionEye(
        sphere=Decimal("1.25"), cylinder=Decimal("0.50"), axis=90, pupil_mm=Decimal("5.6")
    )
    assert reading.left == AutorefractionEye(
        sphere=Decimal("-0.75"), cylinder=Decimal("1.00"), axis=180, pupil_mm=Decimal("5.4")
    )
    assert reading.patient_ref == PatientRef(id="H-1001", name="Smith, John", birth_date="2016-02-24")
    assert (reading.measured_at, reading.print_number) == ("2024-02-05T14:07:00", "17")
    assert (reading.instrument.model, reading.instrument.firmware, reading.notes) == ("2WIN", "5.3.1", ())


def test_what_has_no_key_is_kept_and_the_distance_of_the_pupils_is_neither_far_nor_near():
    reading = read(EXAM)

    assert reading.pd is None
    assert reading.extra == {
        "location": "School 3",
        "contact": "mum@example.org",
        "right_gaze_x": "0.1",
        "right_gaze_y": "-0.2",
        "left_gaze_x": "0.3",
        "left_gaze_y": "-0.4",
        "inter_pupil_distance_mm": "58.5",
        "end_message": "OK",
    }


def test_the_number_of_the_exam_is_no_patient():
    assert read(EXAM.replace(b"H-1001", b"17")).patient_ref.id is None


def test_an_unlisted_patient_is_nobody():
    assert read(EXAM.replace(b"Smith,John,2016-02-24,H-1001,", b",,,,")).patient_ref is None


@pytest.mark.parametrize(("fields", "side"), [(RIGHT, "right"), (LEFT, "left")])
def test_an_eye_of_empty_fields_is_absent(fields, side):
    reading = read(EXAM.replace(fields, b",,,,"))

    assert getattr(reading, side) is None
    assert (reading.right is None) != (reading.left is None)


def test_without_a_cylinder_there_need_be_no_axis():
    reading = read(EXAM.replace(RIGHT, b"1.25,0.00,,5.6,"))

    assert (reading.right.cylinder, reading.right.axis) == (Decimal("0.00"), None)


def test_an_exam_that_ended_badly_is_told():
    reading = read(EXAM.replace(b"OK,0", b"Pupil too small,12"))

    assert (reading.extra["end_message"], reading.extra["end_code"]) == ("Pupil too small", "12")
    assert [note.code for note in reading.notes] == ["instrument_error"]


@pytest.mark.parametrize(
    "fields", [b"OVER,0.50,90,5.6,", b"1.25,0.50,,5.6,", b"41.25,0.50,90,5.6,", b"1.25,0.50,90,56,"]
)
def test_an_eye_without_its_form_is_kept_and_the_other_read(fields):
    reading = read(EXAM.replace(RIGHT, fields))

    assert reading.right is None
    assert reading.left.axis == 180
    assert [note.code for note in reading.notes] == ["unreadable_field"]
    assert reading.extra["right S"] == fields.split(b",")[0].decode()


def test_a_name_in_quotation_marks_may_hold_a_comma():
    assert read(EXAM.replace(b"Smith,John", b'"Smith, Jr.",John')).patient_ref.name == "Smith, Jr., John"


@pytest.mark.parametrize(
    "bad",
    [
        EXAM.replace(b"Smith", b"Smith,Jr."),
        EXAM.replace(b"Smith", b'"Smith'),
        EXAM.replace(RIGHT, b",,,,").replace(LEFT, b",,,,"),
        WHO + RIGHT,
    ],
)
def test_a_line_that_is_no_exam_is_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


def test_a_file_may_hold_many_exams_and_lack_its_last_line_end():
    assert [event.readings[0].print_number for event in decode(EXAM + EXAM.strip().replace(b",17,", b",18,"))] == [
        "17",
        "18",
    ]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + EXAM, size)

    assert (noise.raw, event.raw) == (b"zap\x07", EXAM)


@settings(deadline=None, max_examples=120)
@given(wires(EXAM))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(EXAM))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + EXAM)[-1].readings == decode(EXAM)[-1].readings


@pytest.mark.parametrize(
    ("data", "score"),
    [(EXAM, 85), (b"zap" + EXAM, 55), (EXAM[:-30], 15), (b"", 0), (b"Smith,John,2016-02-24,,,,0\n", 0)],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

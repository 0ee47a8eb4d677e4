"""XML of a VX120 or VX650, from the facts, and what can happen to it."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import (
    AutorefractionEye,
    CorrectedIop,
    LensmetryEye,
    PatientRef,
    SubjectiveEye,
    TonometryEye,
)
from protocols.visionix import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, wires

POWER = "<sphere>-1.25</sphere><cylinder>-0.5</cylinder><axis>90</axis>"
PATIENT = "<patient><ID>H-1001</ID><first_name>Ada</first_name><last_name>King</last_name></patient>"
WF = f"<measure_WF><VD>12</VD><wf_right><Photopic>{POWER}</Photopic></wf_right></measure_WF>"
REF = f"<measure_REF><ref_left>{POWER}</ref_left></measure_REF>"
TONO = "<TONO><tono_left><average><PIO>15.5</PIO><PIOc>14.1</PIOc></average></tono_left></TONO>"


def document(objective, others=""):
    exam = f"{PATIENT}<objective_mesurement>{objective}</objective_mesurement>{others}"
    return f'<?xml version="1.0"?><optic><optometry>{exam}</optometry></optic>'.encode()


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def eye(kind=AutorefractionEye, **more):
    return kind(sphere=Decimal("-1.25"), cylinder=Decimal("-0.5"), axis=90, **more)


def test_wavefront_refraction_and_pressure_are_read():
    wavefront, pressure = read(document(WF + TONO))

    assert (wavefront.right, wavefront.left, wavefront.condition) == (eye(), None, "day")
    assert wavefront.extra["measure"] == "measure_WF"
    assert pressure.left == TonometryEye(iop_mmhg=Decimal("15.5"), corrected=CorrectedIop(iop_mmhg=Decimal("14.1")))
    for reading in (wavefront, pressure):
        assert reading.patient_ref == PatientRef(id="H-1001", name="Ada King")
        assert (reading.instrument.maker, reading.instrument.model) == ("Visionix", "unknown")


def test_what_a_phoropter_and_a_lensmeter_added_is_read():
    section = f"<ref_right>{POWER}</ref_right>"
    ref, subjective, lens = read(
        document(
            REF, f"<subjective_mesurement>{section}</subjective_mesurement><LSM_mesurement>{section}</LSM_mesurement>"
        )
    )

    assert ref.left == eye()
    assert (subjective.stage, subjective.right) == ("subjective", eye(SubjectiveEye))
    assert lens.right == eye(LensmetryEye)


@pytest.mark.parametrize(("day", "born"), [("1815-12-10", "1815-12-10"), ("10/12/1815", None)])
def test_a_birthday_is_one_only_in_a_form_without_doubt(day, born):
    (ref,) = read(document(REF).replace(b"</last_name>", f"</last_name><birthday>{day}</birthday>".encode()))

    assert ref.patient_ref.birth_date == born
    assert ref.extra.get("birthday") == (None if born else day)


def test_a_pressure_no_eye_has_is_not_taken():
    assert [type(event) for event in decode(document(TONO.replace("15.5", "155")))] == [Garbled]


@pytest.mark.parametrize(
    ("axis", "told"), [("1.5708", None), ("2.0", None), ("2", 2), ("90.0", 90), ("0.00", 0), ("190", None)]
)
def test_an_axis_that_could_be_in_radians_is_kept_and_not_taken(axis, told):
    (ref,) = read(document(REF.replace(">90<", f">{axis}<")))

    assert ref.left.axis == told
    assert ref.extra["ref_left"]["axis"] == axis
    assert any(note.code == "axis_doubtful" for note in ref.notes) == (told is None)


@pytest.mark.parametrize(
    "bad",
    [
        document(""),
        document("<TONO><tono_left/></TONO>"),
        document(REF.replace("-1.25", "-41.25")),
        b"<optic><optician/></optic>",
        document(REF)[:-40],
        b"<optic>",
        b"<!DOCTYPE x><optic/>",
    ],
)
def test_a_document_without_a_measurement_is_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


@settings(deadline=None, max_examples=150)
@given(wires(document(WF + TONO), document(REF)))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@pytest.mark.parametrize(("data", "score"), [(document(REF), 85), (document(""), 0), (b"<Ophthalmology/>", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score

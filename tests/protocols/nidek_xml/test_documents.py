"""What a Data document says, element by element, and what it must not be taken for."""

import hashlib
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.nidek_xml import Decoder, autorefraction_document, decode, recognise
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    CorrectedIop,
    IopReading,
    KeratometryEye,
    PachymetryReading,
    PatientRef,
    Pd,
    Power,
    RefractionReading,
    TonometryEye,
)
from protocols.xml.writing import Unfit
from tests.protocols.nidek_xml.documents import AR, CORNEA, NT, PACHY, PD, document, power

D = Decimal


def readings(raw):
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event.why
    return event.readings


def codes(reading):
    return [note.code for note in reading.notes]


def sca(sphere, cylinder, axis):
    return {"sphere": D(sphere), "cylinder": D(cylinder), "axis": axis}


def test_an_autorefraction_with_everything_that_belongs_to_it():
    raw = document(AR, more=PD)
    (event,) = decode(raw)
    (reading,) = event.readings

    assert event.raw == raw[:-4]  # without the CRLF behind the root
    assert reading.integrity.raw_sha256 == hashlib.sha256(event.raw).hexdigest()
    assert (reading.instrument.maker, reading.instrument.model, reading.instrument.firmware) == (
        "NIDEK",
        "ARK-1s",
        "1.00",
    )
    assert (reading.measured_at, reading.print_number, reading.patient_ref) == (
        "2024-02-05T14:07:09",
        "0042",
        PatientRef(id="H-1001"),
    )
    assert (reading.vertex_mm, reading.working_cm) == (D("12.00"), 40)
    assert reading.pd == Pd(far=D(62), far_right=D("30.5"), far_left=D("31.5"), near=D(58))
    assert reading.left is None
    assert reading.right == AutorefractionEye(
        **sca("-1.25", "-0.37", 5),
        se=D("-1.50"),
        readings=(
            RefractionReading(**sca("-1.25", "-0.50", 175), confidence=8, cataract_mode=True),
            RefractionReading(error="COVR"),
            RefractionReading(**sca("0.25", "-0.00", 0), confidence=9),
        ),
        trial_lens=Power(**sca("-1.25", "-0.50", 5)),
        contact_lens=Power(**sca("-1.20", "-0.45", 5), se=D("-1.42")),
    )
    assert str(reading.right.readings[2].cylinder) == "-0.00"
    assert reading.notes == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_document_means_the_same_in_every_encoding(encoding):
    (reading,) = readings(document(AR, encoding=encoding))
    assert reading.right.sphere == D("-1.25")


def test_without_a_median_one_reading_alone_is_the_value_and_of_several_none():
    one = f'<AR><ARList No="1">{power("-2.00", "-1.00", 90)}</ARList></AR>'
    two = one.replace("</AR>", f'<ARList No="2">{power("-2.25", "-1.00", 91)}</ARList></AR>')
    (single,), (several,) = readings(document(one)), readings(document(two))
    assert (single.right.sphere, single.right.axis, codes(single)) == (D("-2.00"), 90, [])
    assert (several.right.sphere, codes(several)) == (None, ["representative_missing"])


def test_the_subjective_part_the_acuities_and_the_spectacles_are_readings_of_their_own():
    near = "<WorkingDistance>35 cm</WorkingDistance>"
    right = (
        f"<VA><UCVA>&lt;0.1</UCVA><BCVA>1.0</BCVA><LVA>0.8</LVA><NVA>0.8</NVA>{near}</VA>"
        f"<SR>{power('-6.25', '-0.75', 177, '<SE>-6.75</SE><ADD>+1.75</ADD>' + near)}</SR>"
        f"<LM>{power('-0.50', '-0.00', 0, '<ADD>+3.00</ADD><ADD2>+3.50</ADD2>')}</LM>"
    )
    subjective, unaided, corrected, near, lenses = readings(document(right))
    assert (subjective.stage, subjective.distance, subjective.working_cm) == ("subjective", "far", 35)
    assert (subjective.right.sphere, subjective.right.se, subjective.right.add) == (D("-6.25"), D("-6.75"), D("1.75"))
    assert (unaided.correction, unaided.right.va, unaided.notation, unaided.left) == (
        "unaided",
        "<0.1",
        "decimal",
        None,
    )
    assert (corrected.correction, corrected.right.va, unaided.extra["R/VA/LVA"]) == ("corrected", "1.0", "0.8")
    assert (near.distance, near.distance_cm, near.correction) == ("near", D(35), None)
    assert (lenses.right.add, lenses.right.add2, codes(lenses)) == (D("3.00"), D("3.50"), ["passed_on"])


@pytest.mark.parametrize("sign", ["ø", "Φ", "φ", ""])
def test_two_rings_are_told_apart_whatever_sign_the_firmware_writes(sign):
    steeper = CORNEA.replace("43.25", "43.50")
    rings = (
        f'<KM condition="{sign}2.4mm"><KMMedian>{CORNEA}</KMMedian></KM>'
        f'<KM condition="{sign}3.3mm"><KMMedian>{steeper}</KMMedian></KM>'
        '<CS><CSList No="1"><Size>12.1</Size></CSList></CS>'
        '<PS><PSList No="1"><Size>4.7</Size><Lamp>ON</Lamp></PSList></PS>'
    )
    inner, outer = readings(document(rings))
    assert (inner.ring, outer.ring, inner.index) == ("2.4 mm", "3.3 mm", D("1.3375"))
    assert (inner.right.r1.power_d, outer.right.r1.power_d) == (D("43.25"), D("43.50"))
    assert (inner.right.corneal_diameter_mm, inner.right.pupil_mm, outer.right.pupil_mm) == (D("12.1"), D("4.7"), None)
    assert (inner.right.r2.axis, inner.right.average.radius_mm, inner.right.cylinder.power_d) == (
        80,
        D("7.75"),
        D("-0.50"),
    )


def test_without_a_cornea_the_pupil_goes_with_the_refraction():
    (reading,) = readings(document(AR + '<PS><PSList No="1"><Size>4.7</Size></PSList></PS>'))
    assert reading.right.pupil_mm == D("4.7")


def test_a_series_of_corneas_and_one_without_median():
    series = f'<KM><KMList No="1">{CORNEA}</KMList><KMList No="2"><Error>BLINK</Error></KMList></KM>'
    (reading,) = readings(document(series))
    assert isinstance(reading.right, KeratometryEye)
    assert [one.error for one in reading.right.readings] == [None, "BLINK"]
    assert reading.right.r1 == reading.right.readings[0].r1


def test_pressure_thickness_and_the_corrected_pressure():
    pressure, thickness = readings(document(NT + PACHY, model="NT-530P"))
    assert pressure.right == TonometryEye(
        iop_mmhg=D("16.0"),
        iop_kpa=D("2.13"),
        readings=(IopReading(iop_mmhg=D(16), iop_kpa=D("2.1")), IopReading(error="APL")),
        corrected=CorrectedIop(iop_mmhg=D("14.2"), cct_um=D(596), param1=D(550), param2=D("0.0400")),
    )
    assert pressure.extra["R/NT/CorrectedIOP/Corrected/kPa"] == "1.89"
    assert (thickness.right.cct_um, thickness.right.readings[1]) == (D(802), PachymetryReading(cct_um=D(1012)))


def test_a_thickness_in_another_unit_is_not_taken_for_micrometres():
    (pressure,) = readings(document(NT.replace("596um", "0.596mm")))
    assert pressure.right.corrected.cct_um is None
    assert pressure.extra["R/NT/CorrectedIOP/CCT"] == "0.596mm"
    assert codes(pressure) == ["unreadable_field"]


@pytest.mark.parametrize(
    ("patient", "ref", "number"),
    [
        ("<No.>0042</No.><ID></ID>", None, "0042"),
        ("<No.>0042</No.><ID>0042</ID>", None, "0042"),
        ("<No.>0042</No.><ID>42</ID>", None, "0042"),
        ("<No.></No.><ID>H-1001</ID>", PatientRef(id="H-1001"), None),
        ("", None, None),
    ],
)
def test_a_running_number_is_never_a_patient(patient, ref, number):
    (reading,) = readings(document(AR, patient=patient))
    assert (reading.patient_ref, reading.print_number) == (ref, number)


@pytest.mark.parametrize("said", ["1999/01/01", "2024/13/01", "yesterday"])
def test_an_impossible_clock_is_told(said):
    (reading,) = readings(document(AR, encoding="utf-8").replace(b"2024/02/05", said.encode()))
    assert codes(reading) == ["clock_implausible"]


def test_what_has_no_key_is_kept_by_its_path():
    more = "<AC><Sphere>8.15</Sphere><MaxPS>4.1</MaxPS></AC><NEW>x</NEW>"
    (reading,) = readings(document(AR + more, more="<Comment> NIDEK </Comment><DiopterStep>0.01D</DiopterStep>"))
    assert reading.extra == {
        "Comment": "NIDEK",
        "DiopterStep": "0.01D",
        "R/AC": {"Sphere": "8.15", "MaxPS": "4.1"},
        "R/NEW": "x",
    }


def test_distances_that_differ_are_kept_and_none_is_chosen():
    two = PD.replace("</PD>", '<PDList No="2"><FarPD>63</FarPD></PDList></PD>')
    (reading,) = readings(document(AR, more=two))
    assert (reading.pd, codes(reading)) == (None, ["representative_missing"])
    assert reading.extra["PD"]["PDList"][1]["FarPD"] == "63"


@pytest.mark.parametrize("text", ["--.--", "-1.2.5", "1e5", "-125 D"])
def test_a_field_that_is_no_number_is_kept_and_told(text):
    raw = document(AR.replace("<ARMedian><Sphere>-1.25", f"<ARMedian><Sphere>{text}"), encoding="utf-8")
    (reading,) = readings(raw)
    if text == "-125 D":
        assert reading.right.sphere == -125
        return
    assert (reading.right.sphere, reading.extra["R/AR/ARMedian/Sphere"]) == (None, text)
    assert "unreadable_field" in codes(reading)


def test_an_axis_beyond_180_is_no_axis():
    (reading,) = readings(document(AR.replace("<Axis>5</Axis><SE>-1.50", "<Axis>181</Axis><SE>-1.50")))
    assert (reading.right.axis, reading.extra["R/AR/ARMedian/Axis"]) == (None, "181")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (document(), "holds no measurement"),
        (document(AR)[:400], "broke off"),
        (document(AR, encoding="utf-8").replace(b"</AR>", b"</AX>"), "mismatched tag"),
        (b"<!DOCTYPE Data [<!ENTITY a 'b'>]><Data>&a;</Data>", "No document begins here"),
    ],
)
def test_refused_with_a_reason(raw, why):
    events = decode(raw)
    assert all(isinstance(event, Garbled) for event in events)
    assert any(why in event.why or "undefined entity" in event.why for event in events)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_does_not_matter_in_what_pieces_they_arrive(size):
    data = document(AR) + document(NT) + document(PACHY)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]
    assert [*events, *decoder.silence()] == decode(data)
    assert len(events) == 3


@settings(deadline=None)
@given(st.integers(0, 1500), st.sampled_from(["utf-8", "utf-16-le"]))
def test_nothing_before_a_good_document_can_cost_it(cut, encoding):
    good = document(AR)
    last = decode(document(NT, encoding=encoding)[:cut] + good)[-1]
    assert isinstance(last, Transmission)
    assert last.raw in good


GOOD = document(AR + NT + PACHY, AR, PD, encoding="utf-8")


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=5), st.integers(0, 9))
def test_no_damage_does_more_than_refuse(at, put, taken):
    events = decode(GOOD[:at] + put + GOOD[at + taken :])
    assert all(isinstance(event, Transmission | Garbled) for event in events)


@pytest.mark.parametrize(
    ("raw", "score"),
    [(document(AR), 95), (document(AR)[:400], 30), (b"", 0), (b"<Ophthalmology/>", 0), (b"\x01DRM\x02", 0)],
)
def test_how_sure_the_dialect_is(raw, score):
    assert recognise(raw).score == score


MOMENT = datetime(2024, 2, 5, 14, 7, 9)


def test_what_is_written_for_a_phoropter_reads_back_to_the_same_values():
    (reading,) = readings(document(AR, AR, PD))
    sent = autorefraction_document(reading, patient_id="H-1001 & Söhne", moment=MOMENT)
    (back,) = readings(sent)
    assert sent.startswith(b"\xff\xfe<\x00?\x00")
    lenses = {"trial_lens": None, "contact_lens": None}  # are not the phoropter's business
    for side in ("right", "left"):
        assert getattr(back, side) == msgspec.structs.replace(getattr(reading, side), **lenses)
    assert (back.pd, back.vertex_mm, back.working_cm) == (reading.pd, reading.vertex_mm, reading.working_cm)
    assert (back.patient_ref, back.measured_at) == (PatientRef(id="H-1001 & Söhne"), "2024-02-05T14:07:09")
    assert back.notes == ()


def test_what_does_not_fit_is_refused_with_a_sentence():
    (reading,) = readings(document(AR))
    none = Autorefraction(instrument=reading.instrument, integrity=reading.integrity)
    empty = msgspec.structs.replace(reading, right=AutorefractionEye())
    for unfit, why in ((none, "no eye"), (empty, "no value chosen")):
        with pytest.raises(Unfit, match=why):
            autorefraction_document(unfit, patient_id="1", moment=MOMENT)
    with pytest.raises(Unfit, match="character"):
        autorefraction_document(reading, patient_id="\x01", moment=MOMENT)

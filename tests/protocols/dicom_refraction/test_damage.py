"""Damage and strangers are refused with one sentence, in bounded time, and nothing is said about them elsewhere."""

import logging
import struct
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction import example
from protocols.dicom_refraction import Decoder, decode, recognise
from protocols.dicom_refraction.grammar import MAX_OBJECT
from protocols.framing import Garbled, Transmission
from protocols.readings import to_json
from tests.protocols.dicom_refraction.objects import (
    DEFLATED,
    JPEG,
    autorefraction,
    bare,
    dataset,
    filed,
    power,
)


def why(raw):
    (event,) = decode(raw)
    assert isinstance(event, Garbled), event
    assert event.raw == raw
    assert event.why.endswith((".", "expected."))
    return event.why


def with_syntax(syntax):
    raw = filed(autorefraction())
    at = raw.index(b"1.2.840.10008.1.2.1\x00") - 8
    value = syntax.encode() + b"\x00" * (len(syntax) % 2)
    return raw[:at] + b"\x02\x00\x10\x00UI" + struct.pack("<H", len(value)) + value + raw[at + 28 :]


@pytest.mark.parametrize("syntax", [DEFLATED, JPEG, "1.2.840.10008.1.2.5", "1.2.3"])
def test_compressed_syntaxes_are_refused(syntax):
    assert "compressed" in why(with_syntax(syntax))


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        ("104.1", "Encapsulated PDF Storage"),
        ("78.7", "Ophthalmic Axial Measurements Storage"),
        ("78.6", "Spectacle Prescription Report Storage"),
        ("7", "Secondary Capture Image Storage"),
    ],
)
def test_other_classes_are_named(suffix, name):
    assert why(filed(dataset(suffix))).endswith(f"{name}.")


def test_a_class_that_the_standard_does_not_name_is_not_quoted():
    found = autorefraction()
    found.SOPClassUID = "1.2.3.4.5.6.7"

    assert "1.2.3.4.5.6.7" not in why(filed(found))


def test_a_data_set_that_does_not_say_its_class_is_refused():
    found = autorefraction()
    del found.SOPClassUID

    assert "class" in why(bare(found, implicit=False))


def test_an_object_without_eyes_is_refused():
    assert "no eye" in why(filed(dataset("AR")))
    assert "no eye" in why(filed(dataset("AR", AutorefractionRightEyeSequence=Dataset())))


def test_wherever_a_file_breaks_off_nothing_is_read_wrongly():
    raw = filed(dataset("AR", AutorefractionRightEyeSequence=power(-2.25, -0.5, 175.0), DistancePupillaryDistance=63.5))
    (whole,) = decode(raw)
    read = [event for end in range(len(raw)) for event in decode(raw[:end]) if isinstance(event, Transmission)]

    assert all(event.readings[0].right == whole.readings[0].right for event in read)
    assert len(read) <= 2  # exactly between two attributes a cut cannot be seen


def test_a_wrong_representation_is_refused():
    eye = power(-1.0)
    eye[0x0046, 0x0146] = DataElement(0x00460146, "DS", "-1.00")

    assert "Sphere Power" in why(filed(dataset("AR", AutorefractionRightEyeSequence=eye)))


def test_a_number_of_the_wrong_length_is_refused():
    raw = filed(autorefraction())
    sphere = raw.index(b"\x46\x00\x46\x01FD\x08\x00")

    assert why(raw[: sphere + 6] + b"\x06\x00" + raw[sphere + 8 :])


def test_several_eyes_where_one_belongs_are_refused():
    found = dataset("AR")
    found.AutorefractionRightEyeSequence = [power(-1.0), power(-1.25)]

    assert "2 items" in why(filed(found))


def test_a_huge_length_is_refused_without_room_for_it():
    raw = filed(autorefraction())
    at = raw.index(b"\x46\x00\x50\x00SQ")

    assert "breaks off" in why(raw[: at + 8] + b"\xfe\xff\xff\xff" + raw[at + 12 :])


def test_attributes_out_of_order_are_refused():
    raw = filed(autorefraction())

    assert "ascending" in why(raw + raw[raw.index(b"\x10\x00\x20\x00LO") :])


def test_sequences_in_sequences_have_an_end():
    begins = b"\x46\x00\x45\x01SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    raw = filed(autorefraction())

    assert why(raw + begins * 20_000)
    assert isinstance(decode(raw + begins * 50)[0], Garbled)


def test_more_than_any_object_is_refused():
    raw = filed(autorefraction()) + b"\xfc\xff\xfc\xffOB\x00\x00" + struct.pack("<I", MAX_OBJECT) + bytes(MAX_OBJECT)

    assert str(MAX_OBJECT) in why(raw)


def test_a_stream_without_end_is_given_up_in_pieces():
    decoder, raw = Decoder(), b"x" * (MAX_OBJECT // 2)
    events = [event for _ in range(7) for event in decoder.feed(raw)]

    assert b"".join(event.raw for event in [*events, *decoder.silence()]) == raw * 7
    assert len(events) == 2


@pytest.mark.parametrize("noise", [b"x", b"\x01DRM\x02", b"%PDF-1.7", b"<?xml version='1.0'?><Data/>", b"PATIENT"])
def test_what_is_no_dicom_at_all(noise):
    assert "DICM" in why(noise)
    assert recognise(noise).score == 0


@pytest.mark.parametrize("blank", [b"", b"\r\n", bytes(500)])
def test_nothing_is_nothing(blank):
    assert decode(blank) == []
    assert recognise(blank).score == 0


def test_how_sure_the_dialect_is():
    good, other = filed(autorefraction()), filed(dataset("104.1"))

    assert [recognise(data).score for data in (good, bare(autorefraction(), implicit=True), other, b"x" + good)] == [
        95,
        85,
        30,
        85,
    ]


def test_nothing_an_object_says_reaches_warnings_or_logs(caplog, capfd):
    found = autorefraction(PatientName="Secret^Name")
    raw = filed(found).replace(b"19800102", b"Secret99").replace(b"ISO_IR 192", b"ISO_IR 999")
    raw = raw.replace(b"1.2.3.4.5\x00", b"Secret....")
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        decode(raw)
        decode(raw[:-30])

    assert told == []
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


KINDS = ("autorefraction", "keratometry", "lensmetry", "subjective_refraction", "visual_acuity")
LENGTHS = (b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\x00\x00\x00\x80")
GOOD = [example("fuzz", (kind,)) for kind in KINDS] + [bare(autorefraction(), implicit=how) for how in (True, False)]


@st.composite
def mutated(draw):
    raw = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        match draw(st.sampled_from(["flip", "cut", "drop", "insert", "length", "join"])):
            case "flip":
                raw[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del raw[at:]
            case "drop":
                del raw[at : at + draw(st.integers(1, 40))]
            case "insert":
                raw[at:at] = draw(st.binary(max_size=40))
            case "length":
                raw[at : at + 4] = draw(
                    st.sampled_from([b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\x00\x00\x00\x80"])
                )
            case "join":
                raw += draw(st.sampled_from(GOOD))
    return bytes(raw)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_mutated_files_give_events_and_say_nothing(raw):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        events = decode(raw)

    assert told == []
    for event in events:
        assert isinstance(event, Transmission | Garbled)
        assert event.raw in raw
        assert isinstance(event, Garbled) or all(to_json(reading) for reading in event.readings)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(GOOD[:5]), st.sampled_from(GOOD[:5]), st.integers(0, 900))
def test_nothing_before_a_good_file_can_cost_it(noise, cut, good, length):
    assert decode(noise + cut[:length] + good)[-1] == decode(good)[0]

"""Damage and rubbish are refused with one sentence, in bounded room, and nothing is said about them elsewhere."""

import logging
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO

from protocols.dicom import Decoder, decode, headers, opened, readings, recognise
from protocols.dicom.grammar import MOST_BYTES, MOST_LEFT
from protocols.framing import Garbled, Transmission, Unread
from protocols.readings import Blob, Integrity, from_json, to_json
from tests.protocols.dicom.objects import (
    axial,
    code,
    container,
    dataset,
    decoded,
    field,
    filed,
    item,
    notes,
    number,
    report,
)
from tests.protocols.dicom.test_zeiss import page

DEFLATED, JPEG = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"
OBJECTS = [filed(axial()), filed(field()), filed(page()), filed(page(), "1.2.840.10008.1.2")]


def why(raw):
    (event,) = decode(raw)
    assert isinstance(event, Garbled), event
    return event.why


def test_rubbish_is_no_dicom():
    assert why(b"\x89PNG" * 100) == "No DICOM file begins here: DICM after 128 bytes was expected."
    assert recognise(b"\x89PNG" * 100).score == 0
    assert decode(b" \r\n") == []


def test_a_file_that_can_be_read_is_ours_and_one_that_cannot_is_likely():
    assert recognise(OBJECTS[0]).score == 90
    assert recognise(OBJECTS[0][:400]).score == 40


@pytest.mark.parametrize("raw", OBJECTS)
def test_wherever_a_file_breaks_off_nothing_is_read_wrongly(raw):
    (whole,) = decode(raw)
    cut = [event for end in range(140, len(raw), 3) for event in decode(raw[:end]) if isinstance(event, Transmission)]

    # exactly between two attributes of the top a cut cannot be seen
    assert len(cut) <= len(opened(DicomBytesIO(raw)))
    assert all(len(event.readings) <= len(whole.readings) for event in cut)


def test_pixels_that_break_off_are_seen():
    raw = filed(dataset("77.1.5.1", Rows=8, Columns=8, BitsAllocated=8, PixelData=b"\x00" * 64))

    assert isinstance(decode(raw)[0], Transmission)
    assert why(raw[:-10]) == "The file breaks off inside its pixels."


class Bytes(DicomBytesIO):
    """A file that knows how much was asked of it at once."""

    most = 0

    def read(self, size=-1):
        Bytes.most = max(Bytes.most, size)
        return super().read(size)


def test_a_huge_length_is_refused_without_room_for_it():
    raw = filed(dataset("77.1.5.1", LensesCodeSequence=[item(CodeValue="1")]))
    at = raw.index(b"\x22\x00\x19\x00SQ")

    with pytest.raises(Unread, match="breaks off") as refusal:
        opened(Bytes(raw[: at + 8] + b"\xfe\xff\xff\xff" + raw[at + 12 :]))
    assert refusal.value.offset == at + 12
    assert Bytes.most < len(raw)


def test_encapsulated_pixels_end_with_their_mark():
    offsets, fragment = b"\xfe\xff\x00\xe0" + b"\x00" * 4, b"\xfe\xff\x00\xe0\x04\x00\x00\x00\xff\xd8\xff\xd9"
    found = dataset("77.1.5.1", Rows=8, Columns=8, BitsAllocated=8, PixelData=offsets + fragment)
    found["PixelData"].is_undefined_length = True
    raw = filed(found, JPEG)

    assert isinstance(decode(raw)[0], Transmission)
    assert why(raw[:-9]) == "The file breaks off inside its pixels."


def test_a_deflated_object_is_read():
    assert isinstance(decode(filed(dataset("77.1.5.1"), DEFLATED))[0], Transmission)


def test_a_deflated_object_that_grows_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("protocols.dicom.file._MOST_INFLATED", 100)

    assert "larger than any object" in why(filed(dataset("77.1.5.1"), DEFLATED))


def test_a_data_set_without_a_class_is_refused():
    with pytest.raises(Unread, match="of which class"):
        readings(Dataset(), Integrity(checksum="none", raw_sha256="0"), Blob(sha256="0", bytes=0, media_type="x"))


def test_a_number_no_instrument_means_is_kept_and_told():
    found = decoded(dataset("77.1.5.1", PixelSpacing=["1e-12", "0.5"]))

    assert notes(found) == ["unreadable_field"]
    assert "pixel_spacing_mm" not in found[0].extra


def test_a_damaged_value_costs_only_itself():
    raw = filed(dataset("77.1.5.1", HorizontalFieldOfView=45.0, Rows=8))
    at = raw.index(b"\x22\x00\x0c\x00FL\x04\x00")
    (event,) = decode(raw[: at + 6] + b"\x03\x00" + raw[at + 8 : at + 11] + raw[at + 12 :])

    assert notes(event.readings) == ["unreadable_field"]
    assert event.readings[0].rows == 8


def test_what_has_no_key_is_bounded():
    many = [item(CodeValue=f"{at}", CodeMeaning="x", CodingSchemeDesignator="99X") for at in range(60)]
    nested = [item(LensesCodeSequence=many) for _ in range(60)]
    found = decoded(dataset("77.1.5.1", LightPathFilterTypeStackCodeSequence=nested))

    kept = found[0].extra["LightPathFilterTypeStackCodeSequence"]
    assert notes(found) == ["extra_cut"]
    assert 12 < len(kept) < MOST_LEFT / 60 + 1


def test_a_reading_fits_into_a_message():
    long = [item(TextValue="x" * 500) for _ in range(60)]
    (reading,) = found = decoded(
        dataset("77.1.5.1", LensesCodeSequence=long, ImagePathFilterTypeStackCodeSequence=long)
    )

    assert (reading.extra, notes(found)) == ({}, ["extra_cut"])
    assert len(to_json(reading)) < MOST_BYTES


def test_a_report_of_endless_items_ends():
    groups = [container(*(number("1", "mm", code("9", "99X")) for _ in range(400))) for _ in range(4)]

    assert "extra_cut" in notes(decoded(report(*groups)))


def test_the_wire_is_read_when_it_is_quiet():
    decoder = Decoder()
    decoder.feed(OBJECTS[0][:500])
    assert decoder.pause == 1.0
    decoder.feed(OBJECTS[0][500:])

    assert isinstance(decoder.silence()[0], Transmission)
    assert decoder.pause is None


damage = st.lists(st.tuples(st.integers(132, 4000), st.integers(0, 255)), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(OBJECTS), damage)
def test_mutated_files_give_events_and_say_nothing(caplog, raw, changes):
    damaged = bytearray(raw)
    for at, value in changes:
        damaged[at % len(damaged)] = value
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        events = decode(bytes(damaged))

    assert all(isinstance(event, Transmission | Garbled) for event in events)
    assert all(from_json(to_json(reading)) == reading for event in events for reading in getattr(event, "readings", ()))
    assert caplog.records == []


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(OBJECTS), damage)
def test_headers_of_mutated_files_never_raise(raw, changes):
    damaged = bytearray(raw)
    for at, value in changes:
        damaged[at % len(damaged)] = value
    try:
        dataset = opened(DicomBytesIO(bytes(damaged)))
    except Unread:
        return
    assert len(headers(dataset)) > 0

import io
from datetime import UTC, datetime

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydicom.encaps import get_frame

from firmware_sim.slit_lamp_camera import picture
from protocols.dicom import opened, readings
from protocols.framing import Garbled, Transmission, Unread
from protocols.readings import Blob, Integrity
from protocols.slit_lamp_camera import ILLUMINATIONS, Shot, decode, facts, magnification, recognise, wrapped

AT = datetime(2026, 3, 4, 9, 30, 1, 250_000, UTC)
SHOT = Shot("left", AT, "16x", "slit", "Northlight", "SL-9")


def read(made):
    return pydicom.dcmread(io.BytesIO(made))


def saved(**how):
    kept = io.BytesIO()
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(kept, "JPEG", **how)
    return kept.getvalue()


@pytest.mark.edge(
    "EDGE-388", "A slit lamp's picture goes into its DICOM object byte for byte, without a recompression."
)
@pytest.mark.parametrize("behind", [b"", b"\x00"])
def test_the_picture_inside_is_the_picture_as_it_came(behind):
    jpeg = picture() + behind

    found = read(wrapped(jpeg, SHOT))

    assert get_frame(found.PixelData, 0, number_of_frames=1)[: len(jpeg)] == jpeg
    assert found.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50"
    assert (found.LossyImageCompression, found.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    assert found.PhotometricInterpretation == "YBR_FULL_422"


def test_others_see_the_same_pixels():
    with Image.open(io.BytesIO(picture())) as image:
        expected = np.asarray(image.convert("RGB")).astype(int)

    shown = read(wrapped(picture(), SHOT)).pixel_array.astype(int)

    assert shown.shape == (960, 1280, 3)
    assert np.abs(shown - expected).mean() < 2


def test_it_says_whose_eye_which_device_and_which_light():
    found = read(wrapped(picture(), SHOT))

    assert (found.SOPClassUID, found.Modality, found.ImageLaterality) == (
        "1.2.840.10008.5.1.4.1.1.77.1.5.1",
        "OP",
        "L",
    )
    assert found.AcquisitionDeviceTypeCodeSequence[0].CodeValue == "397247004"
    assert found.AnatomicRegionSequence[0].CodeMeaning == "Eye"
    assert found.IlluminationTypeCodeSequence[0].CodeValue == "410462008"
    assert found.AcquisitionDateTime == "20260304093001.250000"
    assert found.PatientName == found.PatientID == ""


def test_our_own_reader_understands_it():
    made = wrapped(picture(), SHOT)
    blob = Blob(sha256="0" * 64, bytes=len(made), media_type="application/dicom")

    [image] = readings(opened(io.BytesIO(made)), Integrity(checksum="none", raw_sha256=""), blob)

    assert (image.laterality, image.illumination, image.view) == ("left", "Fine slit beam direct illumination", "Eye")
    assert (image.rows, image.columns) == (960, 1280)
    assert image.instrument.model == "SL-9"


def test_two_pictures_never_share_a_number():
    names = {read(wrapped(picture(seed), SHOT)).SOPInstanceUID for seed in (1, 2)}

    assert len(names) == 2
    assert all(len(name) <= 64 for name in names)


@pytest.mark.parametrize("how", [{"progressive": True}])
def test_what_cannot_be_wrapped_unchanged_is_refused(how):
    with pytest.raises(Unread):
        wrapped(saved(**how), SHOT)


def test_a_magnification_is_read_back():
    assert magnification(str(read(wrapped(picture(), SHOT)).ImageComments)) == "16x"
    assert magnification("A lovely eye") is None
    assert "ImageComments" in read(wrapped(picture(), Shot("right", AT)))


@pytest.mark.parametrize("light", ILLUMINATIONS)
def test_every_light_has_its_code(light):
    [code] = read(wrapped(saved(), Shot("right", AT, illumination=light))).IlluminationTypeCodeSequence

    assert (code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning) == ILLUMINATIONS[light]


def test_a_jpeg_is_a_picture_without_an_eye():
    [event] = decode(picture())

    assert isinstance(event, Transmission)
    assert event.readings[0].laterality is None
    assert (event.readings[0].rows, event.readings[0].columns) == (960, 1280)
    assert recognise(picture()).score > recognise(b"ISO 8859").score == 0


def test_a_picture_cut_off_is_kept_and_called_damaged():
    [event] = decode(picture()[:5000])

    assert isinstance(event, Garbled)
    assert "cut off" in event.why


@given(st.binary(max_size=80))
def test_no_bytes_make_it_stumble(rest):
    try:
        found = facts(b"\xff\xd8\xff" + rest)
    except Unread as refusal:
        found = refusal

    assert found

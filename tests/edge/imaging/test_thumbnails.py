"""Small pictures, of every syntax that can be decoded here."""

import shutil
import subprocess

import pytest
from PIL import Image

from edge.imaging import thumbnails
from tests.edge.dicom.objects import PDF, PHOTO, make


def small(path, folder, media_type="application/dicom"):
    found = thumbnails.make(path, media_type, folder)
    with Image.open(found) as picture:
        return picture.format, picture.size, picture.convert("L").getpixel((0, 0))


@pytest.mark.parametrize(
    "made_by",
    [
        ["dcmconv", "+te"],
        ["dcmconv", "+tb"],
        ["dcmconv", "+td"],
        ["dcmcrle"],
        ["dcmcjpeg", "+eb"],
        ["dcmcjpls"],
    ],
)
def test_of_every_syntax(tmp_path, made_by):
    make(tmp_path / "plain.dcm", PHOTO, rows=512, frames=3)
    tool, *options = made_by
    sent = tmp_path / "sent.dcm"
    subprocess.run([shutil.which(tool), *options, tmp_path / "plain.dcm", sent], check=True, capture_output=True)
    assert small(sent, tmp_path)[:2] == ("JPEG", (256, 256))


def test_monochrome1_is_turned_over_and_deep_pixels_are_spread(tmp_path):
    make(tmp_path / "one.dcm", PHOTO, rows=16, PatientName="X")
    make(tmp_path / "two.dcm", PHOTO, rows=16)
    import pydicom

    other = pydicom.dcmread(tmp_path / "two.dcm")
    other.PhotometricInterpretation = "MONOCHROME1"
    other.save_as(tmp_path / "two.dcm")
    assert small(tmp_path / "one.dcm", tmp_path)[2] < 60
    assert small(tmp_path / "two.dcm", tmp_path)[2] > 195


def test_what_is_no_picture_has_none(tmp_path):
    make(tmp_path / "report.dcm", PDF)
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4")
    assert thumbnails.make(tmp_path / "report.dcm", "application/dicom", tmp_path) is None
    assert thumbnails.make(tmp_path / "x.pdf", "application/pdf", tmp_path) is None


def test_a_photograph_stands_upright(tmp_path):
    picture = Image.new("RGB", (300, 100))
    exif = picture.getexif()
    exif[0x0112] = 6  # the camera was turned
    picture.save(tmp_path / "x.jpg", exif=exif)
    assert small(tmp_path / "x.jpg", tmp_path, "image/jpeg")[1] == (85, 256)

"""A frame without its Huffman tables becomes a JPEG for everybody; not one of its own bytes changes."""

import io

import numpy as np
import pydicom
import pytest
from PIL import Image

from firmware_sim.slit_lamp_camera import bare, picture
from protocols.pictures import completed, facts
from protocols.pictures.tables import SEGMENT
from protocols.slit_lamp_camera import Shot, wrapped
from tests.protocols.slit_lamp_camera.test_wrapping import AT, saved


def pixels(jpeg):
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image)


def test_the_tables_are_those_a_library_writes_by_itself():
    whole = saved()

    tables, at = b"", 0
    while (at := whole.find(b"\xff\xc4", at)) >= 0:
        length = int.from_bytes(whole[at + 2 : at + 4], "big")
        tables, at = tables + whole[at + 4 : at + 2 + length], at + 2 + length

    assert SEGMENT[4:] == tables
    assert len(SEGMENT) == 420


@pytest.mark.edge(
    "EDGE-441", "A Motion-JPEG frame without Huffman tables is completed by those of annex K, its own bytes untouched."
)
def test_a_bare_frame_shows_the_same_pixels():
    frame = bare(picture())

    made = completed(frame)

    assert not facts(frame).has_tables
    assert made.replace(SEGMENT, b"") == frame
    assert (pixels(made) == pixels(picture())).all()


def test_a_completed_frame_can_be_wrapped_and_is_shown_by_others():
    made = wrapped(completed(bare(picture())), Shot("right", AT))

    shown = pydicom.dcmread(io.BytesIO(made)).pixel_array

    assert shown.shape == (960, 1280, 3)


@pytest.mark.parametrize("jpeg", [picture(), saved(progressive=True), b"\xff\xd8\xff\xd9", b"", picture()[:900]])
def test_what_needs_nothing_or_cannot_be_helped_stays(jpeg):
    assert completed(jpeg) == jpeg

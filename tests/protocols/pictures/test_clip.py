"""Clips: written as AVI, read by others, and read by us however little of them is left."""

import io
import json
import shutil
import subprocess
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.slit_lamp_camera import bare, clip, picture
from protocols.pictures import Damaged
from protocols.pictures.clip import Clip, head, read
from protocols.pictures.clip import picture as frame_of
from protocols.slit_lamp_camera import Shot, noted, notes
from tests.protocols.slit_lamp_camera.test_wrapping import AT, SHOT

FRAMES = [picture(seed) for seed in range(3)]


def test_the_frames_come_back_as_the_camera_made_them():
    file = io.BytesIO(clip(FRAMES, notes(SHOT), micros=66_667))

    found = read(file)

    assert [frame_of(file, place) for place in found.places] == FRAMES
    assert (found.rows, found.columns, found.micros) == (960, 1280, 66_667)


def test_it_says_whose_eye_when_and_how_it_was_looked_at():
    found = noted(read(io.BytesIO(clip(FRAMES, notes(SHOT)))).said)

    assert datetime.fromisoformat(found.pop("taken_at")) == AT.replace(microsecond=0)
    assert found == {
        "eye": "left",
        "magnification": "16x",
        "illumination": "slit",
        "maker": "Northlight",
        "model": "SL-9",
    }
    assert noted({"ICMT": "eye=right", "ISFT": "somebody else"}) == {}


def test_a_name_cannot_forge_an_eye():
    said = notes(Shot("right", AT, maker="x; eye=left"))

    assert noted(said)["eye"] == "right"


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="needs ffprobe")
@pytest.mark.parametrize("frames", [FRAMES, [bare(one) for one in FRAMES]])
def test_others_play_it(tmp_path, frames):
    path = tmp_path / "clip.avi"
    path.write_bytes(clip(frames, notes(SHOT), micros=100_000))
    words = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(path)]

    ran = subprocess.run(words, capture_output=True, check=True, timeout=60)
    told = json.loads(ran.stdout)
    [stream] = told["streams"]

    assert ran.stderr == b""
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("mjpeg", 1280, 960)
    assert (stream["nb_read_frames"], stream["avg_frame_rate"]) == ("3", "10/1")
    assert "eye=left" in told["format"]["tags"]["comment"]


@pytest.mark.edge("EDGE-442", "A clip whose end is missing gives its whole frames, and never half a one.")
@given(st.data())
def test_however_little_is_left_only_whole_frames_are_read(data):
    whole = clip(FRAMES, notes(SHOT))
    first = len(head(read(io.BytesIO(whole))))
    left = data.draw(st.integers(first, len(whole)))
    file = io.BytesIO(whole[:left])

    found = [frame_of(file, place) for place in read(file).places]

    assert found == FRAMES[: len(found)]
    assert len(found) < 3 or left >= sum(len(one) + 8 for one in FRAMES)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(rest):
    try:
        found = read(io.BytesIO(b"RIFF\0\0\0\0AVI " + rest))
    except Damaged as refusal:
        found = refusal

    assert isinstance(found, Clip | Damaged)

"""A slit lamp's clip: every frame of it is shown, also of one that others would not decode."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cloud.imaging.deriving import opening
from cloud.imaging.deriving.clip import Clip
from cloud.imaging.deriving.shape import Unreadable
from firmware_sim.slit_lamp_camera import bare, clip, picture
from protocols.slit_lamp_camera import Shot, notes
from tests.protocols.slit_lamp_camera.test_wrapping import AT

FRAMES = [picture(seed) for seed in range(3)]
SAID = notes(Shot("right", AT))


def pixels(jpeg):
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image)


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "original"
    path.write_bytes(clip([bare(one) for one in FRAMES], SAID))
    return path


@pytest.mark.edge("EDGE-451", "The viewer's pictures of a clip are all of its frames, tables or not.")
def test_every_frame_is_derived(film):
    original = opening.opened(film)
    frames = list(original.frames())

    assert isinstance(original, Clip)
    assert (original.about.medium, original.about.frames) == ("film", 3)
    assert (original.about.rows, original.about.columns) == (960, 1280)
    assert all((shown == pixels(taken)).all() for (shown, _), taken in zip(frames, FRAMES, strict=True))
    assert (original.middle() == pixels(FRAMES[0])).all()


def test_a_frame_that_cannot_be_read_is_the_one_before(tmp_path):
    path = tmp_path / "original"
    path.write_bytes(clip([FRAMES[0], FRAMES[1][:3] + bytes(50), FRAMES[2]], SAID))

    shown = [frame for frame, _ in opening.opened(path).frames()]

    assert [(one == pixels(FRAMES[at])).all() for one, at in zip(shown, (0, 0, 2), strict=True)] == [True] * 3


def test_a_clip_without_a_frame_is_no_picture(tmp_path):
    path = tmp_path / "original"
    path.write_bytes(clip(FRAMES, SAID)[:400])

    with pytest.raises(Unreadable):
        opening.opened(path)


def test_the_process_makes_a_thumbnail_and_each_frame(film, tmp_path):
    made = tmp_path / "made"
    made.mkdir()
    words = [sys.executable, "-m", "cloud.imaging.deriving", str(film), str(made)]

    lines = [json.loads(line) for line in subprocess.run(words, capture_output=True, check=True).stdout.splitlines()]

    assert [line["number"] for line in lines if line.get("kind") == "frame"] == [0, 1, 2]
    assert lines[-1] == {"ended": "ready"}
    assert (made / "thumbnail-0").stat().st_size > 0

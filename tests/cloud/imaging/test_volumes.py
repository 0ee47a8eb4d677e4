"""Volumes in makers' own formats: what is read, and what says that nobody reads it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("eyepy", reason="the extra for volumes is not installed here")

from tests.cloud.imaging.volumes_here import e2e


@pytest.fixture
def derived(tmp_path):
    """What the deriving process says of some bytes, and where its pictures are."""

    def run(data):
        (tmp_path / "file").write_bytes(data)
        (tmp_path / "out").mkdir()
        words = [sys.executable, "-m", "cloud.imaging.deriving", str(tmp_path / "file"), str(tmp_path / "out")]
        said = subprocess.run(words, capture_output=True, check=True, timeout=100).stdout
        return [json.loads(line) for line in said.splitlines()], tmp_path / "out"

    return run


def test_an_e2e_is_as_many_slices_and_one_look_from_above(derived):
    said, folder = derived(e2e(slices=4, rows=24, columns=32))
    about = next(line["about"] for line in said if "about" in line)

    assert said[-1] == {"ended": "ready"}
    assert (about["medium"], about["frames"], about["rows"], about["columns"]) == ("volume", 4, 24, 32)
    assert about["pixel_mm"] is None  # nobody has found the scale in these files: nothing may be measured on them
    shown = [line for line in said if line.get("kind") == "frame"]
    assert [line["number"] for line in shown] == [0, 1, 2, 3]
    bright = [int(np.asarray(Image.open(folder / line["file"])).mean(axis=1).argmax()) for line in shown]
    assert bright == [8, 9, 10, 11]


def test_an_e2e_that_breaks_off_says_so(derived):
    said, _folder = derived(e2e()[:3000])
    assert said[-1]["ended"] == "failed"


def test_an_fda_says_that_nobody_reads_it(derived):
    said, _folder = derived(b"FOCTFDA" + bytes(4096))
    assert (said[-1]["ended"], said[-1]["why"]) == ("failed", "no_reader")

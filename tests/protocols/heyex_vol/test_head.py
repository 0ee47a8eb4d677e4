"""The head, against the figures of one real file and the file that is shared."""

import struct
from pathlib import Path

import pytest

from firmware_sim.heyex_vol import exported
from protocols import heyex_vol
from protocols.heyex_vol.head import head
from protocols.heyex_vol.reading import of_file
from tests.protocols.blanking import assert_only_the_patient_is_gone

SHARED = Path(__file__).parents[4] / "shared" / "samples" / "imaging" / "heyex-synthetic-10x40x50.vol"


def test_a_file_is_as_long_as_its_head_says():
    """768 x 496 pixels, a scan whose head has 46080 bytes, a fundus of 768 x 768: 2 161 664 bytes, as a real file."""
    raw = bytearray(exported()[:2048])
    struct.pack_into("<3I", raw, 12, 768, 1, 496)
    struct.pack_into("<2I", raw, 48, 768, 768)
    struct.pack_into("<I", raw, 100, 46080)

    assert head(bytes(raw)).whole == 2_161_664


def test_a_file_on_disk_is_read_like_its_bytes(tmp_path):
    (tmp_path / "a.vol").write_bytes(exported())
    about = {"sha256": "0" * 64, "bytes": str(len(exported())), "media_type": heyex_vol.MEDIA_TYPE}
    (event,) = heyex_vol.decode(exported())
    told = of_file(tmp_path / "a.vol", about)

    assert told[1].right == event.readings[1].right
    assert told[0].blob.sha256 == "0" * 64


@pytest.mark.skipif(not SHARED.exists(), reason="the shared samples are not here")
def test_the_shared_file_tells_its_head_and_no_thickness():
    (event,) = heyex_vol.decode(SHARED.read_bytes())
    (reading,) = event.readings

    assert (reading.frames, reading.rows, reading.columns, reading.laterality) == (10, 40, 50, "right")
    assert reading.patient_ref.id == "Study-01"
    assert "volume_incomplete" in [note.code for note in reading.notes]


def test_the_patient_goes():
    without = assert_only_the_patient_is_gone(heyex_vol, exported(patient_id="MUELLER-77"), "MUELLER-77")
    assert without[140:150] == b"XXXXXXX-00"


@pytest.mark.parametrize(("data", "score"), [(exported(), 95), (exported()[:2048], 95), (b"HSF-OCT-1", 15), (b"", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert heyex_vol.recognise(data).score == score

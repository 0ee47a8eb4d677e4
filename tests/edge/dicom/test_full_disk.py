"""A file system that is really full: a small one in memory, mounted where the machine lets us."""

import hashlib
import os
import shutil
import subprocess

import pytest

from edge.dicom.journal import Journal
from tests.edge.dicom.objects import TOMOGRAPHY, make
from tests.edge.dicom.peers import Peer, write_config

SIZE = 12 << 20
pytestmark = pytest.mark.skipif(shutil.which("storescu") is None, reason="dcmtk is not installed here")


@pytest.fixture
def disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here: a full one is not tried")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place):
    """Leave no room at all."""
    with (place / "filler").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return


def stored(peer):
    """What the journal and the spool know, by digest; what lies half-way."""
    journal = Journal(peer.data)
    known = {one.sha for one in journal.waiting()}
    journal.close()
    files = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in peer.spool()}
    assert all(name == digest for name, digest in files.items())
    return known, set(files), peer.landing()


@pytest.mark.edge(
    "EDGE-464",
    "On a disk that is really full a device hears A700, nothing is half stored, and the same object is taken later.",
)
def test_a_disk_that_is_really_full(disk, tmp_path):
    small, other, large = (tmp_path / f"{name}.dcm" for name in ("small", "other", "large"))
    make(small, TOMOGRAPHY, rows=64)
    make(other, TOMOGRAPHY, rows=512)
    make(large, TOMOGRAPHY, rows=1024, frames=16)
    assert large.stat().st_size > SIZE
    with Peer(write_config(disk)) as peer:
        assert peer.call("storescu", "-R", files=[small])[1] == 0
        (known, files, landing) = before = stored(peer)
        assert (len(known), known, landing) == (1, files, [])

        said, _ = peer.call("storescu", "-R", files=[large])
        assert "OutOfResources" in said
        assert stored(peer) == before

        fill(disk)
        said, _ = peer.call("storescu", "-R", files=[other])
        assert "OutOfResources" in said
        assert peer.landing() == []
        assert {path.stem for path in peer.spool()} == files
        assert peer.call("echoscu")[1] == 0

        (disk / "filler").unlink()
        said, code = peer.call("storescu", "-R", files=[other])
        assert ("OutOfResources" in said, code) == (False, 0)
        known, files, landing = stored(peer)
        assert (len(known), known, landing) == (2, files, [])

"""A folder of large files: copies by path, once, and the original moved only afterwards."""

import asyncio
import errno
import os
import threading
from datetime import date
from pathlib import Path

import pytest

from edge.links import LinkRefused, crate, open_link
from edge.links.crate import Crate
from edge.links.taken import Taken
from tests.edge.links.folders import names


class Clocked:
    """A crate whose clock is moved by hand."""

    def __init__(self, share, data, patterns=("*.vol",)):
        self.now, self.arriving = 1000.0, data / "arriving"
        self.crate = Crate(share, patterns, Taken(data / "x.taken"), self.arriving, lambda: self.now)

    def look(self):
        for _ in range(3):
            if self.crate.ready():
                return self.crate.copied()
            self.now += crate.STILL_S
        return None


@pytest.fixture
def share(tmp_path):
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


@pytest.fixture
def data(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def done(share):
    return names(share / "done" / f"{date.today():%Y-%m-%d}")


def test_a_copy_is_handed_over_and_the_original_moved_when_the_next_is_asked_for(share, data):
    (share / "Doe.VOL").write_bytes(b"volume")
    box = Clocked(share, data)
    copy = box.look()

    assert (copy.read_bytes(), copy.suffix, copy.parent) == (b"volume", ".vol", data / "arriving")
    assert names(share) == ["Doe.VOL"]
    assert box.look() is None
    assert done(share) == ["Doe.VOL"]


def test_a_file_that_still_grows_is_left_alone(share, data):
    box = Clocked(share, data)
    (share / "a.vol").write_bytes(b"vol")
    assert not box.crate.ready()
    box.now += crate.STILL_S - 0.1
    (share / "a.vol").write_bytes(b"volume")
    assert not box.crate.ready()
    box.now += crate.STILL_S - 0.1
    assert not box.crate.ready()


def test_a_file_that_changes_between_looking_and_copying_is_looked_at_again(share, data):
    (share / "a.vol").write_bytes(b"vol")
    box = Clocked(share, data)
    box.crate.ready()
    box.now += crate.STILL_S
    assert box.crate.ready()
    (share / "a.vol").write_bytes(b"volume")
    assert box.crate.copied() is None
    assert names(data / "arriving") == []
    assert box.look().read_bytes() == b"volume"


def test_xml_must_have_closed_its_root(share, data):
    (share / "a.fmes").write_bytes(b"<A>" + b"x" * 100_000)
    box = Clocked(share, data, ("*.fmes",))
    box.crate.ready()
    box.now += crate.STILL_S
    assert not box.crate.ready()
    (share / "a.fmes").write_bytes(b"<A>" + b"x" * 100_000 + b"</A>")
    assert box.look().stat().st_size == 100_007


def test_what_a_kill_left_behind_goes_and_its_original_comes_again(share, data):
    (share / "a.vol").write_bytes(b"volume")
    Clocked(share, data).look()
    again = Clocked(share, data)

    assert names(data / "arriving") == []
    assert again.look().read_bytes() == b"volume"


def test_a_file_that_was_taken_and_comes_back_is_not_handed_over_twice(share, data):
    (share / "a.vol").write_bytes(b"volume")
    box = Clocked(share, data)
    box.look()
    assert box.look() is None
    (share / "a.vol").write_bytes(b"volume")
    assert Clocked(share, data).look() is None
    assert done(share) == ["a-2.vol", "a.vol"]
    assert names(data / "arriving") == []


def test_a_file_larger_than_any_volume_is_refused(share, data, monkeypatch):
    monkeypatch.setattr(crate, "LARGEST", 3)
    (share / "a.vol").write_bytes(b"volume")

    assert Clocked(share, data).look() is None
    assert names(share / "refused") == ["a.vol"]


def test_a_full_disk_is_told_and_leaves_the_original(share, data, monkeypatch):
    (share / "a.vol").write_bytes(b"volume")
    box = Clocked(share, data)

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("edge.links.crate.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        box.look()
    monkeypatch.undo()
    assert names(share) == ["a.vol"]
    assert box.look().read_bytes() == b"volume"


@pytest.mark.parametrize("url", ["files://host/x", "files:///x?like=*.vol", "files:///"])
async def test_an_address_that_names_no_folder_is_refused(url):
    with pytest.raises(LinkRefused, match=r"files:///mnt/share\?match=\*\.vol"):
        await open_link(url, data=Path("/tmp"))


async def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(LinkRefused, match="is not there"):
        await open_link(f"files://{tmp_path}/gone", data=tmp_path)


async def test_without_the_gateways_own_folder_there_is_no_place_for_copies(share):
    with pytest.raises(LinkRefused, match="own folder"):
        await open_link(f"files://{share}")


async def test_a_copy_from_a_server_that_went_away_is_not_waited_for_at_the_end(share, data, monkeypatch):
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))
    for name, short in {"files.ANSWER_S": 0.1, "whole_file.STILL_S": 0.0, "crate.STILL_S": 0.0}.items():
        monkeypatch.setattr(f"edge.links.{name}", short)
    begun, back = threading.Event(), threading.Event()

    def hangs(*_):
        begun.set()
        back.wait()
        return ""

    monkeypatch.setattr(crate, "_copy", hangs)
    (share / "a.vol").write_bytes(b"volume")
    link = await open_link(f"files://{share}?match=*.vol", data=data)
    looking = asyncio.create_task(anext(link))
    assert await asyncio.to_thread(begun.wait, 15)
    async with asyncio.timeout(10):
        await link.aclose()
    await asyncio.gather(looking, return_exceptions=True)
    assert looking.cancelled()
    assert names(share) == ["a.vol", "done"]
    back.set()


async def test_two_instruments_may_write_into_one_folder(share, data, monkeypatch):
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))
    links = [await open_link(f"files://{share}?match=*.{kind}", data=data) for kind in ("vol", "fmes")]
    texts = await open_link(f"folder://{share}?match=*.txt", data=data)
    looking = [asyncio.create_task(anext(link)) for link in [*links, texts]]
    (share / "a.txt").write_bytes(b"result")
    async with asyncio.timeout(15):
        assert await looking[2] == b"result"
    assert [one.done() for one in looking[:2]] == [False, False]
    for link in [*links, texts]:
        await link.aclose()
    await asyncio.gather(*looking, return_exceptions=True)

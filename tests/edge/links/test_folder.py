"""A watched folder: whole files, once, in order, never lost and never deleted."""

import asyncio
import errno
import os
import threading
from datetime import date
from pathlib import Path

import pytest

from edge.drivers.listener import Listener
from edge.links import LinkLost, LinkRefused, folder, open_link, shelf, taken
from firmware_sim.wires import FolderWire
from protocols.framing import Garbled, Transmission
from tests.edge.links.folders import Killed, Minute, driver_that_dies_after, names

XML = b'<?xml version="1.0"?><Data><R>1</R></Data>'


@pytest.fixture
def share(tmp_path):
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


@pytest.fixture
def shop(share, tmp_path):
    return Minute(share, tmp_path / "data" / "x.taken")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("edge.links.folder.POLL_S", 0.01)
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))


def done(share):
    return names(share / "done" / f"{date.today():%Y-%m-%d}")


def test_a_file_is_taken_when_it_has_stood_still_for_a_second(share, shop):
    (share / "a.txt").write_bytes(b"result")

    assert shop.look() is None
    shop.wait(0.9)
    assert shop.look() is None
    shop.wait(0.2)
    assert shop.look() == b"result"


def test_a_file_that_still_grows_begins_its_second_anew(share, shop):
    (share / "a.txt").write_bytes(b"res")
    shop.look()
    shop.wait(0.9)
    (share / "a.txt").write_bytes(b"result")
    assert shop.look() is None
    shop.wait(0.9)
    assert shop.look() is None
    shop.wait(0.2)
    assert shop.look() == b"result"


@pytest.mark.parametrize("torn", [XML[:-3], XML[:-7] + b"<Data>", "\ufeff<Data><R/>".encode("utf-16-le"), b"<!-- x"])
def test_xml_must_close_its_root_unless_nothing_more_comes(share, shop, torn):
    (share / "a.xml").write_bytes(torn)
    shop.look()
    shop.wait(9)
    assert shop.look() is None
    shop.wait(2)
    assert shop.look() == torn


@pytest.mark.parametrize(
    "whole",
    [
        XML,
        XML + b"\r\n\0\n<!-- end -->\n",
        "<?xml version='1.0'?>\n<!-- a > b --><a:Data xmlns:a='x'>\n<R/></a:Data >\n".encode("utf-16"),
        "<Data>é</Data>".encode("utf-16-be"),
        b'\xef\xbb\xbf<!DOCTYPE Data><Data a="1"/>',
        b"plain text",
        b"<Data>" + b"<R></R>" * 20_001 + b"</Data>",
    ],
)
def test_closed_xml_and_what_is_no_xml_is_taken_after_a_second(share, shop, whole):
    (share / "a.xml").write_bytes(whole)
    shop.look()
    shop.wait(1.1)
    assert shop.look() == whole


def test_asking_for_the_next_moves_the_last_and_never_deletes(share, shop):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    assert names(share) == ["a.xml"]

    assert shop.look() is None
    assert (names(share), done(share)) == (["done"], ["a.xml"])


def test_the_same_name_twice_a_day_gets_a_number(share, shop):
    for n in range(3):
        (share / "a.xml").write_bytes(XML.replace(b"1</R>", b"%d</R>" % n))
        assert shop.patiently() is not None
        shop.look()

    assert done(share) == ["a-2.xml", "a-3.xml", "a.xml"]


def test_what_gathered_meanwhile_is_taken_by_age_then_by_name(share, shop):
    for name, age in (("c", 300), ("b", 100), ("a", 100), ("z", 200)):
        (share / name).write_bytes(name.encode())
        os.utime(share / name, (1_700_000_000 - age, 1_700_000_000 - age))

    assert [shop.patiently() for _ in "czab"] == [b"c", b"z", b"a", b"b"]


def test_what_is_no_result_stays_where_it_is(share, shop):
    for name in (
        ".hidden",
        "NIDEK_V1.00.xsl",
        "eye.JPG",
        "a.xml.tmp",
        "~$a.xml",
        "a.xml.part",
        "Thumbs.db",
        "note.txt",
    ):
        (share / name).write_bytes(XML)
    (share / "folder.xml").mkdir()
    (share / "empty.xml").touch()
    before = names(share)

    assert Minute(share, None, "*.xml").patiently() is None
    assert [name for name in names(share) if name != "done"] == before


def test_a_capital_xml_matches_too(share):
    (share / "RESULT.XML").write_bytes(XML)
    assert Minute(share, None, "*.xml").patiently() == XML


def test_a_file_too_large_for_a_result_is_set_aside_with_a_sentence(share, shop, monkeypatch, caplog):
    monkeypatch.setattr("edge.links.shelf.LARGEST", 10)
    (share / "MUELLER.xml").write_bytes(b"x" * 11)
    (share / "a.xml").write_bytes(b"x" * 10)

    assert shop.patiently() == b"x" * 10
    assert names(share / "refused") == ["MUELLER.xml"]
    assert "is no result and is not read" in caplog.text
    assert "MUELLER" not in caplog.text, "a file's name may be a patient's"


def test_killed_before_the_reading_is_on_disk_the_file_is_read_again(share, shop):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML

    assert shop.reborn().patiently() == XML


@pytest.mark.edge(
    "EDGE-096",
    "A result file is not read twice, even if the gateway is killed between storing and moving it.",
)
def test_killed_between_writing_down_and_moving_it_is_not_read_twice(share, shop, monkeypatch):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    with monkeypatch.context() as broken, pytest.raises(Killed):
        broken.setattr(shelf.Shelf, "_move", Killed.now)
        shop.look()
    assert "a.xml" in names(share)

    assert shop.reborn().patiently() is None
    assert (names(share), done(share)) == (["done"], ["a.xml"])


def test_a_file_that_cannot_be_moved_is_not_read_again_and_is_moved_when_it_can(share, shop, monkeypatch, caplog):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "no")))
        assert [shop.patiently() for _ in range(3)] == [None] * 3
        assert shop.reborn().patiently() is None
    assert "a.xml" in names(share)
    assert caplog.text.count("stays in") == 2, "once for each life"

    shop.patiently()
    assert done(share) == ["a.xml"]


def test_what_a_crashed_server_brings_back_is_moved_and_not_read(share, shop):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    shop.look()
    (share / "a.xml").write_bytes(XML)

    assert shop.reborn().patiently() is None
    assert done(share) == ["a-2.xml", "a.xml"]


def test_a_new_result_under_an_old_name_is_read(share, shop):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    (share / "a.xml").write_bytes(XML.replace(b"1", b"2"))

    assert shop.patiently() == XML.replace(b"1", b"2")


def test_a_torn_line_of_the_journal_costs_one_file_and_no_other(share, tmp_path):
    journal = tmp_path / "x.taken"
    first = taken.Taken(journal)
    first.add("a b.xml", "1" * 64)
    first.add("torn.xml", "2" * 64)
    journal.write_bytes(journal.read_bytes()[:-20])
    taken.Taken(journal).add("c.xml", "3" * 64)

    assert taken.Taken(journal).names() == {"a b.xml", "c.xml"}


def test_old_lines_are_forgotten_unless_the_file_still_lies_there(tmp_path, monkeypatch):
    journal = taken.Taken(tmp_path / "x.taken")
    for name in ("here", "gone"):
        journal.add(name, "1" * 64)
    monkeypatch.setattr("edge.links.taken.REMEMBERED_DAYS", -1)
    journal.forget(["here"])

    assert taken.Taken(tmp_path / "x.taken").names() == {"here"}


def test_a_full_gateway_disk_does_not_read_a_file_twice(share, shop, monkeypatch, caplog):
    (share / "a.xml").write_bytes(XML)
    assert shop.patiently() == XML
    monkeypatch.setattr("edge.links.taken.os.fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))

    assert shop.patiently() is None
    assert done(share) == ["a.xml"]
    assert "cannot be remembered: full" in caplog.text


# --- the link ---


@pytest.fixture
def instant(monkeypatch):
    monkeypatch.setattr("edge.links.whole_file.STILL_S", 0.05)


class Echo:
    """A decoder for which every feed is a transmission, and which must be told of the end of each file."""

    pause = None

    def __init__(self):
        self.pending = []

    def feed(self, data):
        self.pending.append(data)
        return []

    def silence(self):
        whole, self.pending = b"".join(self.pending), []
        return [Garbled(whole, "Odd.") if whole.startswith(b"?") else Transmission(whole, ())]


async def test_each_file_is_one_transmission_and_is_moved_once_it_is_durable(share, instant):
    link = await open_link(f"folder://{share}?match=*.xml")
    wire, heard, there = FolderWire(share), [], []

    async def emit(event):
        there.append("a.xml" in names(share) or "b.xml" in names(share))
        heard.append(event.raw)

    listening = asyncio.create_task(Listener(Echo).run(link, emit))
    for name, data in (("a.xml", XML), ("b.xml", b"?" + XML)):
        await wire.put(name, data)
        async with asyncio.timeout(5):
            while name not in done(share):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await link.aclose()

    assert (heard, there) == ([XML, b"?" + XML], [True, True])


@pytest.mark.parametrize("manner", ["direct", "slow", "rename", "partial"])
async def test_a_file_is_whole_however_the_instrument_writes_it(share, instant, manner, monkeypatch):
    monkeypatch.setitem(__import__("firmware_sim.wires.folder").wires.folder.PAUSES_S, "slow", 0.15)
    monkeypatch.setattr("edge.links.whole_file.STILL_XML_S", 0.4)
    link = await open_link(f"folder://{share}")
    wire = FolderWire(share, manner)
    writing = asyncio.create_task(wire.put("a.xml", XML))
    heard = await asyncio.wait_for(anext(aiter(link)), 5)
    await writing
    await link.aclose()

    assert heard == (XML[: -(-len(XML) // 4) * 2] if manner == "partial" else XML)


async def test_a_wait_given_up_finds_the_same_file(share, instant):
    link = await open_link(f"folder://{share}")
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(aiter(link)), 0.02)
    (share / "a").write_bytes(b"x")
    got = []
    async with asyncio.timeout(5):
        while not got:
            try:
                got.append(await asyncio.wait_for(anext(aiter(link)), 0.02))
            except TimeoutError:
                continue
    await link.aclose()
    assert got == [b"x"]


async def test_asking_and_leaving_at_once_still_puts_the_last_file_away(share, instant):
    link = await open_link(f"folder://{share}")
    (share / "a").write_bytes(b"x")
    assert await asyncio.wait_for(anext(aiter(link)), 5) == b"x"
    asking = asyncio.ensure_future(anext(aiter(link)))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await link.aclose()

    assert done(share) == ["a"]


async def test_closing_ends_the_reader_at_once(share):
    link = await open_link(f"folder://{share}")
    reader = asyncio.create_task(anext(aiter(link), None))
    await asyncio.sleep(0.02)
    await link.aclose()
    await link.aclose()

    assert await asyncio.wait_for(reader, 1) is None
    assert await anext(aiter(link), None) is None
    with pytest.raises(LinkLost):
        await link.write(b"x")


async def test_a_share_that_goes_is_lost_with_a_sentence_and_comes_back_with_its_files(share, instant):
    link = await open_link(f"folder://{share}")
    wire = FolderWire(share)
    await wire.unplug()
    with pytest.raises(LinkLost, match="is not there"):
        await asyncio.wait_for(anext(aiter(link)), 5)
    await link.aclose()
    with pytest.raises(LinkRefused, match=r"is not there\. Check that the share is mounted") as refusal:
        await open_link(f"folder://{share}")
    assert not refusal.value.lasting

    await wire.replug()
    await wire.put("a", b"x")
    link = await open_link(f"folder://{share}")
    assert await asyncio.wait_for(anext(aiter(link)), 5) == b"x"
    await link.aclose()


async def test_a_share_that_is_not_mounted_is_not_taken_for_one_without_news(share, tmp_path, monkeypatch):
    fstab = tmp_path / "fstab"
    fstab.write_text(f"# shares\n/dev/sda1 / ext4\n//nas/eye {str(share).replace(' ', chr(92) + '040')} cifs ro 0 0\n")
    monkeypatch.setattr("edge.links.folder.FSTAB", fstab)

    with pytest.raises(LinkRefused, match="mounted"):
        await open_link(f"folder://{share}")
    assert names(share) == []


async def test_a_server_that_holds_a_call_is_lost_and_broken_nobody_else(share, tmp_path, instant, monkeypatch):
    link = await open_link(f"folder://{share}")
    let_go, over = threading.Event(), threading.Event()
    monkeypatch.setattr(shelf.Shelf, "next", lambda _: let_go.wait() and over.set())
    monkeypatch.setattr("edge.links.answering.ANSWER_S", 0.1)
    with pytest.raises(LinkLost, match="does not answer"):
        await asyncio.wait_for(anext(aiter(link)), 5)
    with pytest.raises(LinkRefused, match="does not answer"):
        await open_link(f"folder://{share}")
    monkeypatch.setattr("edge.links.answering.ANSWER_S", 15.0)
    (tmp_path / "other").mkdir()
    await (await open_link(f"folder://{tmp_path / 'other'}")).aclose()
    assert not let_go.is_set()
    let_go.set()
    assert await asyncio.to_thread(over.wait, 5)
    await link.aclose()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.EACCES, "may not move files in .* let the gateway's user write there"),
        (errno.EROFS, "may not move files in"),
        (errno.ENOTDIR, "is not there"),
        (errno.EHOSTDOWN, "file server behind .* does not answer"),
        (errno.ELOOP, "Too many levels"),
    ],
)
def test_every_refusal_says_what_to_do(code, says):
    assert __import__("re").search(says, str(folder.refused(Path("/mnt/eye"), OSError(code, os.strerror(code)))))


@pytest.mark.parametrize(
    "url", ["folder://nas/eye", "folder:///", "folder:///a?mach=*", "folder:///a#b", "folder:///a?match="]
)
async def test_an_address_that_names_no_folder_is_refused_with_an_example(url):
    with pytest.raises(LinkRefused, match=r"Write folder:///mnt/share\?match=\*\.xml"):
        await open_link(url)


def test_blanks_and_signs_in_a_path_can_be_written():
    assert folder.parsed("folder:///mnt/my%20share%23?match=*.xml&match=*.csv") == (
        Path("/mnt/my share#"),
        ("*.xml", "*.csv"),
    )


async def test_a_driver_that_dies_on_a_file_leaves_it_to_be_read_again(share, tmp_path, instant):
    (share / "a").write_bytes(b"x")
    heard = await driver_that_dies_after(1, f"folder://{share}", tmp_path / "data")
    heard += await driver_that_dies_after(2, f"folder://{share}", tmp_path / "data", patience=0.5)

    assert heard == [b"x", b"x"]
    assert done(share) == ["a"]

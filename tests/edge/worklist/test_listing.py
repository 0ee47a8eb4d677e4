"""What the gateway keeps of its store's worklist, and what it offers of it."""

import asyncio
import contextlib
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.worklist import Kept, Listing
from edge.worklist.keeping import FILE, offered
from protocols.envelope import Address, encode
from protocols.envelope.worklist import Item, Worklist

HERE, THERE = Address("chain", "pier", "gw-1"), Address("chain", "hill", "gw-1")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def item(accession: str, at: str = "2026-11-22T09:00:00Z") -> Item:
    return Item(
        **{"accession": accession, "step_id": f"S{accession}", "procedure_id": f"P{accession}", "study_uid": "2.25.7"},
        **{"patient_id": "R-1", "family": "张", "given": "伟", "latin": "Zhang^Wei", "at": at},
        modality="OPT",
        description="OCT macula",
    )


def told(version: int, *items: Item, zone: str = "Asia/Shanghai") -> Worklist:
    return Worklist(version=version, zone=zone, made_at="2026-11-22T08:00:00Z", items=list(items))


@contextlib.asynccontextmanager
async def running(folder: Path, address: Address = HERE):
    listing = Listing(address, Kept(folder), lambda: NOON)
    await listing.wake()
    task = asyncio.create_task(listing.run())
    try:
        yield listing
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(listing: Listing, version: int) -> None:
    changed = asyncio.Event()
    listing.changed = changed.set
    async with asyncio.timeout(5):
        while listing.version() != version:
            await changed.wait()
            changed.clear()


@pytest.mark.edge(
    "EDGE-400", "The last worklist that was told lies on the disk and is offered after a restart, offline."
)
async def test_a_document_survives_a_restart(tmp_path):
    async with running(tmp_path) as listing:
        listing.heard(encode(told(3, item("A1"))))
        await until(listing, 3)
    async with running(tmp_path) as again:
        assert again.version() == 3
    assert [one.accession for one in Kept(tmp_path).items(NOON).items] == ["A1"]


@pytest.mark.edge("EDGE-401", "A worklist older than the one kept, or one nobody can read, changes nothing.")
async def test_an_older_or_unreadable_document_changes_nothing(tmp_path, caplog):
    async with running(tmp_path) as listing:
        listing.heard(encode(told(3, item("A1"))))
        await until(listing, 3)
        for payload in (encode(told(2, item("A9"))), b'{"version": 9, "items": [{"family": "Okafor"}]}', b"no", b""):
            listing.heard(payload)
            await asyncio.sleep(0.02)
        listing.heard(encode(told(4, item("A2"))))
        await until(listing, 4)
    assert [one.accession for one in Kept(tmp_path).items(NOON).items] == ["A2"]
    assert "Okafor" not in caplog.text


@pytest.mark.edge("EDGE-402", "What is more than a day beyond its day in the store's zone is not offered.")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20T15:59:00Z", False),  # 23:59 two days ago, in Shanghai
        ("2026-11-20T16:00:00Z", True),  # yesterday 00:00
        ("2026-11-22T09:00:00Z", True),
        ("2026-11-24T09:00:00Z", True),
        ("not a moment", False),
    ],
)
def test_what_is_past_is_not_offered(at, expected):
    assert bool(offered(told(1, item("A1", at)), NOON)) is expected


@pytest.mark.edge("EDGE-403", "What is offered to nobody any more is wiped from the disk, and its version stays known.")
async def test_the_past_is_wiped_from_the_disk(tmp_path):
    Kept(tmp_path).keep(told(5, item("A1", "2026-11-18T09:00:00Z")), str(HERE))
    async with running(tmp_path) as listing:
        assert listing.version() == 5
    assert "Zhang" not in (tmp_path / FILE).read_text()


@pytest.mark.edge("EDGE-404", "A gateway that was moved forgets the patients of the store it left.")
async def test_a_moved_gateway_forgets(tmp_path):
    Kept(tmp_path).keep(told(5, item("A1")), str(HERE))
    async with running(tmp_path, THERE) as listing:
        assert (listing.version(), listing.status()["today"]) == (5, 0)
    assert Kept(tmp_path).items(NOON).items == []
    assert "Zhang" not in (tmp_path / FILE).read_text()


@pytest.mark.edge("EDGE-405", "The file with the worklist may be read by the gateway's user alone.")
def test_the_file_is_the_gateways_own(tmp_path):
    Kept(tmp_path).keep(told(1, item("A1")), str(HERE))
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.edge(
    "EDGE-406", "A disk that takes nothing leaves the worklist that is there, and the cloud sees its version."
)
async def test_a_full_disk_leaves_the_list_that_is_there(tmp_path, monkeypatch):
    async with running(tmp_path) as listing:
        listing.heard(encode(told(1, item("A1"))))
        await until(listing, 1)
        with monkeypatch.context() as full:
            full.setattr("edge.disk.os.fsync", _full)
            listing.heard(encode(told(2, item("A2"))))
            await asyncio.sleep(0.05)
        assert listing.version() == 1
    assert [one.accession for one in Kept(tmp_path).items(NOON).items] == ["A1"]


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_damage_is_an_empty_list_and_names_nobody(tmp_path, caplog):
    (tmp_path / FILE).write_text('{"address": "a/b/c", "told": {"family": "Okafor"}}')
    assert Kept(tmp_path).items() is None
    assert "Okafor" not in caplog.text
    assert FILE in caplog.text


def test_the_status_counts_todays_and_names_nobody(tmp_path):
    listing = Listing(HERE, Kept(tmp_path), lambda: NOON)
    Kept(tmp_path).keep(told(2, item("A1"), item("A2", "2026-11-23T09:00:00Z")), str(HERE))
    asyncio.run(listing.wake())
    assert listing.status() == {"version": 2, "today": 1, "made_at": "2026-11-22T08:00:00Z"}


def test_an_unknown_zone_counts_by_the_clock_of_the_world():
    assert len(offered(told(1, item("A1"), zone="Nowhere/Atlantis"), NOON)) == 1

"""Bytes are kept by their hash, and a crash at any step loses nothing."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from edge.blobs import journal as journaling
from edge.blobs import store as storing
from edge.blobs import tidying
from edge.blobs.journal import KEPT, REFUSED, Journal
from edge.blobs.store import UNKNOWN, Store
from protocols.readings.values import Blob

DATA = b"what the camera saw"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    (tmp_path / "data").mkdir()
    yield store
    store.close()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(DATA)
    return path


def test_a_file_becomes_a_blob_that_waits(store, picture):
    assert store.keep(picture, "image/png") == Blob(sha256=DIGEST, bytes=len(DATA), media_type="image/png")
    assert not picture.exists()
    assert store.path(DIGEST).read_bytes() == DATA
    assert [(row.sha256, row.state) for row in store.journal.open()] == [(DIGEST, "pending")]


def test_the_same_bytes_again_change_nothing(store, picture, tmp_path):
    store.keep(picture, "image/png")
    store.journal.move(DIGEST, KEPT, sent=len(DATA))
    again = tmp_path / "again.png"
    again.write_bytes(DATA)
    assert store.keep(again, "image/png").sha256 == DIGEST
    assert (again.exists(), store.journal.open(), store.journal.find(DIGEST).state) == (False, [], KEPT)


def test_what_lies_here_already_stays_here(store, picture):
    store.keep(picture, "image/png")
    assert store.keep(store.path(DIGEST), "image/png").sha256 == DIGEST
    assert store.path(DIGEST).read_bytes() == DATA


def test_what_is_kept_or_refused_stays_so(store, picture):
    store.keep(picture, "image/png")
    store.journal.move(DIGEST, KEPT, sent=len(DATA))
    store.journal.move(DIGEST, REFUSED, why="refused")
    assert (store.journal.find(DIGEST).state, store.journal.find(DIGEST).why) == (KEPT, None)


@pytest.mark.parametrize("lies_there", [None, b"spoilt on the disk"])
def test_what_was_refused_or_lost_is_offered_anew_when_it_comes_again(store, picture, tmp_path, lies_there):
    store.keep(picture, "image/png")
    store.journal.move(DIGEST, REFUSED, sent=5, why="lost")
    store.path(DIGEST).unlink()
    if lies_there:
        store._name(DIGEST).write_bytes(lies_there)
    picture.write_bytes(DATA)
    store.keep(picture, "image/png")
    [row] = store.journal.open()
    assert (row.state, row.sent, row.why, row.ended_at) == ("pending", 0, None, None)
    assert store.path(DIGEST).read_bytes() == DATA
    assert store.journal.waiting().refused == 0


def test_more_than_the_cloud_ever_takes_is_kept_here_and_not_offered(store, picture, monkeypatch):
    monkeypatch.setattr(storing, "MOST_BYTES", 3)
    store.keep(picture, "image/png")
    assert (store.journal.open(), store.journal.find(DIGEST).why) == ([], "too_large")
    assert store.path(DIGEST).read_bytes() == DATA


class PowerCut(BaseException):
    """Nothing after this happened."""


def cut(target, name, monkeypatch):
    def end(*_):
        raise PowerCut

    monkeypatch.setattr(target, name, end)


STEPS = [(os, "fsync"), (os, "link"), (storing, "settle"), (Journal, "add"), (Path, "unlink")]


@pytest.mark.edge("EDGE-344", "A power cut while a file becomes a blob leaves the file, or the blob with its row.")
@pytest.mark.parametrize(("target", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_power_cut_at_any_step_loses_nothing(store, picture, monkeypatch, target, name, tmp_path):
    assert store.journal.open() == []
    with monkeypatch.context() as before:
        cut(target, name, before)
        with pytest.raises(PowerCut):
            store.keep(picture, "image/png")
    assert picture.read_bytes() == DATA

    after = Store(tmp_path / "data")
    assert after.keep(picture, "image/png").sha256 == DIGEST
    assert [row.sha256 for row in after.journal.open()] == [DIGEST]
    assert after.path(DIGEST).read_bytes() == DATA
    after.close()


def test_a_file_of_another_disk_is_copied(store, picture, monkeypatch):
    def no_link(*_):
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", no_link)
    store.keep(picture, "image/png")
    assert (store.path(DIGEST).read_bytes(), picture.exists()) == (DATA, False)


def test_a_full_disk_leaves_the_file_where_it_was(store, picture, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(storing.shutil, "copyfile", full)
    with pytest.raises(OSError, match="full"):
        store.keep(picture, "image/png")
    assert (picture.read_bytes(), store.path(DIGEST), store.journal.open()) == (DATA, None, [])


def test_a_damaged_journal_is_put_aside_and_everything_here_is_offered_anew(store, picture, tmp_path):
    store.keep(picture, "image/png")
    store.close()
    journal = tmp_path / "data" / "blobs" / "journal.db"
    journal.write_bytes(b"rubbish" * 1000)
    found = store.journal.open()
    assert [(row.sha256, row.bytes, row.media_type) for row in found] == [(DIGEST, len(DATA), UNKNOWN)]
    assert journal.with_suffix(".damaged").exists()


def keep(store, tmp_path, data, ended_at=None):
    path = tmp_path / "file"
    path.write_bytes(data)
    digest = store.keep(path, "image/png").sha256
    if ended_at is not None:
        store.journal.move(digest, KEPT)
        with store.journal._change() as db:
            db.execute("UPDATE blob SET ended_at = ? WHERE sha256 = ?", (ended_at, digest))
    return digest


@pytest.mark.edge("EDGE-345", "A blob leaves the gateway only once the cloud has it, then after its days, or for room.")
def test_only_what_the_cloud_has_is_removed_after_its_days(store, tmp_path):
    old, new = keep(store, tmp_path, b"old", 1000.0), keep(store, tmp_path, b"new", 500_000.0)
    waits = keep(store, tmp_path, b"waits")
    removed = tidying.tidy(store, days=7, now=1000.0 + 7 * 86_400, is_short=lambda: False)
    here = [store.path(digest) is not None for digest in (old, new, waits)]
    assert (removed, here) == (1, [False, True, True])

    removed = tidying.tidy(store, days=7, now=2000.0, is_short=lambda: True)
    here = [store.path(digest) is not None for digest in (old, new, waits)]
    assert (removed, here) == (1, [False, False, True])


def test_what_was_removed_and_comes_again_is_not_sent_again(store, tmp_path):
    digest = keep(store, tmp_path, b"seen before", 1000.0)
    store.remove(digest)
    assert store.path(digest) is None
    assert keep(store, tmp_path, b"seen before") == digest
    assert (store.path(digest).read_bytes(), store.journal.open()) == (b"seen before", [])
    assert [row.sha256 for row in store.journal.removable()] == [digest]


def test_nothing_touches_the_disk_before_it_is_needed(tmp_path):
    store = Store(tmp_path / "nowhere")
    assert store.path(DIGEST) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_asked_again_and_again_does_not_grow_with_what_was_sent(store, picture):
    store.keep(picture, "image/png")
    for asked in (journaling.WAITING, journaling.REMOVABLE, journaling.COUNT):
        plan = store.journal._db.execute(f"EXPLAIN QUERY PLAN {asked}", [1] * asked.count("?")).fetchall()
        tables = [step[3] for step in plan if "blob" in step[3]]
        assert tables
        assert all("blob_here" in step for step in tables), tables


def test_a_disk_that_gives_nothing_back_is_a_trouble_of_the_disk(store, picture):
    store.keep(picture, "image/png")
    store.journal._db.execute("ALTER TABLE blob RENAME TO gone")
    for ask in (store.journal.open, store.journal.waiting, lambda: store.journal.find(DIGEST)):
        with pytest.raises(OSError, match="journal of blobs"):
            ask()

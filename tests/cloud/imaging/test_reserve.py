"""Deriving processes that wait to be needed."""

import json
import os
import signal
from pathlib import Path

import pytest

from cloud.imaging import reserve
from cloud.imaging.reserve import Reserve
from tests.cloud.imaging.pictures_here import photograph


@pytest.fixture
def waiting():
    found = Reserve()
    yield found
    found.close()


def test_one_waits_and_is_for_one_file_alone(waiting, tmp_path):
    waiting.fill()
    waits = waiting._waits
    waiting.fill()
    assert waiting._waits is waits
    (tmp_path / "original").write_bytes(photograph().data)
    (tmp_path / "made").mkdir()
    with reserve.working(waiting, tmp_path / "original", tmp_path / "made") as process:
        told = [json.loads(line) for line in process.stdout]
    assert process is waits
    assert [one.get("kind", one.get("ended", "about")) for one in told] == ["thumbnail", "about", "frame", "ready"]
    assert process.returncode is not None
    assert waiting._waits is None
    waiting.fill()
    assert waiting._waits.pid != waits.pid


def test_one_that_died_while_it_waited_is_not_handed_out(waiting):
    waiting.fill()
    dead = waiting._waits
    os.kill(dead.pid, signal.SIGKILL)
    os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    taken = waiting.take()
    assert (taken is dead, taken.poll()) == (False, None)
    reserve.ended(taken)


def test_one_that_waits_ends_with_whoever_holds_it(waiting):
    waiting.fill()
    waits = waiting._waits
    waits.stdin.close()
    assert waits.wait(timeout=60) == 0


def test_it_sees_no_secret_of_ours(waiting, monkeypatch):
    monkeypatch.setenv("EMMETRA_BLOB_KEY", "5e" * 32)
    waiting.fill()
    assert b"EMMETRA" not in Path(f"/proc/{waiting._waits.pid}/environ").read_bytes()

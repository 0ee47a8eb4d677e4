"""``emmetra demo``: one command starts everything, Ctrl-C or worse ends everything, and nothing is forgotten."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from deploy import assets
from deploy.demo.seeding import PASSWORD
from tests.journeys.desk import until
from tests.journeys.visitor import Refused, Visitor

ALICE = "alice@harbour.example"
PARTS = ("demo-database", "broker", "ingest", "serve", "shop", "gateway", "postgres")


class Demo:
    """A running ``emmetra demo`` and everything it started."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.said = folder.with_suffix(".said")
        with self.said.open("wb") as said:
            command = [sys.executable, "-m", "deploy", "demo", "--data", str(folder), "--port", "8600", *words]
            self.process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        try:
            self.address = until(lambda: self._told(r"Pages\s+(\S+)"), 100)  # its parts are given 90
            self.buttons = self._told(r"Instruments\s+(\S+)")
        except BaseException:
            self.end(signal.SIGKILL)
            raise
        self.family = self._family()

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)

    def left(self) -> list[str]:
        """Processes that still run, the demo's own or any that hold its folder."""
        return [" ".join(one.cmdline()) for one in {*self.family, *_working_in(self.folder)} if _alive(one)]

    def bury(self) -> None:
        """Leave nothing behind, whatever a test found."""
        for one in {*self.family, *_working_in(self.folder)}:
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def _told(self, pattern: str) -> str | None:
        found = re.search(pattern, self.said.read_text())
        assert found or self.process.poll() is None, self.said.read_text()
        return found[1] if found else None

    def _family(self) -> set[psutil.Process]:
        mine = psutil.Process(self.process.pid)
        return {mine, *mine.children(recursive=True), *_working_in(self.folder)}


@pytest.fixture
def folder() -> Iterator[Path]:
    assets.main()
    with TemporaryDirectory(prefix="emmetra-") as name:
        yield Path(name) / "demo"


@contextmanager
def demo(folder: Path, *words: str) -> Iterator[Demo]:
    running = Demo(folder, *words)
    try:
        yield running
    except Refused:
        print((folder / "log" / "web.log").read_text()[-4000:])  # says which question was refused, and by what
        raise
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)
        running.bury()


def press_print(running: Demo, record: str) -> None:
    Visitor(running.buttons).post("/", place="ark", record=record)


def readings(running: Demo) -> set[str]:
    alice = Visitor(running.address)
    alice.sign_in(ALICE, PASSWORD, "")
    return {one["id"] for one in alice.json("/api/v1/patients/1/readings")["readings"]}


def known(running: Demo, ids: set[str]) -> set[str]:
    """Which of these readings are there; asked one by one, for patients keep coming and a list is a page long."""
    alice = Visitor(running.address)
    alice.sign_in(ALICE, PASSWORD, "")
    return {one for one in ids if _there(alice, one)}


def _there(alice: Visitor, reading: str) -> bool:
    try:
        return bool(alice.json(f"/api/v1/readings/{reading}")["id"] == reading)
    except Refused as refusal:
        assert refusal.args == (404,)
        return False


@pytest.mark.timeout(240)
def test_the_demo_starts_ends_on_ctrl_c_keeps_its_data_and_forgets_on_demand(folder):
    with demo(folder) as first:
        running = " ".join(first.left())
        assert [part for part in PARTS if part not in running] == []
        page = Visitor(first.address).get("/sign-in")
        assert ALICE in page and PASSWORD in page
        seeded = readings(first)
        press_print(first, "H-1001")
        until(lambda: readings(first) - seeded)
        kept = readings(first) - seeded
        assert known(first, kept) == kept
        assert first.end(signal.SIGINT) == 0
        assert first.left() == []
        assert "its data stays in" in first.said.read_text()
    with demo(folder) as again:
        assert known(again, kept) == kept
        assert again.end(signal.SIGTERM) == 0
        assert again.left() == []
    with demo(folder, "--fresh") as fresh:
        assert known(fresh, kept) == set()


@pytest.mark.timeout(240)
def test_a_demo_killed_outright_leaves_nothing_running(folder):
    with demo(folder) as killed:
        killed.end(signal.SIGKILL)
        until(lambda: killed.left() == [])
        assert killed.left() == []
    with demo(folder) as again:
        assert ALICE in Visitor(again.address).get("/sign-in")


@pytest.mark.timeout(240)
def test_a_demo_whose_database_was_killed_says_so_and_the_next_one_still_cleans_up(folder):
    with demo(folder) as hurt:
        [database] = [one for one in hurt.family if "demo-database" in one.cmdline()]
        database.kill()
        assert hurt.process.wait(30) == 1
        assert "the database ended by itself" in hurt.said.read_text()
        with demo(folder) as again:
            assert again.end(signal.SIGINT) == 0
            assert again.left() == []


def _alive(one: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    return False


def _working_in(folder: Path) -> Iterator[psutil.Process]:
    """Processes that name the folder: PostgreSQL detaches itself from whoever started it."""
    for one in psutil.process_iter(["cmdline", "pid"]):
        if any(str(folder) in word for word in one.info["cmdline"] or ()) and one.pid != os.getpid():
            yield one
            with suppress(psutil.NoSuchProcess):
                yield from one.children(recursive=True)

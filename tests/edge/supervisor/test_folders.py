"""Files that come twice because a gateway was killed, and files that come twice because they are two results."""

import asyncio
import os
from pathlib import Path

import pytest

from edge.alarms import Alarms
from edge.clock import Clock
from edge.drivers.listener import Listener
from edge.links import open_link
from edge.links.shelf import Shelf
from edge.outbox import Limits, Outbox
from edge.supervisor import Fitting, InstrumentSettings, Notebook, Supervisor
from edge.tasks import stop
from protocols.envelope import Capture, decode
from protocols.framing import Transmission


class Lines:
    """A decoder that makes a transmission of each line, and remembers what it was fed."""

    pause = None

    def __init__(self):
        self.fed = b""

    def feed(self, data):
        self.fed += data
        return []

    def silence(self):
        lines, self.fed = self.fed.splitlines(), b""
        return [Transmission(line, ()) for line in lines]


class Shop:
    """A share, and a gateway that watches it; each start is a new life on the same data."""

    def __init__(self, tmp_path):
        self.share, self.data = tmp_path / "share", tmp_path / "data"
        self.share.mkdir()
        self.data.mkdir()

    async def lives(self, until):
        outbox = await Outbox.open(self.data / "outbox.db", boot="b", limits=Limits(floor_bytes=0))
        settings = InstrumentSettings(name="lens-1", family="lines", url=f"folder://{self.share}", lane="Room 1")
        notebook = Notebook(outbox, Clock(), Alarms(), lambda: None)

        async def opened(url, _):
            return await open_link(url, data=self.data)

        fitting = Fitting(make=lambda: Listener(Lines), dialect="lines", version="7")
        supervisor = Supervisor([settings], lambda _: fitting, notebook, opened)
        running = asyncio.ensure_future(supervisor.run())
        async with asyncio.timeout(15):
            while not until(outbox):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await stop(running)
        said = [decode(Capture, row.body).data for row in await outbox.page(0)]
        await outbox.aclose()
        return said

    def put(self, name, content, at):
        (self.share / name).write_bytes(content)
        os.utime(self.share / name, (at, at))

    def is_empty(self, _):
        return [one.name for one in self.share.iterdir()] == ["done"]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))
    monkeypatch.setattr("edge.links.folder.POLL_S", 0.01)
    monkeypatch.setattr("edge.links.whole_file.STILL_S", 0.05)
    return Shop(tmp_path)


async def test_killed_between_storing_and_writing_down_a_file_is_told_once(shop, monkeypatch):
    shop.put("a.txt", b"one\none\n", 1_700_000_000)
    with monkeypatch.context() as killed:
        killed.setattr(Shelf, "_settle", lambda _: None)
        assert await shop.lives(lambda outbox: outbox.last == 2) == [b"one", b"one"]
    assert (shop.share / "a.txt").exists()
    assert [journal.read_bytes() for journal in (shop.data / "folders").iterdir()] == [b""]
    assert await shop.lives(shop.is_empty) == [b"one", b"one"]


async def test_the_same_bytes_under_the_same_name_at_another_time_are_another_result(shop, monkeypatch):
    monkeypatch.setattr("edge.links.taken.Taken.__contains__", lambda *_: False)
    shop.put("a.txt", b"one", 1_700_000_000)
    assert await shop.lives(shop.is_empty) == [b"one"]
    shop.put("a.txt", b"one", 1_700_000_060)
    assert await shop.lives(shop.is_empty) == [b"one", b"one"]

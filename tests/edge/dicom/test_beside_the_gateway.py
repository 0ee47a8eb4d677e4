"""The gateway and its DICOM program as processes: what is stored reaches the cloud, once, whoever is killed."""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from deploy.broker import Broker
from edge import status
from protocols.envelope import Capture, decode
from protocols.readings import Image, from_json
from tests.edge.dicom.objects import PHOTO, make
from tests.edge.dicom.peers import write_config
from tests.edge.fakecloud import FakeCloud

# Each kill is a start of the gateway and its program anew.
pytestmark = pytest.mark.timeout(300)
KILLS = 4


class Box:
    """A gateway as a process, killed and started again on the same data and the same port."""

    def __init__(self, folder, broker):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.config = write_config(folder, broker=broker)
        self.config.write_text(self.config.read_text().replace("127.0.0.1:0", f"127.0.0.1:{self.port}"))
        self.data, self.log = folder / "data", folder / "log"

    async def start(self):
        code = "import sys\nfrom edge.command import main\nsys.exit(main(sys.argv[1:]))"
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, "run", "--config", str(self.config), stderr=log
            )

    async def told(self, holds=lambda dicom: dicom["listens"]):
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(status.NotRunning):
                    told = await asyncio.to_thread(status.ask, self.data)
                    if holds(told["dicom"]):
                        return told
                await asyncio.sleep(0.05)

    async def end(self, how):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(how)
        return await self.process.wait()

    async def store(self, *files):
        """Whether storescu was told that all are stored."""
        options = ("-R", "-to", "5", "-aet", "IOLM700", "-aec", "GATEWAY", "127.0.0.1", str(self.port))
        process = await asyncio.create_subprocess_exec(
            shutil.which("storescu"),
            *options,
            *map(str, files),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "TCP_NODELAY": "1"},
        )
        return await process.wait() == 0

    def program(self):
        """The pid of the DICOM program."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        found = [int(pid) for pid in Path(children).read_text("ascii").split()]
        return next((pid for pid in found if b"dicom" in _command(pid)), None)


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.asynccontextmanager
async def running(folder, broker):
    box = Box(folder, broker)
    await box.start()
    try:
        yield box
    finally:
        await box.end(signal.SIGKILL)


def captures(cloud):
    found = [(item.dev, decode(Capture, item.body)) for item in cloud.rows.values() if item.kind == "capture"]
    return [(dev, one.sha256, one.media_type) for dev, one in found]


def readings(cloud):
    return [from_json(item.body) for item in cloud.rows.values() if item.kind == "reading"]


@pytest.mark.edge(
    "EDGE-320", "What a device stores by DICOM reaches the cloud as readings that name the file's digest."
)
async def test_a_study_reaches_the_cloud(tmp_path):
    make(tmp_path / "one.dcm", PHOTO, rows=64, Modality="OP")
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud, running(tmp_path, broker.port) as box:
        told = await box.told()
        assert [one["name"] for one in told["dicom"]["devices"]] == ["biometer", "far", "camera"]
        assert await box.store(tmp_path / "one.dcm")
        await cloud.until(lambda: readings(cloud), 60)
        ((dev, sha, media_type),) = captures(cloud)
        assert (dev, media_type) == ("biometer", "application/dicom")
        image = next(one for one in readings(cloud) if isinstance(one, Image))
        assert (image.blob.sha256, image.modality, image.thumbnail.media_type) == (sha, "OP", "image/jpeg")
        assert (box.data / "blobs" / sha[:2] / sha).exists()
        told = await box.told(lambda dicom: dicom["queue"]["objects"] == 0)
        assert "biometer" in status.table(told)
        first, *_ = cloud.births[-1].instruments
        assert (first.dev, first.family, first.state, first.lane) == ("biometer", "dicom", "connected", "Room 2")
        assert await box.end(signal.SIGTERM) == 0


@pytest.mark.edge(
    "EDGE-321",
    "An object that was answered 0000 is told to the cloud exactly once, whenever the gateway or its DICOM program is "
    "killed.",
)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_acknowledged_survives_any_kill(tmp_path, seed):
    rng, stored = random.Random(seed), []
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud, running(tmp_path, broker.port) as box:
        for number in range(KILLS * 3):
            path = tmp_path / f"{number}.dcm"
            uid = make(path, PHOTO, rows=256, frames=1 + rng.randrange(20), Modality="OP")
            await box.told()
            killing = asyncio.ensure_future(_kill(box, rng)) if number % 3 == 1 else None
            async with asyncio.timeout(60):
                while not await box.store(path):  # noqa: ASYNC110 - the device tries again
                    await asyncio.sleep(0.1)
            stored.append(uid)
            if killing:
                await killing
        await cloud.until(lambda: len(captures(cloud)) >= len(stored), 120)
        await box.told(lambda dicom: dicom["listens"] and dicom["queue"]["objects"] == 0)
        assert await box.end(signal.SIGTERM) == 0

    assert len(captures(cloud)) == len({sha for _, sha, _ in captures(cloud)}) == len(stored)
    images = [one.blob.sha256 for one in readings(cloud) if isinstance(one, Image)]
    assert sorted(images) == sorted(sha for _, sha, _ in captures(cloud))
    assert list((box.data / "dicom" / "spool").iterdir()) == list((box.data / "dicom" / "landing").iterdir()) == []
    assert b"Traceback" not in box.log.read_bytes()


async def _kill(box, rng):
    await asyncio.sleep(rng.random() * 0.4)
    if rng.random() < 0.5 and (program := box.program()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(program, signal.SIGKILL)
    else:
        await box.end(signal.SIGKILL)
        await box.start()

"""Pictures and volumes from the gateway's disk into the cloud's store, whatever is killed on the way."""

import os
import random
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cloud.blobs import reading, vault
from cloud.blobs.folder import Folder
from cloud.blobs.sealing import Keys
from cloud.kernel.database import app_engine, unit_of_work
from deploy import assets
from deploy.demo.children import Children
from deploy.demo.parts import Parts
from deploy.demo.store import configure
from edge.blobs.store import Store
from tests.journeys import seeded
from tests.journeys.desk import Desk, until
from tests.journeys.meter import Meter

MIB = 1 << 20
LIMIT_KBIT = 48_000  # slow enough that there is a middle to be killed in


class MeteredParts(Parts):
    """The gateway brings blobs through a line that counts."""

    def __init__(self, children: Children, folder: Path) -> None:
        super().__init__(children, folder)
        self.meter = Meter(lambda: self.web_port)

    def gateway(self) -> None:
        path = configure(self.folder, self.broker_port, self.console_port)
        path.write_text(path.read_text().replace("[broker]", f"[blobs]\nkbit_s = {LIMIT_KBIT}\n[broker]"))
        self.children.start("gateway", ["gateway", "run", "--config", str(path)])

    def kill(self, name: str) -> None:
        """The whole part, at once."""
        [process] = self.children._taken(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"EMMETRA_PUBLIC_URL": f"http://127.0.0.1:{self.meter.port}"}


class Room(Desk):
    """A desk whose gateway has pictures."""

    parts: MeteredParts

    def __init__(self, parts: MeteredParts) -> None:
        super().__init__(parts)
        self.store = Store(parts.folder / "gateway")
        key = (parts.folder / "blob.key").read_text()
        self.engine = app_engine(parts.url, pool_size=1)
        folder = parts.folder / "blobs"
        vault.install(self.engine, vault.Vault(lambda: Folder(folder), lambda: Keys.of(key)))

    def take(self, data: bytes, media_type: str = "application/dicom") -> str:
        """An instrument handed these bytes over."""
        path = self.parts.folder / "from-the-instrument"
        path.write_bytes(data)
        return self.store.keep(path, media_type).sha256

    def kept(self, digest: str) -> bool:
        return bool(self.rows("SELECT 1 FROM blobs_blob WHERE sha256 = :d", d=digest))

    def in_the_cloud(self, digest: str) -> bytes:
        [row] = self.rows("SELECT tenant_id FROM blobs_blob WHERE sha256 = :d", d=digest)
        with unit_of_work(self.engine, row.tenant_id) as session:
            return reading.read(session, digest)

    def close(self) -> None:
        self.engine.dispose()
        self.store.close()
        self.parts.meter.close()
        super().close()


@contextmanager
def open_room():
    assets.main()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        seeded.lay(Path(name))
        room = Room(MeteredParts(children, Path(name)))
        try:
            yield room
        finally:
            room.close()


@pytest.fixture(scope="module")
def room():
    with open_room() as room:
        yield room


def state(room, digest):
    return room.store.journal.find(digest).state


@pytest.mark.edge("EDGE-340", "A volume goes from the gateway's disk into the cloud's store, byte for byte, once.")
def test_a_volume_arrives_whole_and_once(room):
    data, before = random.Random(1).randbytes(5 * MIB + 17), room.parts.meter.up
    digest = room.take(data)
    until(lambda: state(room, digest) == "kept")
    assert room.in_the_cloud(digest) == data
    assert len(data) <= room.parts.meter.up - before < len(data) + 64 * 1024

    before = room.parts.meter.up
    assert room.take(data) == digest
    small = room.take(b"something after it", "text/plain")
    until(lambda: room.kept(small))
    assert room.parts.meter.up - before < 4096


@pytest.mark.edge("EDGE-341", "A thumbnail kept while a volume is on its way overtakes it.")
def test_a_thumbnail_overtakes_a_volume(room):
    volume = room.take(random.Random(2).randbytes(24 * MIB))
    until(lambda: state(room, volume) == "sending")
    thumbnail = room.take(random.Random(3).randbytes(20_000), "image/webp")
    until(lambda: room.kept(thumbnail))
    assert not room.kept(volume)
    until(lambda: room.kept(volume))


@pytest.mark.edge("EDGE-342", "A refraction printed while a volume is on its way is in the record before the volume.")
def test_a_refraction_does_not_wait_for_a_volume(room):
    volume = room.take(random.Random(4).randbytes(24 * MIB))
    until(lambda: state(room, volume) == "sending")
    printed = room.bench.print("ark")
    assert room.arrived(printed.raw) != []
    assert not room.kept(volume)
    until(lambda: room.kept(volume))


@pytest.mark.edge("EDGE-343", "Whichever end is killed at any byte, an upload goes on and is kept whole.")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "who"), [(1, ["gateway", "web", "gateway"]), (2, ["web", "gateway", "web"])])
def test_whatever_is_killed_at_any_byte_the_upload_resumes(room, seed, who):
    drawn = random.Random(seed)
    data, meter = drawn.randbytes(12 * MIB + drawn.randrange(MIB)), room.parts.meter
    before, ready = meter.up, threading.Event()
    kills = sorted(drawn.randrange(before, before + len(data)) for _ in who)
    killed = list[str]()
    for count, name in zip(kills, who, strict=True):
        meter.at(count, lambda name=name: (killed.append(name), room.parts.kill(name), ready.set()))

    digest, back = room.take(data), 0
    while meter.ahead or ready.is_set():
        assert ready.wait(60)
        ready.clear()
        while back < len(killed):  # what was under way may reach the next byte before the first is back
            getattr(room.parts, killed[back])()
            back += 1
    until(lambda: state(room, digest) == "kept", 60)

    assert killed == who
    assert room.in_the_cloud(digest) == data
    # a piece of 1 to 8 MiB under way when something died goes again from its last whole MiB
    assert meter.up - before < len(data) + len(kills) * 2 * MIB
    room.bench.print("ark")

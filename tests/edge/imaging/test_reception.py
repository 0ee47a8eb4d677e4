import asyncio
import io
import shutil
from pathlib import Path

import pytest
from PIL import Image as Pillow

from edge.alarms import Alarms
from edge.blobs.store import Store
from edge.clock import Clock
from edge.imaging import deciphering, table
from edge.imaging.reception import Arrival, Reception
from edge.outbox import Limits, Outbox
from protocols.envelope import Capture, decode
from protocols.readings import Document, Image, OrderRef, from_json

NO_FLOOR = Limits(floor_bytes=0)


class Place:
    """A data folder with an outbox, blobs and a reception."""

    def __init__(self, data):
        self.data = data

    async def __aenter__(self):
        clock = Clock(0)
        self.outbox = await Outbox.open(self.data / "outbox.db", boot=clock.boot, limits=NO_FLOOR)
        self.blobs = Store(self.data)
        self.reception = Reception(self.outbox, clock, Alarms(), self.blobs, self.data / "imaging")
        return self

    async def __aexit__(self, *_):
        await self.outbox.aclose()

    def arrival(self, data, media_type="image/jpeg", name="one", **more):
        path = self.data / name
        path.write_bytes(data)
        return Arrival(path, media_type, "lamp-1", None, "picture", **more)

    async def rows(self):
        return await self.outbox.page(0)

    async def readings(self):
        return [from_json(row.body) for row in await self.rows() if row.kind == "reading"]


def jpeg(width=640, height=480):
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), "red").save(file, "JPEG")
    return file.getvalue()


async def test_a_picture_becomes_a_capture_that_names_its_blob_and_a_reading_with_a_small_picture(tmp_path):
    async with Place(tmp_path) as place:
        arrival = place.arrival(jpeg(), about={"modality": "XC"})
        await place.reception.take(arrival)
        (capture, reading) = await place.rows()

        named = decode(Capture, capture.body)
        assert (named.data, named.bytes, named.media_type) == (b"", len(jpeg()), "image/jpeg")
        assert place.blobs.path(named.sha256).read_bytes() == jpeg()
        said = from_json(reading.body)
        assert isinstance(said, Image)
        assert (said.modality, said.blob.sha256, said.integrity.raw_sha256) == ("XC", named.sha256, named.sha256)
        assert (said.schema, said.reading_id is not None) == ("emmetra.reading/1", True)
        with Pillow.open(place.blobs.path(said.thumbnail.sha256)) as small:
            assert (small.format, small.size) == ("JPEG", (256, 192))
        assert not arrival.path.exists()


@pytest.mark.edge("EDGE-300", "The same file of an instrument becomes one result, however often it arrives.")
async def test_the_same_bytes_are_told_once_also_after_a_restart(tmp_path):
    async with Place(tmp_path) as place:
        await place.reception.take(place.arrival(jpeg()))
        await place.reception.take(place.arrival(jpeg(), name="two"))
        assert len(await place.rows()) == 2
    async with Place(tmp_path) as place:
        arrival = place.arrival(jpeg(), name="three")
        await place.reception.take(arrival)
        assert len(await place.rows()) == 2
        assert not arrival.path.exists()
        await place.reception.take(place.arrival(jpeg(800), name="four"))
        assert len(await place.rows()) == 4


DYING = {
    "raises": "edge_dying:raises",
    "killed": "edge_dying:killed",
    "memory": "edge_dying:memory",
    "hangs": "edge_dying:hangs",
    "chatters": "edge_dying:chatters",
    "nonsense": "edge_dying:nonsense",
    "missing": "edge_not_there:at_all",
}
DECODERS = """
import os, signal, sys
def raises(path, about): raise ValueError("it is broken")
def killed(path, about): os.kill(os.getpid(), signal.SIGKILL)
def memory(path, about): return [bytes(3 << 30)]
def hangs(path, about):
    while True: signal.pause()
def chatters(path, about):
    while True: os.write(1, b"x" * 65536)
def nonsense(path, about):
    os.write(1, b'{"reading":{"kind":"image"}}\\n{"read":true}\\n'); os._exit(0)
"""


@pytest.mark.edge(
    "EDGE-301",
    "A file that kills what reads it is kept whole and told as a document without values; the gateway goes on.",
)
@pytest.mark.parametrize("how", DYING)
async def test_a_decoder_that_dies_leaves_the_file_and_a_note(tmp_path, monkeypatch, how):
    (tmp_path / "edge_dying.py").write_text(DECODERS)
    (tmp_path / "sitecustomize.py").write_text(
        f"from edge.imaging import table\ntable.BY_DIALECT['picture'] = {DYING[how]!r}\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path.cwd()}")
    monkeypatch.setattr(deciphering, "DEADLINE_S", 3.0)
    async with Place(tmp_path) as place:
        await place.reception.take(place.arrival(b"%PDF-1.4", "application/pdf"))
        (capture, _) = await place.rows()
        (said,) = await place.readings()
        assert isinstance(said, Document)
        assert [note.code for note in said.notes] == ["not_read"]
        assert decode(Capture, capture.body).why
        assert place.blobs.path(said.blob.sha256).read_bytes() == b"%PDF-1.4"


async def test_a_picture_that_cannot_be_drawn_keeps_its_readings_and_has_no_small_picture(tmp_path):
    async with Place(tmp_path) as place:
        await place.reception.take(place.arrival(b"\xff\xd8 no picture"))
        (said,) = await place.readings()
        assert isinstance(said, Image)
        assert (said.thumbnail, said.notes) == (None, ())


async def test_the_order_a_file_came_with_is_told(tmp_path):
    async with Place(tmp_path) as place:
        await place.reception.take(place.arrival(jpeg(), order=OrderRef(accession="A1")))
        (said,) = await place.readings()
        assert said.order.accession == "A1"


async def test_a_disk_that_is_full_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.imaging.reception.FULL_RETRY_S", 0.01)
    async with Place(tmp_path) as place:
        place.outbox.limits = Limits(floor_bytes=1 << 60)
        arrival = place.arrival(jpeg())
        taking = asyncio.ensure_future(place.reception.take(arrival))
        async with asyncio.timeout(10):
            while "outbox_full" not in place.reception._alarms.by_code():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert arrival.path.exists()
        place.outbox.limits = NO_FLOOR
        await taking
        assert len(await place.rows()) == 2
        assert place.reception._alarms.by_code() == {}


def test_a_dialect_goes_before_a_media_type(monkeypatch):
    monkeypatch.setitem(table.BY_DIALECT, "d", "json:loads")
    monkeypatch.setitem(table.BY_MEDIA_TYPE, "text/csv", "json:dumps")
    assert table.decoder("d", "text/csv").__name__ == "loads"
    assert table.decoder("e", "text/csv").__name__ == "dumps"
    assert table.decoder("e", "text/plain") is None


async def test_a_file_on_another_disk_is_copied_and_what_a_crash_left_goes(tmp_path, monkeypatch):
    def other_disk(*_):
        raise OSError(18, "Invalid cross-device link")

    (tmp_path / "imaging" / "reading").mkdir(parents=True)
    (tmp_path / "imaging" / "reading" / "old.keep").write_bytes(b"left")
    async with Place(tmp_path) as place:
        monkeypatch.setattr("edge.imaging.reception.os.link", other_disk)
        await place.reception.take(place.arrival(jpeg()))
        (said,) = await place.readings()
        assert place.blobs.path(said.blob.sha256).read_bytes() == jpeg()
        assert list((tmp_path / "imaging" / "reading").iterdir()) == []


async def test_a_disk_that_fills_up_while_a_file_is_copied_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.imaging.reception.FULL_RETRY_S", 0.01)
    copyfile, full = shutil.copyfile, [OSError(28, "No space left on device")] * 2

    def other_disk(*_):
        raise OSError(18, "Invalid cross-device link")

    def copied(*places):
        if full:
            raise full.pop()
        return copyfile(*places)

    async with Place(tmp_path) as place:
        monkeypatch.setattr("edge.imaging.reception.os.link", other_disk)
        monkeypatch.setattr("edge.imaging.reception.shutil.copyfile", copied)
        arrival = place.arrival(jpeg())
        await place.reception.take(arrival)
        assert (full, arrival.path.exists(), len(await place.rows())) == ([], False, 2)


async def test_a_file_that_is_gone_holds_nobody_up(tmp_path):
    async with Place(tmp_path) as place:
        arrival = place.arrival(jpeg())
        arrival.path.unlink()
        with pytest.raises(FileNotFoundError):
            await place.reception.take(arrival)
        await place.reception.take(place.arrival(jpeg(), name="two"))
        assert len(await place.rows()) == 2

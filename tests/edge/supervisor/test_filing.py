"""Instruments that hand over files, and one that pulls and posts, under a real supervisor with real drivers."""

import asyncio
import functools
import socket
from pathlib import Path

import pytest

from edge.alarms import Alarms
from edge.clock import Clock
from edge.imaging.filing import filing, keeping
from edge.links import open_link
from edge.supervisor import InstrumentSettings, Notebook, Supervisor
from edge.supervisor.families import fit as fit_family
from edge.tasks import stop
from edge.worklist import Kept
from firmware_sim.cso_text import example as topographer
from firmware_sim.heyex_vol import exported
from firmware_sim.mediworks_al550 import AL550
from protocols.envelope import Capture, decode
from protocols.framing import Garbled
from protocols.readings import Biometry, Image, Oct, Topography, from_json
from tests.edge.drivers.mediworks_al550.test_driver import item, worklist
from tests.edge.imaging.test_reception import Place


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("edge.links.folder.POLL_S", 0.02)
    monkeypatch.setattr("edge.links.crate.STILL_S", 0.1)
    monkeypatch.setattr("edge.links.whole_file.STILL_S", 0.1)
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))


def supervised(place, *instruments, takes_files=True):
    notebook = Notebook(place.outbox, Clock(), Alarms(), lambda: None)
    notebook.filing = filing(place.reception) if takes_files else None
    return Supervisor(instruments, fit_family, notebook, functools.partial(open_link, data=place.data))


async def until(found):
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 - a folder wakes nobody
            await asyncio.sleep(0.02)


async def test_a_volume_in_a_folder_is_filed_under_its_instrument(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.vol").write_bytes(exported())
    oct_1 = InstrumentSettings("oct-1", "heyex_vol", f"files://{share}?match=*.vol", model="Spectralis")
    async with Place(tmp_path) as place:
        supervisor = supervised(place, oct_1)
        running = asyncio.ensure_future(supervisor.run())
        await until(lambda: (share / "done").is_dir() and list((share / "done").rglob("a.vol")))
        await stop(running)
        readings, rows = await place.readings(), await place.rows()

    assert [type(one) for one in readings] == [Image, Oct]
    assert {row.dev for row in rows} == {"oct-1"}
    assert (supervisor.keepers[0].readings, supervisor.keepers[0].tally["ok"]) == (1, 1)


async def test_a_gateway_without_a_room_for_files_says_so_and_leaves_them(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.vol").write_bytes(exported())
    async with Place(tmp_path) as place:
        oct_1 = InstrumentSettings("oct-1", "heyex_vol", f"files://{share}")
        supervisor = supervised(place, oct_1, takes_files=False)
        running = asyncio.ensure_future(supervisor.run())
        await until(lambda: supervisor.keepers[0].state == "misconfigured")
        await stop(running)

    assert "takes no pictures" in supervisor.keepers[0].why
    assert (share / "a.vol").exists()


@pytest.mark.edge("EDGE-369", "What a biometer posted is in the outbox, with its order, before it is told ok.")
async def test_what_a_biometer_posted_is_in_the_outbox_before_it_is_told_ok(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    Kept(tmp_path).keep(worklist(item("A1")))
    async with Place(tmp_path) as place:
        al550 = InstrumentSettings("biometer-1", "mediworks_al550", f"http-server://127.0.0.1:{port}?allow=127.0.0.1")
        supervisor = supervised(place, al550)
        running = asyncio.ensure_future(supervisor.run())
        await until(lambda: supervisor.keepers[0].state == "connected")
        biometer = AL550("127.0.0.1", port)
        await biometer.fetch()
        answered = await biometer.examine(biometer.patients[0])
        readings = await place.readings()
        await stop(running)

    assert answered == (200, "ok")
    assert [type(one) for one in readings] == [Biometry, Topography]
    assert {one.order.accession for one in readings} == {"A1"}
    assert {one.instrument.model for one in readings} == {"AL550"}


@pytest.mark.edge("EDGE-465", "An upload of a biometer is told once, also when it comes again after a restart.")
async def test_an_upload_that_comes_again_after_a_restart_is_told_once(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    al550 = InstrumentSettings("biometer-1", "mediworks_al550", f"http-server://127.0.0.1:{port}?allow=127.0.0.1")
    told = []
    for seed in (1, 1, 2):
        async with Place(tmp_path) as place:
            supervisor = supervised(place, al550)
            running = asyncio.ensure_future(supervisor.run())
            await until(lambda keeper=supervisor.keepers[0]: keeper.state == "connected")
            answers = [await AL550("127.0.0.1", port).examine({"lastname": "Doe"}, seed=seed) for _ in range(2)]
            unread = await AL550("127.0.0.1", port).post(b'{"DeviceModel": "AL550", "Cases": [')
            told.append((answers, unread.status, [row.kind for row in await place.rows()]))
            await stop(running)

    ok, first = [(200, "ok"), (200, "ok")], ["capture", "reading", "reading", "capture"]
    assert [(answers, status) for answers, status, _ in told] == [(ok, 400), (ok, 400), (ok, 400)]
    assert [kinds for *_, kinds in told] == [first, first, [*first, "capture", "reading", "reading"]]


async def test_what_is_too_long_for_a_message_travels_as_a_blob(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (share / "map.txt").write_bytes(topographer("Antares", ()))
    async with Place(tmp_path) as place:
        supervisor = supervised(place, InstrumentSettings("map-1", "cso_text", f"folder://{share}", model="Antares"))
        supervisor._notebook.keeping = keeping(place.blobs, tmp_path / "imaging")
        running = asyncio.ensure_future(supervisor.run())
        await until(lambda: (share / "done").is_dir() and list((share / "done").rglob("map.txt")))
        await stop(running)
        capture, reading = await place.rows()
        named = decode(Capture, capture.body)

        assert (named.data, named.bytes) == (b"", len(topographer("Antares", ())))
        assert len(capture.body) < 1000
        assert place.blobs.path(named.sha256).read_bytes() == topographer("Antares", ())
        assert from_json(reading.body).integrity.raw_sha256 == named.sha256
        assert list((tmp_path / "imaging").iterdir()) == []


async def test_a_disk_that_takes_no_blob_makes_the_instrument_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.supervisor.notebook.FULL_RETRY_S", 0.02)
    tries = []

    async def full(raw):
        tries.append(raw)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")
        return await keeping(place.blobs, tmp_path / "imaging")(raw)

    async with Place(tmp_path) as place:
        alarms = Alarms()
        notebook = Notebook(place.outbox, Clock(), alarms, lambda: None)
        notebook.keeping = full
        settings = InstrumentSettings("map-1", "cso_text", "folder:///x")
        await notebook.write(Garbled(b"x" * 200_000, "why"), settings, fit_family(settings))
        (capture,) = await place.rows()

    assert len(tries) == 3
    assert decode(Capture, capture.body).why == "why"
    assert alarms.by_code() == {}

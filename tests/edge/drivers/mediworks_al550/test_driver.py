"""The driver behind a real port, with a simulated biometer that pulls and posts true bytes."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from edge.drivers.mediworks_al550.driver import Driver
from edge.links import open_link
from edge.worklist import Kept
from firmware_sim.mediworks_al550 import AL550, exported
from protocols.envelope.worklist import Item, Worklist
from protocols.framing import Garbled, Transmission
from protocols.mediworks_al550 import pid

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0)


def item(accession, at=NOON, **changes):
    told = {"step_id": f"S{accession}", "procedure_id": f"P{accession}", "study_uid": f"2.25.{accession[1:]}"}
    told |= {"patient_id": "0000000015", "family": "张", "given": "伟", "at": at.isoformat(), "modality": "OAM"}
    return Item(accession=accession, description="Biometry", **{**told, **changes})


def worklist(*items):
    return Worklist(version=1, zone=ZONE.key, made_at=NOON.isoformat(), items=list(items))


class Practice:
    """A gateway's port and what its driver emitted; ``disk`` may be made to wait."""

    def __init__(self, link, settings):
        self.link, self.port, self.events, self.disk = link, link.port, [], asyncio.Event()
        self.disk.set()
        self.task = asyncio.create_task(Driver(settings).run(link, self.emit))

    async def emit(self, event):
        await self.disk.wait()
        self.events.append(event)

    def biometer(self, **options):
        return AL550("127.0.0.1", self.port, **options)


@contextlib.asynccontextmanager
async def practice(data, query="", **settings):
    link = await open_link(f"http-server://127.0.0.1:0{query}", data=data)
    one = Practice(link, settings)
    try:
        yield one
    finally:
        await link.aclose()
        await asyncio.wait_for(asyncio.gather(one.task, return_exceptions=True), 10)


@pytest.mark.edge(
    "EDGE-363", "A biometer pulls today's biometries of its store, and the result comes home by its number."
)
async def test_todays_biometries_are_pulled_and_the_result_comes_home(tmp_path):
    other = [item("A2", NOON - timedelta(days=1)), item("A3", modality="OPT"), item("A4", station="ROOM9")]
    Kept(tmp_path).keep(worklist(item("A1"), *other, item("A5", station="AL550")))
    async with practice(tmp_path, station="AL550") as one:
        biometer = one.biometer()
        await biometer.fetch()
        assert [told["pid"] for told in biometer.patients] == [str(pid(item("A1"))), str(pid(item("A5")))]
        assert (await biometer.examine(biometer.patients[1])) == (200, "ok")
    (event,) = one.events

    assert {reading.order.accession for reading in event.readings} == {"A5"}
    assert {reading.order.study_uid for reading in event.readings} == {"2.25.5"}
    assert {reading.patient_ref.id for reading in event.readings} == {"0000000015"}


@pytest.mark.parametrize("damage", [None, b"{broken"])
async def test_without_a_worklist_the_list_is_empty(tmp_path, damage):
    if damage:
        (tmp_path / "worklist.json").write_bytes(damage)
    async with practice(tmp_path) as one:
        biometer = one.biometer()
        assert (await biometer.fetch()) == (200, "[]")


async def test_a_patient_typed_in_at_the_instrument_belongs_to_no_order(tmp_path):
    Kept(tmp_path).keep(worklist(item("A1")))
    async with practice(tmp_path) as one:
        assert (await one.biometer().examine({"lastname": "Doe", "patientId": "7"})).text == "ok"

    assert [reading.order for reading in one.events[0].readings] == [None, None]
    assert one.events[0].readings[0].patient_ref.id == "7"


@pytest.mark.edge("EDGE-364", "A biometer is told ok only when its examination is on the gateway's disk.")
async def test_ok_is_said_only_when_the_result_is_on_disk(tmp_path):
    async with practice(tmp_path) as one:
        one.disk.clear()
        posting = asyncio.create_task(one.biometer().examine({"lastname": "Doe"}))
        await asyncio.sleep(0.2)
        assert (posting.done(), one.events) == (False, [])
        one.disk.set()
        assert (await posting) == (200, "ok")
        assert [type(event) for event in one.events] == [Transmission]


async def test_a_gateway_that_stops_before_the_disk_took_it_never_says_ok(tmp_path):
    async with practice(tmp_path) as one:
        one.disk.clear()
        posting = asyncio.create_task(one.biometer().examine({"lastname": "Doe"}))
        await asyncio.sleep(0.2)
        await one.link.aclose()
        answered = await posting
        one.task.cancel()

    assert (answered.status, one.events) == (503, [])


@pytest.mark.parametrize("options", [{"chunked": True}, {"pull": "/getPatients/", "push": "//setPatients/"}])
async def test_chunks_and_slashes_are_tolerated(tmp_path, options):
    async with practice(tmp_path) as one:
        biometer = one.biometer(**options)
        assert (await biometer.fetch()).status == 200
        assert (await biometer.examine({"lastname": "Doe"}, xml=True)) == (200, "ok")


async def test_the_same_upload_again_is_told_once(tmp_path):
    async with practice(tmp_path) as one:
        answers = [(await one.biometer().examine({"lastname": "Doe"})).text for _ in range(2)]

    assert (answers, len(one.events)) == (["ok", "ok"], 1)


@pytest.mark.edge("EDGE-365", "An upload that is no examination is refused in words; bytes that came whole are kept.")
async def test_an_upload_that_breaks_off_is_refused_in_words(tmp_path):
    async with practice(tmp_path) as one:
        biometer = one.biometer()
        broken = await biometer.send(b"--no end")
        other = await biometer.post(exported({}), part="picture")
        assert one.events == []
        unread = await biometer.post(b'{"DeviceModel": "AL550", "Cases": [')
        lost = await one.biometer(push="/elsewhere").post(exported({}))

    assert [one.status for one in (broken, other, unread, lost)] == [400] * 4
    assert broken.text == "The upload broke off before its end. Nothing was taken; send it again."
    assert "one part named file" in other.text
    assert unread.text.endswith("it was kept for support. Do not send it again.")
    assert "/setPatients" in lost.text
    assert [type(event) for event in one.events] == [Garbled]


@pytest.mark.edge("EDGE-366", "Only the addresses that are allowed may pull patients or post.")
async def test_a_stranger_is_refused(tmp_path):
    Kept(tmp_path).keep(worklist(item("A1")))
    async with practice(tmp_path, "?allow=10.0.0.5&allow=192.168.7.0/24") as one:
        biometer = one.biometer()
        answered = await biometer.fetch()
        posted = await biometer.examine({"lastname": "Doe"})

    assert (answered.status, posted.status, biometer.patients, one.events) == (403, 403, [], [])


async def test_an_upload_that_is_too_large_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.links.http_server.LONGEST_BODY", 1000)
    async with practice(tmp_path) as one:
        answered = await one.biometer().examine({"lastname": "Doe"})
        chunked = await one.biometer(chunked=True).examine({"lastname": "Doe"})

    assert (answered.status, chunked.status, one.events) == (413, 413, [])
    assert "too large" in answered.text


@pytest.mark.parametrize("settings", [{"pull": 7}, {"station": None}])
def test_settings_that_are_no_texts_are_refused(settings):
    with pytest.raises(ValueError, match="must be a text"):
        Driver(settings)

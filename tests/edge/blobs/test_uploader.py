"""From the offer to the end: what the gateway does with every answer, over real sockets."""

import asyncio
import contextlib
import hashlib

import pytest

from edge.alarms import Alarms
from edge.blobs import trust
from edge.blobs.line import Line
from edge.blobs.pace import Pace
from edge.blobs.store import Store
from edge.blobs.uploader import LOST, TURNED_AWAY, Uploader
from protocols.envelope import Address, decode, encode
from protocols.envelope.blobs import Answer, Offer
from tests.edge.blobs.test_line import serving

ADDRESS = Address("demo", "main", "gw-1")
DATA = b"a volume" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


class Wire:
    """Remembers what was said."""

    def __init__(self):
        self.offers = asyncio.Queue()

    def send(self, topic, payload, **_):
        assert topic == ADDRESS.up("blob")
        self.offers.put_nowait(decode(Offer, payload))
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(0)
        return answer


@contextlib.asynccontextmanager
async def uploading(tmp_path):
    store, alarms, wire = Store(tmp_path), Alarms(), Wire()
    line = Line(lambda: trust.context(None), Pace(0))
    place = lambda said: trust.place(said, "", secure=False)  # noqa: E731
    uploader = Uploader(lambda: ADDRESS, store, alarms, place, line)
    tasks = [asyncio.ensure_future(uploader.run()), asyncio.ensure_future(uploader.say(wire))]
    try:
        yield uploader, store, alarms, wire
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        line._drop()
        store.close()


def keep(store, tmp_path, data=DATA):
    path = tmp_path / "file"
    path.write_bytes(data)
    return store.keep(path, "application/dicom")


async def until(found):
    async with asyncio.timeout(10):
        while not found():  # noqa: ASYNC110 - what is waited for is in a thread
            await asyncio.sleep(0.01)


def answer(**said):
    return encode(Answer(sha256=DIGEST, **said))


def state(store):
    return store.journal.find(DIGEST).state


async def test_what_is_kept_here_is_offered_at_once_and_what_the_cloud_has_is_never_sent(tmp_path):
    async with uploading(tmp_path) as (uploader, store, _, wire):
        await asyncio.to_thread(keep, store, tmp_path)
        offer = await wire.offers.get()
        assert (offer.sha256, offer.bytes, offer.media_type) == (DIGEST, len(DATA), "application/dicom")
        uploader.heard(answer(state="have"))
        await until(lambda: state(store) == "kept" and uploader.status()["blobs"] == 0)
        assert state(store) == "kept"


async def test_with_a_ticket_it_is_sent(tmp_path):
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, _, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            cloud.answer = (200, {"Upload-Offset": str(len(DATA))})
            uploader.heard(answer(state="send", url=cloud.url, ticket="t", offset=0))
            await until(lambda: state(store) == "kept")
            assert cloud.bodies == [DATA]


async def test_from_where_the_cloud_says(tmp_path):
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, _, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            cloud.answer = (200, {"Upload-Offset": str(len(DATA))})
            uploader.heard(answer(state="send", url=cloud.url, ticket="t", offset=5000))
            await until(lambda: state(store) == "kept")
            assert cloud.bodies == [DATA[5000:]]


async def test_a_ticket_that_is_over_is_asked_for_again(tmp_path):
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, _, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            cloud.answer = (410, {})
            uploader.heard(answer(state="send", url=cloud.url, ticket="old", offset=0))
            again = await asyncio.wait_for(wire.offers.get(), 10)
            assert again.sha256 == DIGEST
            cloud.answer = (200, {"Upload-Offset": str(len(DATA))})
            uploader.heard(answer(state="send", url=cloud.url, ticket="new", offset=0))
            await until(lambda: state(store) == "kept")


@pytest.mark.edge("EDGE-348", "A blob the cloud refuses stays on the gateway, with an alarm that says what to do.")
@pytest.mark.parametrize("over", ["mqtt", "https"])
async def test_what_the_cloud_never_takes_stays_here_and_is_said(tmp_path, over):
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, alarms, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            cloud.answer = (422, {})
            sent = answer(state="send", url=cloud.url, ticket="t", offset=0)
            uploader.heard(answer(state="no", why="refused") if over == "mqtt" else sent)
            await until(lambda: TURNED_AWAY in alarms)
            await until(lambda: uploader.status()["refused"] == 1)
            assert (state(store), store.path(DIGEST).read_bytes()) == ("refused", DATA)


async def test_the_alarm_is_over_when_it_came_again_and_is_kept(tmp_path):
    async with uploading(tmp_path) as (uploader, store, alarms, wire):
        keep(store, tmp_path)
        await wire.offers.get()
        uploader.heard(answer(state="no", why="refused"))
        await until(lambda: TURNED_AWAY in alarms)
        await asyncio.to_thread(keep, store, tmp_path)
        await wire.offers.get()
        uploader.heard(answer(state="have"))
        await until(lambda: TURNED_AWAY not in alarms)
        assert state(store) == "kept"


async def test_a_file_that_is_gone_is_said(tmp_path):
    async with uploading(tmp_path) as (uploader, store, alarms, wire):
        keep(store, tmp_path)
        await wire.offers.get()
        store.path(DIGEST).unlink()
        uploader.heard(answer(state="send", url="http://127.0.0.1:1/b", ticket="t", offset=0))
        await until(lambda: LOST in alarms)
        assert store.journal.find(DIGEST).why == "lost"


async def test_a_file_that_cannot_be_read_any_more_holds_nobody_up(tmp_path):
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, alarms, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            store.path(DIGEST).write_bytes(DATA[:100])
            cloud.reads = False
            uploader.heard(answer(state="send", url=cloud.url, ticket="t", offset=0))
            await until(lambda: LOST in alarms)
            assert state(store) == "refused"


async def test_one_that_the_cloud_stumbles_over_goes_behind_the_others(tmp_path):
    other = b"another volume" * 1000
    with serving() as cloud:
        async with uploading(tmp_path) as (uploader, store, _, wire):
            keep(store, tmp_path)
            await wire.offers.get()
            cloud.answer = (500, {})
            uploader.heard(answer(state="send", url=cloud.url, ticket="t", offset=0))
            await until(lambda: uploader.why is not None)
            digest = (await asyncio.to_thread(keep, store, tmp_path, other)).sha256
            await wire.offers.get()
            url = cloud.url.replace("/aa", "/bb")
            uploader.heard(encode(Answer(sha256=digest, state="send", url=url, ticket="t", offset=0)))
            await until(lambda: any(path.endswith("/bb") for path, _ in cloud.heard))
            assert uploader.status()["blobs"] == 2


async def test_without_a_cloud_it_waits_and_says_why(tmp_path):
    async with uploading(tmp_path) as (uploader, store, _, wire):
        keep(store, tmp_path)
        await wire.offers.get()
        uploader.heard(answer(state="send", url="http://127.0.0.1:1/b", ticket="t", offset=0))
        await until(lambda: uploader.why is not None)
        assert state(store) == "sending"
        assert uploader.status()["why"] == "127.0.0.1 cannot be reached (Connection refused)"


async def test_nonsense_and_strange_hashes_are_heard_without_harm(tmp_path):
    async with uploading(tmp_path) as (uploader, store, _, wire):
        keep(store, tmp_path)
        uploader.heard(b"{")
        uploader.heard(encode(Answer(sha256="0" * 64, state="send", url="http://127.0.0.1:1/", ticket="t")))
        uploader.heard(answer(state="send"))
        await wire.offers.get()
        await until(lambda: state(store) == "offered")
        assert uploader.why is None
        uploader.heard(answer(state="have"))
        await until(lambda: state(store) == "kept")

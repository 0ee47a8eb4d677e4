import asyncio
import json
import logging

import pytest

from edge.alarms import Alarms
from edge.clock import Clock
from edge.links import LinkLost, LinkRefused, null_modem
from edge.outbox import Limits, Outbox
from edge.supervisor import Fitting, InstrumentSettings, Misfit, Notebook, Supervisor
from edge.supervisor.families import fit as fit_family
from edge.tasks import stop
from protocols.envelope import Capture, decode
from protocols.framing import Garbled, Transmission
from protocols.readings import Instrument, Integrity, Tonometry, from_json

READING = Tonometry(
    instrument=Instrument(maker="A", model="B", dialect="lines"), integrity=Integrity(checksum="none", raw_sha256="")
)


class LineDriver:
    """Invented: one line is one transmission, answered with a dot once it is safe."""

    async def run(self, link, emit):
        pending = b""
        async for chunk in link:
            pending += chunk
            while b"\n" in pending:
                line, _, pending = pending.partition(b"\n")
                if line == b"boom":
                    raise ValueError("the patient is called Boom")
                good = Transmission(line, (READING, READING)) if line != b"bad" else Garbled(line, "not a line", 1)
                await emit(good)
                await link.write(b".")


class Store:
    """One instrument on a null modem that can be unplugged."""

    def __init__(self, outbox):
        self.outbox, self.alarms = outbox, Alarms()
        self.changes = 0
        self.far, self.trouble = None, None
        self.fit_trouble = None
        notebook = Notebook(outbox, Clock(), self.alarms, self._changed)
        settings = InstrumentSettings(name="tono-1", family="lines", url="/dev/null-modem", lane="Room 1")
        self.supervisor = Supervisor([settings], self._fit, notebook, self._open)
        self.keeper = self.supervisor.keepers[0]
        self.keeper._backoff.next = lambda: 0.01

    def _changed(self):
        self.changes += 1

    def _fit(self, settings):
        if self.fit_trouble:
            raise self.fit_trouble
        return Fitting(make=LineDriver, dialect="lines", version="7")

    async def _open(self, url, line):
        if self.trouble:
            raise self.trouble
        ours, self.far = null_modem()
        return ours

    async def until(self, condition, seconds=5):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def events(self):
        return [json.loads(b.body) for b in await self.outbox.bulletins(limit=100)]


@pytest.fixture
async def outbox(tmp_path):
    outbox = await Outbox.open(tmp_path / "outbox.db", boot="b", limits=Limits(floor_bytes=0))
    yield outbox
    await outbox.aclose()


@pytest.fixture
async def store(outbox, monkeypatch):
    monkeypatch.setattr("edge.supervisor.keeper.PROVEN_S", 0.05)
    monkeypatch.setattr("edge.supervisor.notebook.FULL_RETRY_S", 0.02)
    store = Store(outbox)
    task = asyncio.ensure_future(store.supervisor.run())
    yield store
    assert not task.done()
    await stop(task)


async def answer(far):
    return await asyncio.wait_for(anext(aiter(far)), 2)


@pytest.mark.edge(
    "EDGE-094",
    "The bytes an instrument sent are kept beside every reading made of them, joined by their digest.",
)
async def test_a_transmission_becomes_a_capture_and_its_readings(store, outbox):
    await store.until(lambda: store.keeper.state == "connected")
    await store.far.write(b"hello\n")
    assert await answer(store.far) == b"."

    capture, first, second = await outbox.page(0)
    said = decode(Capture, capture.body)
    assert (said.data, said.dialect, said.why) == (b"hello", "lines", None)
    readings = [from_json(first.body), from_json(second.body)]
    assert all(r.integrity.raw_sha256 == said.sha256 and r.reading_id and r.schema for r in readings)
    assert (capture.kind, first.kind, capture.dev, capture.drv, capture.drv_v) == (
        "capture",
        "reading",
        "tono-1",
        "lines",
        "7",
    )
    assert await outbox.raw(said.sha256) == b"hello"
    assert store.keeper.readings == 2


@pytest.mark.edge("EDGE-093", "Bytes that cannot be read are kept with the reason and the place.")
async def test_what_cannot_be_read_is_kept_with_the_reason(store, outbox):
    await store.until(lambda: store.keeper.state == "connected")
    await store.far.write(b"bad\n")
    await answer(store.far)

    [row] = await outbox.page(0)
    assert (decode(Capture, row.body).why, decode(Capture, row.body).offset) == ("not a line", 1)


@pytest.mark.edge("EDGE-092", "An unplugged instrument is reported lost once and back once.")
async def test_an_unplugged_instrument_is_lost_once_and_back_once(store):
    await store.until(lambda: store.keeper.state == "connected")
    store.trouble = LinkRefused("There is no port.", "Plug it in.")
    await store.far.aclose()
    await store.until(lambda: store.keeper.why and "no port" in store.keeper.why)
    await asyncio.sleep(0.2)
    store.trouble = None
    await store.until(lambda: store.keeper.state == "connected")

    assert [e["code"] for e in await store.events()] == ["instrument_connected", "instrument_lost", "instrument_back"]
    assert store.changes == 3


async def test_a_link_that_hangs_up_at_once_is_not_called_back(store):
    await store.until(lambda: store.keeper.state == "connected")
    await asyncio.sleep(0.1)
    for _ in range(5):
        far, store.far = store.far, None
        await far.aclose()
        await store.until(lambda: store.far is not None)
    await store.until(lambda: store.keeper.state == "connected")
    assert [e["code"] for e in await store.events()] == ["instrument_connected", "instrument_lost", "instrument_back"]


@pytest.mark.parametrize(
    "trouble",
    [
        LinkRefused("The port is in use.", "Stop the other program.", lasting=True),
        Misfit("No such model. Did you mean AR-1?"),
    ],
)
async def test_what_is_set_up_wrong_is_said_once_and_mended_without_a_restart(outbox, monkeypatch, trouble):
    monkeypatch.setattr("edge.supervisor.keeper.PROVEN_S", 0.05)
    store = Store(outbox)
    store.fit_trouble = trouble
    task = asyncio.ensure_future(store.supervisor.run())
    await store.until(lambda: store.keeper.state == "misconfigured")
    await asyncio.sleep(0.2)
    store.fit_trouble = None
    await store.until(lambda: store.keeper.state == "connected")
    await stop(task)

    events = await store.events()
    assert [e["code"] for e in events] == ["instrument_misconfigured", "instrument_back"]
    assert str(trouble) in events[0]["text"]


@pytest.mark.edge(
    "EDGE-095",
    "A driver that fails starts again by itself, and neither log nor event tells a patient's name.",
)
async def test_a_driver_that_stumbles_starts_again_and_tells_nobody_the_patients_name(store, caplog):
    caplog.set_level(logging.DEBUG)
    await store.until(lambda: store.keeper.state == "connected")
    far = store.far
    await far.write(b"boom\n")
    await store.until(lambda: store.far is not far)
    await store.far.write(b"hello\n")
    assert await answer(store.far) == b"."

    said = caplog.text + json.dumps(await store.events())
    assert "ValueError" in said
    assert "Boom" not in said


@pytest.mark.edge(
    "EDGE-007",
    "While the gateway's disk is full an instrument waits for its answer; its results are taken once there is room.",
)
async def test_while_the_disk_is_full_the_instrument_waits_and_nothing_is_lost(store, outbox):
    await store.until(lambda: store.keeper.state == "connected")
    free, outbox.limits = outbox.free, Limits(floor_bytes=10)
    outbox.free = lambda: 9
    await store.far.write(b"one\ntwo\n")
    await store.until(lambda: "outbox_full" in store.alarms)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(aiter(store.far)), 0.2)

    outbox.free = free
    assert await answer(store.far) + await answer(store.far) == b".."
    await store.until(lambda: "outbox_full" not in store.alarms)
    assert [decode(Capture, r.body).data for r in await outbox.page(0) if r.kind == "capture"] == [b"one", b"two"]


async def test_a_broken_wire_says_how(store):
    await store.until(lambda: store.keeper.state == "connected")
    store.far._far._inbox.end("the cable was cut")
    store.trouble = LinkLost("still cut")
    await store.until(lambda: store.keeper.state == "lost")

    events = await store.events()
    assert [event["code"] for event in events] == ["instrument_connected", "instrument_lost"]
    assert "cut" in events[-1]["text"]


def test_an_unknown_family_or_model_is_named_with_what_is_near():
    with pytest.raises(Misfit, match="known are"):
        fit_family(InstrumentSettings("x", "nidec", "/dev/x"))
    with pytest.raises(Misfit, match=r"called 'XR-1'. Did you mean"):
        fit_family(InstrumentSettings("x", "nidek_frame", "/dev/x", model="XR-1"))


def test_line_settings_come_from_the_model_unless_the_configuration_says_otherwise():
    plain = fit_family(InstrumentSettings("x", "nidek_frame", "/dev/x", model="AR-1"))
    given = fit_family(InstrumentSettings("x", "nidek_frame", "/dev/x", model="AR-1", line={"baud": 19200}))

    assert (plain.line.parity, plain.maker) == ("even", "NIDEK")
    assert (given.line.baud, given.line.parity) == (19200, "even")

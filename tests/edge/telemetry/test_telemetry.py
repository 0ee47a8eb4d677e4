import asyncio
import contextlib
import time
from collections import Counter

import pytest

from deploy.broker import Broker
from edge.clock import Clock
from edge.outbox import Cap, Limits, Outbox
from edge.outbox.bulletins import CAPS
from edge.tasks import stop
from edge.telemetry import Sources, Telemetry, look, machine
from edge.telemetry.looking import age_s, quantile_ms
from edge.uplink.uplink import UplinkState
from protocols.envelope import decode, encode
from protocols.envelope.desired import Wanted
from protocols.envelope.figures import COUNTER_OF, FIGURES, GAUGE_OF, INSTRUMENT_OF
from protocols.envelope.vitals import Vitals
from tests.edge.fakecloud import FakeCloud
from tests.edge.links.wires import PtyFar
from tests.edge.outbox.conftest import draft
from tests.edge.test_gateway import running, write_config


class Keeper:
    def __init__(self, **tally):
        self.tally = Counter(tally)


@pytest.fixture
async def outbox(tmp_path):
    caps = CAPS | {"telemetry": Cap(2_000, 86_400)}
    found = await Outbox.open(tmp_path / "outbox.db", boot="b" * 36, limits=Limits(floor_bytes=0, caps=caps))
    yield found
    await found.aclose()


def sources(outbox, **keepers):
    return Sources(outbox, Clock(), UplinkState(since=time.monotonic()), lambda: keepers.items())


def names():
    return {*GAUGE_OF, *COUNTER_OF, *INSTRUMENT_OF}


def test_no_two_figures_share_a_name_and_each_says_what_it_means():
    every = [*GAUGE_OF.values(), *COUNTER_OF.values(), *INSTRUMENT_OF.values()]
    assert len(names()) == len(every) == len(FIGURES)
    assert all(figure.unit and figure.meaning for figure in every)


@pytest.mark.edge("EDGE-250", "A gateway tells how much waits, how old it is, and how its disk, memory and link fare.")
async def test_a_look_says_what_waits_and_what_was_written(outbox):
    await outbox.put([draft(1), draft(2)])
    await outbox.put([draft(3)])
    outbox.forget(1)
    told = await look(sources(outbox, **{"lens-1": Keeper(ok=3, garbled=1, lost=2)}), "run", 0.25)

    assert (told.gauges["d"], told.gauges["x"], told.gauges["l"]) == (2, 0, 250)
    assert told.gauges["b"] > 4096 and told.gauges["m"] > 1 << 20 and told.gauges["df"] > 0
    assert 0 < told.gauges["f5"] <= told.gauges["f9"]
    assert (told.counters["cp"], told.counters["ak"], told.counters["sn"]) == (3, 1, 0)
    assert told.instruments == {"lens-1": {"ok": 3, "ga": 1, "no": 0, "lo": 2}}
    assert {*told.gauges, *told.counters} <= names()


@pytest.mark.edge("EDGE-251", "Telemetry names instruments and numbers, never a patient and never what was measured.")
async def test_a_look_holds_nothing_but_numbers_and_names_of_instruments(outbox):
    await outbox.put([draft(1)])
    told = await look(sources(outbox, tono=Keeper(ok=1)), "run", 0.0)
    figures = [*told.gauges.values(), *told.counters.values(), *told.instruments["tono"].values()]
    assert all(type(value) in (int, float) for value in figures)
    assert b"tonometry" not in encode(told)


async def test_a_dropped_bulletin_is_counted_by_its_class(outbox):
    for _ in range(3):
        await outbox.post("telemetry", b"x" * 900)
    told = await look(sources(outbox), "run", 0.0)
    assert (told.counters["dt"], told.counters["de"]) == (1, 0)


def test_time_without_a_connection_adds_up_and_every_connection_after_the_first_counts(monkeypatch):
    now = 100.0
    monkeypatch.setattr("edge.uplink.uplink.time.monotonic", lambda: now)
    state = UplinkState(since=now)
    for at, word in ((103.0, "connected"), (110.0, "waiting"), (115.0, "connecting"), (116.0, "connected")):
        now = at
        state.become(word)
    assert (state.connections, state.offline_s(200.0)) == (2, 9.0)
    state.become("waiting", "no route")
    assert state.offline_s(120.0) == 13.0


@pytest.mark.parametrize(("text", "read"), [("48312\n", 48.3), ("", None), ("warm", None), ("-1500", -1.5)], ids=repr)
def test_the_temperature_is_absent_where_there_is_none(tmp_path, text, read):
    (tmp_path / "temp").write_text(text)
    assert machine.temperature_c(tmp_path / "temp") == read
    assert machine.temperature_c(tmp_path / "none") is None


def test_the_machine_says_what_it_can(tmp_path):
    (tmp_path / "throttled").write_text("50005\n")
    (tmp_path / "io").write_text("rchar: 9\nwrite_bytes: 4096\n")
    (tmp_path / "statm").write_text("500 10 5 1 0 9 0\n")
    assert machine.throttled(tmp_path / "throttled") == 0x50005
    assert machine.written_bytes(tmp_path) == 4096
    assert machine.memory_bytes(tmp_path) == 10 * machine.PAGE
    assert machine.written_bytes(tmp_path / "none") is machine.memory_bytes(tmp_path / "none") is None


def test_quantiles_and_ages():
    assert quantile_ms([], 0.5) is None
    assert [quantile_ms([n / 1000 for n in range(1, 101)], part) for part in (0.5, 0.99)] == [51.0, 100.0]
    assert age_s(None, "2026-11-22T10:00:00.000Z") == 0
    assert age_s("2026-11-22T09:58:30.000Z", "2026-11-22T10:00:00.000Z") == 90
    assert age_s("2026-11-22T10:58:30.000Z", "2026-11-22T10:00:00.000Z") == 0


@contextlib.asynccontextmanager
async def telling(telemetry):
    task = asyncio.ensure_future(telemetry.run())
    yield
    assert not task.done()
    await stop(task)


async def posted(outbox, number):
    async with asyncio.timeout(10):
        while len(found := await outbox.bulletins()) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return [decode(Vitals, one.body) for one in found]


@pytest.mark.edge("EDGE-252", "How often a gateway tells its figures can be changed while it runs.")
async def test_the_interval_changes_at_once(outbox):
    telemetry = Telemetry(sources(outbox), outbox, 3600)
    async with telling(telemetry):
        telemetry.every(0.02)
        first, second, *_ = await posted(outbox, 2)
        telemetry.every(None)
    assert first.run == second.run
    assert telemetry._every_s == 600


@pytest.mark.edge("EDGE-253", "Figures reach the cloud over the same connection, counted by instrument and outcome.")
async def test_figures_reach_the_cloud(tmp_path):
    far = PtyFar()
    async with (
        Broker() as broker,
        FakeCloud(broker.port).running() as cloud,
        running(write_config(tmp_path, broker.port, far.path)) as gateway,
    ):
        await cloud.until(lambda: cloud.births and cloud.births[-1].instruments[0].state == "connected")
        for line in (b"hello\n", b"bad\n"):
            await far.write(line)
            assert await far.read(1) == b"."
        await cloud.until(lambda: len(cloud.rows) == 4)
        gateway.telemetry.every(0.05)
        await cloud.until(lambda: cloud.vitals and cloud.vitals[-1].counters["ak"] == 4)
    told = cloud.vitals[-1]
    assert told.instruments["i0"] == {"ok": 1, "ga": 1, "no": 0, "lo": 0}
    assert (told.counters["cp"], told.counters["sn"], told.counters["rc"], told.gauges["d"]) == (4, 4, 0, 0)
    far.close()


@pytest.mark.edge("EDGE-254", "A gateway names a trace for each batch when it is asked to, and never otherwise.")
async def test_batches_carry_a_trace_only_when_wanted(tmp_path):
    far = PtyFar()
    async with (
        Broker() as broker,
        FakeCloud(broker.port).running() as cloud,
        running(write_config(tmp_path, broker.port, far.path)) as gateway,
    ):
        await cloud.until(lambda: cloud.births and cloud.births[-1].instruments[0].state == "connected")
        await far.write(b"one\n")
        await cloud.until(lambda: len(cloud.rows) == 3)
        gateway.uplink.trace(True)
        await far.write(b"two\n")
        await cloud.until(lambda: len(cloud.rows) == 6)
    before, after = cloud.traces[0], cloud.traces[-1]
    assert before is None
    assert [len(part) for part in after.split("-")] == [2, 32, 16, 2]
    far.close()


async def test_the_cloud_sets_the_interval_and_asks_for_traces(tmp_path):
    async with (
        Broker() as broker,
        FakeCloud(broker.port).running() as cloud,
        running(write_config(tmp_path, broker.port)) as gateway,
    ):
        await cloud.want(gateway.config.address, 1, Wanted(telemetry_s=10, trace=True))
        await cloud.until(lambda: any(report.version == 1 for report in cloud.reports))
        set_to = gateway.telemetry._every_s, gateway.uplink._trace
        await cloud.want(gateway.config.address, 2, Wanted())
        await cloud.until(lambda: any(report.version == 2 for report in cloud.reports))
        back = gateway.telemetry._every_s, gateway.uplink._trace
    assert (set_to, back) == ((10, True), (600, False))

"""A gateway without a clock measures, is given the time later, and the record shows both times. Over a real broker."""

import asyncio
import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from edge.clock import Clock, boot_id
from edge.config import load
from edge.gateway import Gateway
from tests.journeys.desk import until

LONG_AGO = datetime(2025, 1, 1, 3, 0, tzinfo=UTC)
HEARD = """
    SELECT r.reading_id, r.captured_at, r.arrived_at, r.clock_state, f.at, f.offset_ms, r.mono_ns, f.mono_ns AS fixed_ns
    FROM readings_reading r LEFT JOIN readings_clock_fix f ON f.gateway_id = r.gateway_id AND f.boot = r.boot
    WHERE r.body::json #>> '{integrity,raw_sha256}' = :digest
"""


class Sky:
    """A wall clock that stands a year behind until it is synchronised."""

    def __init__(self):
        self.behind = datetime.now(UTC) - LONG_AGO
        self.sync = (False, None)

    def wall(self):
        return (datetime.now(UTC) - self.behind).timestamp()

    def synchronise(self):
        self.behind, self.sync = timedelta(0), (True, 12)

    def clock(self):
        floor = (LONG_AGO + timedelta(hours=1)).timestamp()
        return Clock(floor, f"{boot_id()[:20]}-sky", self.wall, kernel=lambda: self.sync)


class InAThread:
    """The desk's own gateway with another clock."""

    def __init__(self, config, clock):
        self._loop = asyncio.new_event_loop()
        self._gateway = Gateway(config, clock=clock)
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._gateway.run()))
        self._thread.start()

    def end(self):
        self._loop.call_soon_threadsafe(self._gateway.stop)
        self._thread.join(20)
        self._loop.close()


@pytest.fixture
def sky(desk):
    """The gateway under a simulated sky; afterwards the desk has its own again."""
    until(lambda: desk.status()["outbox"]["depth"] == 0)
    desk.parts.children.end("gateway")
    sky = Sky()
    gateway = InAThread(load(desk.parts.folder / "gateway.toml"), sky.clock())
    yield sky
    gateway.end()
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


def heard(desk, printed):
    return desk.rows(HEARD, digest=hashlib.sha256(printed.raw).hexdigest())


@pytest.mark.edge(
    "EDGE-218", "What a gateway without a clock measured shows its true time in the record once the clock is synced."
)
def test_a_reading_from_before_the_clock_was_set_shows_its_true_time_beside_the_told_one(desk, sky):
    until(lambda: desk.listening("lensmeter"))
    before = datetime.now(UTC)
    printed = desk.bench.print("lensmeter")
    after = datetime.now(UTC)
    [first, *_] = until(lambda: heard(desk, printed))
    sky.synchronise()
    [fixed, *_] = until(lambda: [row for row in heard(desk, printed) if row.at])
    alice = desk.sign_in("alice@harbour.example")
    told = alice.json(f"/api/v1/readings/{fixed.reading_id}")
    page = alice.get(f"/readings/{fixed.reading_id}")

    assert (first.at, first.clock_state) == (None, "floor")
    assert fixed.captured_at == first.captured_at < before - timedelta(days=300)
    shown = datetime.fromisoformat(told["captured_at"])
    assert before - timedelta(seconds=2) <= shown <= after + timedelta(seconds=2)
    assert datetime.fromisoformat(told["stamped_at"]) == first.captured_at
    assert told["clock_rule"] == "clock-fix/1"
    assert "clock_unset" not in [doubt["code"] for doubt in told["doubts"]]
    assert "clock-fix/1" in page

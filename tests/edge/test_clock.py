"""The clock and its keeper, in a simulated time."""

from datetime import UTC, datetime

import pytest

from edge import timekeeping
from edge.alarms import Alarms
from edge.clock import Clock, kernel_sync, valid_from
from edge.outbox import Limits, Outbox
from edge.timekeeping import DRIFT, Timekeeper, Told
from protocols.envelope import Event, decode
from tests.edge.test_checks import make

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


class Sky:
    """True time, and a wall clock that goes its own way."""

    def __init__(self, wall=NOON, true=NOON):
        self.wall_s, self.true, self.mono, self.sync = wall, true, 5.0, (False, None)

    def pass_(self, seconds):
        self.wall_s, self.true, self.mono = self.wall_s + seconds, self.true + seconds, self.mono + seconds

    def synchronise(self):
        self.wall_s, self.sync = self.true, (True, 12)

    def clock(self, floor=0.0, boot="boot-1"):
        return Clock(floor, boot, lambda: self.wall_s, lambda: round(self.mono * 1e9), lambda: self.sync)


class Room:
    def __init__(self, folder, outbox):
        self.folder, self.outbox, self.alarms, self.since = folder, outbox, Alarms(), 1.0

    def keeper(self, clock):
        return Timekeeper(clock, self.folder, self.outbox, self.alarms, lambda: self.since)

    async def fixes(self):
        events = [decode(Event, one.body) for one in await self.outbox.bulletins(limit=100)]
        return [event for event in events if event.code == "clock_fix"]


@pytest.fixture
async def room(tmp_path):
    outbox = await Outbox.open(tmp_path / "outbox.db", boot="boot-1", limits=Limits(floor_bytes=0))
    yield Room(tmp_path, outbox)
    await outbox.aclose()


def ms(iso):
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def test_behind_the_floor_the_floor_and_the_time_since_start_are_told():
    sky = Sky(wall=0.0)
    clock = sky.clock(floor=NOON - 600)
    sky.pass_(30)
    now = clock.now()
    assert (now.clk.state, ms(now.ts_gw)) == ("floor", round((NOON - 570) * 1000))


@pytest.mark.edge(
    "EDGE-210", "A clock that the kernel vouches for is believed against any floor, however it got there."
)
def test_a_floor_from_the_future_does_not_hold_a_clock_that_is_synchronised():
    sky = Sky()
    clock = sky.clock(floor=NOON + 86_400 * 365)
    assert clock.now().clk.state == "floor"
    sky.synchronise()
    sky.pass_(2)
    assert (clock.now().clk.state, ms(clock.now().ts_gw)) == ("synced", round((NOON + 2) * 1000))


@pytest.mark.parametrize("signed", [True, False])
def test_where_a_sandbox_forbids_to_ask_the_kernel_timesyncds_sign_counts(tmp_path, monkeypatch, signed):
    class Sandbox:
        def __init__(self, _):
            self.adjtimex = lambda _: -1

    monkeypatch.setattr("edge.clock.ctypes.CDLL", Sandbox)
    monkeypatch.setattr("edge.clock.TIMESYNCD", tmp_path / "synchronized")
    if signed:
        (tmp_path / "synchronized").touch()
    assert kernel_sync() == (signed, None)


@pytest.mark.edge(
    "EDGE-211", "The floor is the latest of: the software's date, the certificate's first day, the last time known."
)
def test_the_floor_is_the_latest_witness(tmp_path):
    make(tmp_path, "gw")
    certificate = tmp_path / "gw.pem"
    assert timekeeping.floor(tmp_path, None) == 0
    assert timekeeping.floor(tmp_path, certificate) == valid_from(certificate) > 0
    timekeeping.write(tmp_path, Told("b", 1, round(NOON * 1000) + 10**10, "coarse"))
    assert timekeeping.floor(tmp_path, certificate) == NOON + 10**7


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[]", b'{"ms": 1}', b'{"boot":"b","mono_ns":1,"ms":"x","state":"s"}', b"\xff"]
)
def test_a_torn_file_is_no_witness(tmp_path, torn):
    (tmp_path / timekeeping.FILE).write_bytes(torn)
    assert timekeeping.read(tmp_path) is None
    assert timekeeping.floor(tmp_path, tmp_path / "none.pem") == 0


@pytest.mark.edge(
    "EDGE-212", "A clock synced after readings were heard is told with the boot, the moment, the offset and the error."
)
async def test_a_late_sync_is_told_once(room):
    sky = Sky(wall=0.0)
    clock = sky.clock(floor=NOON - 7200)
    keeper = room.keeper(clock)
    await keeper.look()
    sky.pass_(60)
    await keeper.look()
    sky.pass_(1)
    sky.synchronise()
    sky.pass_(1)
    await keeper.look()
    sky.pass_(60)
    await keeper.look()

    [event] = await room.fixes()
    assert ms(event.at) == round(sky.true * 1000) - 60_000
    assert event.data == {"boot": "boot-1", "mono_ns": 67 * 10**9, "offset_ms": 7_200_000, "err_ms": 12}
    assert "forward by 2.0 h" in event.text
    assert DRIFT not in room.alarms


@pytest.mark.edge("EDGE-213", "The fix of the running boot is said with every connection, always under the same id.")
async def test_the_fix_is_said_again_with_every_connection(room):
    sky = Sky(wall=NOON - 3)
    keeper = room.keeper(sky.clock())
    await keeper.look()
    sky.synchronise()
    sky.pass_(2)
    for since in (1.0, 1.0, None, 70.0, 70.0):
        room.since = since
        await keeper.look()
    fixes = await room.fixes()
    assert [one.id for one in fixes] == [fixes[0].id] * 2


async def test_a_restart_within_the_boot_knows_that_the_clock_was_not_set(room):
    sky = Sky(wall=NOON - 100)
    first = room.keeper(sky.clock())
    await first.look()
    first.write_down()
    sky.pass_(10)
    sky.synchronise()
    second = room.keeper(sky.clock())
    await second.look()
    [event] = await room.fixes()
    assert event.data["offset_ms"] == 100_000

    room.since = 50.0
    third = room.keeper(sky.clock())
    await third._remember()
    await third.look()
    assert [one.id for one in await room.fixes()] == [event.id] * 2


@pytest.mark.edge("EDGE-214", "What one boot learned of its clock is never applied to another.")
async def test_another_boot_owes_nothing(room):
    sky = Sky(wall=NOON - 100)
    first = room.keeper(sky.clock(boot="boot-1"))
    await first.look()
    sky.synchronise()
    sky.pass_(2)
    await first.look()
    told = await room.fixes()
    second = room.keeper(sky.clock(boot="boot-2"))
    await second._remember()
    await second.look()
    assert [one.data["boot"] for one in await room.fixes()] == [one.data["boot"] for one in told] == ["boot-1"]


@pytest.mark.parametrize("step", [-6.0, 6.0, -86_400.0, 86_400.0 * 365])
@pytest.mark.edge("EDGE-215", "A clock that moves by more than five seconds against the time that passed is told of.")
async def test_a_jump_is_a_repair_until_it_is_history(room, step):
    sky = Sky()
    sky.synchronise()
    keeper = room.keeper(sky.clock())
    await keeper.look()
    sky.wall_s += step
    sky.pass_(2)
    await keeper.look()
    assert ("forward" if step > 0 else "back") in room.alarms.by_code()[DRIFT]
    sky.pass_(timekeeping.CALM_S + 2)
    await keeper.look()
    assert DRIFT not in room.alarms


async def test_a_small_step_and_a_change_of_zone_are_nobodys_business(room, monkeypatch):
    sky = Sky()
    sky.synchronise()
    keeper = room.keeper(sky.clock())
    for zone, step in (("Europe/Berlin", 0), ("America/New_York", 4.0), ("UTC", -4.0)):
        monkeypatch.setenv("TZ", zone)
        sky.wall_s += step
        sky.pass_(2)
        await keeper.look()
    assert room.alarms.by_code() == {}
    assert await room.fixes() == []


async def test_the_time_is_written_every_few_minutes_and_at_the_end(room):
    sky = Sky()
    keeper = room.keeper(sky.clock())
    seen = []
    for _ in range(5):
        await keeper.look()
        seen.append(timekeeping.read(room.folder).ms - NOON * 1000)
        sky.pass_(61)
    assert seen == [0, 0, 0, 183_000, 183_000]
    keeper.write_down()
    assert timekeeping.read(room.folder).ms - NOON * 1000 == 305_000


async def test_a_folder_that_takes_nothing_stops_no_clock(room):
    sky = Sky(wall=NOON - 9)
    keeper = room.keeper(sky.clock())
    keeper._data = room.folder / "gone"
    await keeper.look()
    sky.synchronise()
    sky.pass_(2)
    await keeper.look()
    assert timekeeping.read(room.folder) is None
    assert [one.data["offset_ms"] for one in await room.fixes()] == [9_000]

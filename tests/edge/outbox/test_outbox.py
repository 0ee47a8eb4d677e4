import asyncio
import sqlite3

import pytest

from edge.outbox import Cap, Limits, Outbox, OutboxFull
from tests.edge.outbox.conftest import BOOT, draft, everything, number_of, opened


async def test_rows_come_back_in_order_and_unchanged(outbox):
    rows = await outbox.put([draft(n) for n in range(5)])

    assert [r.seq for r in rows] == [1, 2, 3, 4, 5]
    assert await everything(outbox) == rows
    assert all(r.sound for r in rows)


@pytest.mark.edge("EDGE-003", "A transmission is stored whole or not at all.")
async def test_a_transmission_is_all_or_nothing(outbox, path):
    spoiled = draft(2)._replace(dev=None)
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.put([draft(1), spoiled])
    await outbox.put([draft(3)])

    assert [(r.seq, number_of(r)) for r in await everything(outbox)] == [(1, 3)]


@pytest.mark.edge("EDGE-004", "A transmission that cannot be stored costs none of its neighbours.")
async def test_one_bad_transmission_does_not_sink_the_others_in_its_commit(outbox):
    puts = [outbox.put([draft(n)._replace(dev=None) if n == 5 else draft(n)]) for n in range(10)]
    outcomes = await asyncio.gather(*puts, return_exceptions=True)

    assert [isinstance(o, Exception) for o in outcomes] == [n == 5 for n in range(10)]
    assert [r.seq for r in await everything(outbox)] == list(range(1, 10))


async def test_what_the_cloud_has_is_forgotten_and_numbers_go_on(path):
    async with opened(path) as outbox:
        await outbox.put([draft(n) for n in range(10)])
        outbox.forget(7)
        assert [r.seq for r in await outbox.page(outbox.hwm)] == [8, 9, 10]
        epoch = outbox.epoch
    async with opened(path) as outbox:
        outbox.forget(10)
    async with opened(path) as outbox:
        assert await everything(outbox) == []
        assert [r.seq for r in await outbox.put([draft(11)])] == [11]
        assert outbox.epoch == epoch


async def test_forgetting_reaches_the_file_by_itself(outbox, path, monkeypatch):
    monkeypatch.setattr("edge.outbox.outbox.FORGET_EVERY_S", 0.01)
    await outbox.put([draft(n) for n in range(20)])
    outbox.forget(15)
    for _ in range(100):
        await asyncio.sleep(0.01)
        with sqlite3.connect(path) as db:
            left = db.execute("SELECT count(*) FROM results").fetchone()[0]
        db.close()
        if left == 5:
            break
    assert left == 5


async def test_a_page_is_bounded_in_rows_and_in_bytes(outbox):
    await outbox.put([draft(n) for n in range(400)])
    await outbox.put([draft(400, size=100_000), draft(401)])

    assert len(await outbox.page(0)) == 50
    assert len(await outbox.page(350)) == 50
    assert [number_of(r) for r in await outbox.page(400)] == [400]
    assert len(await outbox.page(0, size=5_000)) == 7
    assert [r.seq for r in await outbox.page(9, until=12)] == [10, 11, 12]


async def test_bulletins_keep_the_newest_within_their_cap(path):
    limits = Limits(floor_bytes=0, caps={"event": Cap(1000, 60), "telemetry": Cap(100, 60), "log": Cap(100, 60)})
    async with opened(path, limits=limits) as outbox:
        for n in range(30):
            await outbox.post("telemetry", b"%03d" % n * 4)
        await outbox.post("event", b"kept")

        waiting = await outbox.bulletins(limit=100)
        assert [b.body[:3] for b in waiting if b.cls == "telemetry"] == [b"%03d" % n for n in range(22, 30)]
        assert outbox.dropped["telemetry"] == 22
        await outbox.told([b.id for b in waiting])
        assert await outbox.bulletins() == []


@pytest.mark.edge(
    "EDGE-005",
    "Before the disk is full the gateway stops taking results, and never calls stored what is not.",
)
async def test_below_the_disk_floor_results_wait_and_nothing_is_said_to_be_stored(outbox):
    outbox.limits = Limits(floor_bytes=1000)
    outbox.free = lambda: 999
    with pytest.raises(OutboxFull):
        await outbox.put([draft(1)])
    assert outbox.full

    outbox.free = lambda: 1000
    await outbox.put([draft(1)])
    assert not outbox.full


@pytest.mark.edge(
    "EDGE-006",
    "A disk that fills up loses nothing that was stored, and storing goes on once there is room.",
)
async def test_a_full_disk_loses_nothing_and_recovers_when_there_is_room(outbox):
    await outbox.put([draft(0)])
    await outbox._writer.do(
        lambda j: j.db.execute(f"PRAGMA max_page_count={j.db.execute('PRAGMA page_count').fetchone()[0] + 20}")
    )
    stored = [0]
    with pytest.raises(OutboxFull):
        for n in range(1, 10_000):
            await outbox.put([draft(n)])
            stored.append(n)
    await outbox.post("event", b"dropped, not fatal")
    assert [number_of(r) for r in await everything(outbox)] == stored

    await outbox._writer.do(lambda j: j.db.execute("PRAGMA max_page_count=1000000"))
    rows = await outbox.put([draft(n + 1)])
    assert [r.seq for r in await everything(outbox)] == list(range(1, len(stored) + 2))
    assert rows[0].seq == len(stored) + 1


@pytest.mark.edge(
    "EDGE-016",
    "After a power cut waiting results are numbered anew: a card that lied cannot hide one behind another's number.",
)
async def test_a_power_cut_begins_a_new_epoch_and_a_crash_of_the_program_does_not(path):
    async with opened(path) as outbox:
        await outbox.put([draft(n) for n in range(4)])
        outbox.forget(2)
        first = outbox.epoch
        after_kill, after_cut = path.with_name("kill.db"), path.with_name("cut.db")
        for copy in (after_kill, after_cut):
            for side in ("", "-wal"):
                copy.with_name(copy.name + side).write_bytes(path.with_name(path.name + side).read_bytes())

    async with opened(after_kill) as outbox:
        assert outbox.epoch == first
        assert [r.seq for r in await everything(outbox)] == [1, 2, 3, 4]
    async with opened(after_cut, boot="boot-2") as outbox:
        assert outbox.epoch != first
        assert [(r.seq, number_of(r)) for r in await everything(outbox)] == [(1, 0), (2, 1), (3, 2), (4, 3)]


async def test_a_new_epoch_numbers_what_waits_from_one(outbox):
    await outbox.put([draft(n) for n in range(1200)])
    outbox.forget(1150)
    old = outbox.epoch
    await outbox.renumber()

    rows = await everything(outbox)
    assert outbox.epoch != old
    assert [(r.seq, number_of(r)) for r in rows] == [(n - 1149, n) for n in range(1150, 1200)]
    assert all(r.sound for r in rows)
    assert (await outbox.put([draft(1)]))[0].seq == 51


async def test_refused_rows_lie_in_the_dead_letters(outbox):
    await outbox.put([draft(n) for n in range(3)])
    await outbox.bury([2], "no such kind")

    assert [r.seq for r in await outbox.page(0)] == [1, 3]
    assert (await outbox.depth()).dead == 1


async def test_an_order_given_twice_is_known(outbox):
    assert await outbox.command("c1") is None
    await outbox.remember_command("c1", b"done")
    assert await outbox.command("c1") == b"done"


async def test_depth_tells_what_waits(outbox):
    await outbox.put([draft(n) for n in range(3)])
    outbox.forget(1)
    depth = await outbox.depth()

    assert (depth.depth, depth.hwm, depth.last, depth.oldest_at) == (2, 1, 3, "2026-11-21T10:00:00Z")


async def test_a_folder_that_cannot_be_written_is_an_error_not_a_salvage(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        await Outbox.open(tmp_path / "nowhere" / "outbox.db", boot=BOOT)


async def test_what_was_written_once_is_known_for_a_year_and_looked_through_once_a_day(path, monkeypatch):
    now = [1_800_000_000.0]
    monkeypatch.setattr("edge.outbox.outbox.time.time", lambda: now[0])
    async with opened(path) as outbox:
        await outbox.put([draft(1)], once="lamp/a")
        now[0] += 401 * 86_400
        await outbox.put([draft(2)], once="lamp/b")
        assert await outbox.told_once("lamp/a")
        assert await outbox.put([draft(3)], once="lamp/b") == []
    async with opened(path) as outbox:
        await outbox.put([draft(4)], once="lamp/c")
        assert [await outbox.told_once(f"lamp/{name}") for name in "abc"] == [False, True, True]

"""The upkeep beside a gateway: orders, the lock, the trial's end, the news."""

import asyncio
import contextlib
import json
import socket
from datetime import datetime, timedelta

import pytest

from edge.tasks import stop
from edge.updates import command, watchdog
from edge.updates.gate import Health
from edge.updates.hours import Quiet
from edge.updates.upkeep import Settings, Upkeep
from protocols.envelope.desired import KeyState, Software
from tests.edge.updates.releases_here import digest

WELL = Health(True, True, True, frozenset({"lm-1"}))


class Around:
    """A gateway made of answers."""

    def __init__(self):
        self.now, self.at_work, self.told, self.restarts, self.changes = WELL, None, [], 0, 0

    async def health(self):
        return self.now

    def busy(self):
        return self.at_work

    async def tell(self, event):
        self.told.append(event)

    def changed(self):
        self.changes += 1

    def restart(self):
        self.restarts += 1


def upkeep(box, around, slot="A", running="1.0", **settings):
    quick = {"poll_s": 0.01, "look_s": 0.01, "retry_s": (0.01,)}
    return Upkeep(box.steps(running), around, Settings(**settings), slot=slot, **quick)


@contextlib.asynccontextmanager
async def running(one):
    task = asyncio.ensure_future(one.run())
    yield
    await stop(task)


async def until(true, patience=10.0):
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def software(release, **options):
    return Software(version=release.name, manifest_sha256=digest(release), url=str(release), **options)


async def test_a_wish_ends_in_a_restart_on_trial(maker, box):
    around = Around()
    one = upkeep(box, around)
    async with running(one):
        assert await one.wanted(software(maker.release("2.0"))) == KeyState(state="pending")
        await until(lambda: around.restarts)
    trial = box.slots.state()["trial"]
    assert (trial["slot"], trial["version"], trial["before"]) == ("B", "2.0", {"connected": True, "opened": ["lm-1"]})
    assert one.report()["step"] == "trial"


@pytest.mark.edge(
    "EDGE-192", "No release is started while an instrument is at work, or outside the quiet hours that are set."
)
async def test_a_release_waits_for_the_instruments(maker, box):
    around = Around()
    around.at_work = "ark-1"
    one = upkeep(box, around)
    await one.wanted(software(maker.release("2.0")))
    async with running(one):
        await until(lambda: one.waits_for == "ark-1 is at work")
        assert (around.restarts, box.steps().at()) == (0, "unpacked")
        around.at_work = None
        await until(lambda: around.restarts == 1)
    assert box.slots.state()["trial"]["version"] == "2.0"


async def test_it_waits_for_the_quiet_hours_too(maker, box):
    around, now = Around(), datetime.now()
    begin, end = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (2, 3))
    one = upkeep(box, around, quiet=Quiet.of(f"{begin}-{end}"))
    await one.wanted(software(maker.release("2.0")))
    async with running(one):
        await until(lambda: one.waits_for or around.restarts)
    assert one.waits_for == f"the quiet hours, {begin} to {end}"


async def test_a_trial_that_is_well_commits_and_tells(maker, box):
    around = Around()
    await asyncio.to_thread(begin_trial, box, maker.release("2.0"))
    async with running(upkeep(box, around, slot="B", running="2.0", soak_s=0.05)):
        await until(lambda: around.told and not box.slots.state()["untold"])
    assert [(one.code, one.data["version"]) for one in around.told] == [("update_committed", "2.0")]
    assert (box.slots.state()["active"], box.slots.state()["untold"], around.changes) == ("B", [], 1)


async def test_a_trial_whose_driver_does_not_open_goes_back_and_tells(maker, box):
    around = Around()
    around.now = Health(True, True, True)
    await asyncio.to_thread(begin_trial, box, maker.release("2.0"))
    async with running(upkeep(box, around, slot="B", running="2.0", soak_s=0.01, limit_s=0.05)):
        await until(lambda: around.restarts)
    assert (box.slots.state()["active"], around.told) == ("A", [])
    async with running(upkeep(box, around)):
        await until(lambda: around.told)
    (event,) = around.told
    assert (event.code, event.data["why"]) == ("update_returned", "the driver of lm-1 does not open")
    assert event.text == "2.0 did not hold and the version before runs again: the driver of lm-1 does not open."


def begin_trial(box, release):
    box.want(release)
    while box.steps().at() in ("wanted", "fetched", "proved"):
        box.steps().advance()
    box.steps().begin_trial({"connected": True, "opened": ["lm-1"]})


async def test_news_that_is_told_twice_has_the_same_id(maker, box):
    around = Around()
    begin_trial(box, maker.release("2.0"))
    box.steps("2.0").commit()
    told = box.slots.state()["untold"]
    for _ in range(2):
        box.slots.keep(untold=told)  # the power failed before it was noted that it was told
        async with running(upkeep(box, around, slot="B", running="2.0")):
            await until(lambda: box.slots.state()["untold"] == [])
    assert len(around.told) == 2
    assert {event.id for event in around.told} == {told[0]["id"]}


async def test_a_release_that_is_refused_is_told_once(maker, box):
    around = Around()
    made = maker.release("2.0", platform="linux-x86_64")
    one = upkeep(box, around)
    async with running(one):
        await one.wanted(software(made))
        await until(lambda: around.told)
        assert (await one.wanted(software(made))).state == "rejected"
    assert [event.code for event in around.told] == ["update_refused"]
    assert one.report()["refused"] == ["2.0"]


async def test_a_cloud_that_is_away_is_asked_again(maker, box):
    around = Around()
    made = maker.release("2.0")
    away = made.rename(made.with_name("away"))
    one = upkeep(box, around)
    async with running(one):
        await one.wanted(Software(version="2.0", manifest_sha256=digest(away), url=str(made)))
        await until(lambda: one.waits_for)
        assert "cannot be read" in one.waits_for
        await asyncio.to_thread(away.rename, made)
        await until(lambda: around.restarts)
    assert box.slots.state()["trial"]["version"] == "2.0"


@pytest.mark.edge(
    "EDGE-193", "A signed release on a stick is taken in by command, or by itself where the configuration allows it."
)
async def test_from_a_stick_by_itself(maker, box, tmp_path):
    around = Around()
    stick = tmp_path / "media" / "usb0"
    stick.mkdir(parents=True)
    maker.release("2.0").rename(stick / "emmetra-update")
    async with running(upkeep(box, around, usb=tmp_path / "media", quiet=Quiet.of("00:00-00:01"))):
        await until(lambda: around.restarts)
    assert box.slots.state()["trial"]["version"] == "2.0"


async def test_an_older_release_on_a_forgotten_stick_is_nobodys_business(maker, box, tmp_path):
    around = Around()
    stick = tmp_path / "media" / "usb0"
    stick.mkdir(parents=True)
    maker.release("0.9").rename(stick / "emmetra-update")
    one = upkeep(box, around, usb=tmp_path / "media")
    await one._look_around(one.steps)
    assert (box.steps().at(), around.told, one.report()["refused"]) == ("idle", [], [])


async def test_from_a_stick_by_command(maker, box, capsys):
    around = Around()
    made = maker.release("0.9")
    words = parsed("--from", str(made), "--back", "--home", str(box.home))
    assert command.run(words) == 0
    assert "0.9 is signed" in capsys.readouterr().out
    async with running(upkeep(box, around)):
        await until(lambda: around.restarts)
    assert box.slots.state()["trial"]["version"] == "0.9"
    assert not (box.slots.root / "order.json").exists()


def parsed(*words):
    import argparse

    parser = argparse.ArgumentParser()
    command.options(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("lost", ["manifest.json.sig", "manifest.json"])
def test_a_folder_without_a_signed_release_orders_nothing(maker, box, capsys, lost):
    made = maker.release("2.0")
    (made / lost).unlink()
    assert command.run(parsed("--from", str(made), "--home", str(box.home))) == 1
    assert f"{lost} is missing" in capsys.readouterr().err
    assert not (box.slots.root / "order.json").exists()


async def test_an_order_nobody_can_read_is_dropped(box):
    (box.slots.root / "order.json").write_text(json.dumps({"form": 1}))
    one = upkeep(box, Around())
    await one._look_around(one.steps)
    assert (box.slots.root / "order.json").exists() is False


async def test_a_wish_that_is_taken_back_drops_what_is_under_way(maker, box):
    one = upkeep(box, Around())
    await one.wanted(software(maker.release("2.0")))
    assert await one.wanted(None) is None
    assert box.steps().at() == "idle"


async def test_a_gateway_without_slots_says_so(maker):
    one = Upkeep(None, Around())
    answer = await one.wanted(software(maker.release("2.0")))
    assert (answer.state, one.report()) == ("rejected", {"slot": None, "step": "idle"})


@pytest.mark.edge("EDGE-194", "The watchdog is fed only while the loop turns and the outbox answers.")
async def test_the_watchdog_hears_of_a_gateway_that_answers(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setattr(watchdog, "PATIENCE_S", 0.02)
        answering, dog = asyncio.Event(), None
        answering.set()
        dog = watchdog.Watchdog(answering.wait, every_s=0.02)
        task = asyncio.ensure_future(dog.run())
        loop = asyncio.get_running_loop()
        assert await loop.sock_recv(manager, 100) == b"READY=1"
        assert await loop.sock_recv(manager, 100) == b"WATCHDOG=1"
        assert dog.is_fed
        answering.clear()
        await until(lambda: not dog.is_fed)
        with contextlib.suppress(BlockingIOError):
            while True:
                manager.recv(100)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(loop.sock_recv(manager, 100), 0.1)
        await stop(task)


def test_how_often_it_is_fed(monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    assert watchdog.interval_s() == 20
    monkeypatch.setenv("WATCHDOG_USEC", "soon")
    assert watchdog.interval_s() == 10
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    assert watchdog.notify("READY=1") is None

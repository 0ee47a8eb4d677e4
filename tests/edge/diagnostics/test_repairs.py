"""Problems with their way out; they come and go with their causes."""

import asyncio
import dataclasses

import msgspec

from edge.alarms import Alarms
from edge.clock import Clock
from edge.diagnostics import watch as watching
from edge.diagnostics.repairs import repairs
from edge.diagnostics.site import Site
from edge.status import _repairs
from edge.tasks import stop
from protocols.envelope import InstrumentState
from tests.edge.diagnostics.test_checks_of_a_box import put
from tests.edge.test_checks import config


def instrument(state, why=None):
    return InstrumentState(dev="lm", family="f", link="l", state=state, since="2026-11-22T09:00:00.000Z", why=why)


def test_an_alarm_is_a_repair_with_steps_and_gone_when_it_is_over():
    alarms = Alarms()
    alarms.ring("cloud_silent", "The cloud has not confirmed.")
    [found] = repairs(alarms, [], "zh")
    alarms.still("cloud_silent")
    assert (found.id, found.what, len(found.steps) > 0, found.ends != "") == (
        "cloud_silent",
        "云端没有确认",
        True,
        True,
    )
    assert repairs(alarms, []) == []


def test_an_instrument_that_is_lost_is_a_repair_until_it_is_back():
    found = [
        [one.id for one in repairs(Alarms(), [instrument(state)])] for state in ("lost", "misconfigured", "connected")
    ]
    assert found == [["instrument_lost"], ["instrument_misconfigured"], []]


def test_a_bluetooth_device_has_no_cable_to_look_at():
    lost = instrument("lost")
    radio = msgspec.structs.replace(lost, link="ble://C0:00:00:00:00:07?profile=weight")

    [wired], [heard] = repairs(Alarms(), [lost]), repairs(Alarms(), [radio])

    assert (wired.id, heard.id) == ("instrument_lost", "instrument_lost")
    assert ("cable" in wired.steps[0], "Measure once" in heard.steps[0]) == (True, True)


def test_an_alarm_nobody_wrote_a_repair_for_is_told_with_its_own_sentence():
    alarms = Alarms()
    alarms.ring("something_new", "Something is wrong. Do this.")
    [found] = repairs(alarms, [])
    assert (found.what, found.steps) == ("Something is wrong. Do this.", ())


def test_since_is_when_it_began_not_when_its_words_changed():
    alarms = Alarms()
    alarms.ring("disk_low", "9 MB")
    began = alarms.since("disk_low")
    alarms.ring("disk_low", "8 MB")
    assert alarms.since("disk_low") == began


def test_the_table_numbers_the_steps():
    alarms = Alarms()
    alarms.ring("slowed", "Slower.")
    lines = _repairs([one._asdict() for one in repairs(alarms, [instrument("lost", "No port.")])])
    assert any("(lm)" in line for line in lines) and "  1. Nothing is to be done here; results follow slowly." in lines


async def test_the_watch_rings_what_is_wrong_with_the_box_and_falls_silent_after(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "EVERY_S", 0.01)
    root = tmp_path / "root"
    root.mkdir()
    site = dataclasses.replace(Site(config(tmp_path), Clock(), None, root, {"PATH": ""}))
    alarms, throttled = Alarms(), "sys/devices/platform/soc/soc:firmware/get_throttled"
    put(site, throttled, "0x1")

    async def here():
        return site

    task = asyncio.ensure_future(watching.watch(alarms, here))
    async with asyncio.timeout(5):
        while "power_low" not in alarms:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        told = alarms.by_code()["power_low"]
        put(site, throttled, "0x0")
        while "power_low" in alarms:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await stop(task)
    assert "too low now" in told and "short cable" in told

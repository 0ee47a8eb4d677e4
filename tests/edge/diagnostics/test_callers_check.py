"""The check of callers: tried by itself, or told by the gateway that runs."""

import asyncio

import pytest

from edge.clock import Clock
from edge.diagnostics.checks import CHECKS
from edge.diagnostics.running import run_one
from edge.diagnostics.site import Site
from tests.edge.callers.store import Store


@pytest.fixture
async def store(tmp_path):
    store = Store(tmp_path)
    yield store
    await store.aclose()


async def found(config, status=None):
    said = await asyncio.to_thread(CHECKS["callers"], Site(config, Clock(), status))
    return [(one.subject, one.case) for one in said]


async def test_each_caller_is_tried_where_no_gateway_runs(store):
    printer = await store.printer()
    printer.trouble = "cover"
    await store.display("till", "cd5220")
    store.voice()
    store.caller("mute", "voice", player=["no-such-player"])
    store.caller("tv", "screen")
    config = store.configured()

    assert await found(config) == [
        *(("desk", "lost"), ("till", "ok"), ("hall", "ok"), ("mute", "lost"), ("tv", "not_running")),
    ]
    desk = (await asyncio.to_thread(run_one, "callers", Site(config, Clock())))[0]
    assert (desk.verdict, desk.what.split(".")[0]) == ("fail", "The printer desk has its cover open")


async def test_a_running_gateway_says_how_they_are(store):
    store.caller("tv", "screen")
    store.caller("hall", "screen")
    told = [
        {"name": "tv", "kind": "screen", "link": "screen:tv", "state": "starting", "why": None},
        {"name": "hall", "kind": "screen", "link": "screen:hall", "state": "lost", "why": "No screen is open."},
    ]
    status = {"callers": told, "alarms": {}}
    assert await found(store.configured(), status) == [("tv", "unknown"), ("hall", "lost")]


async def test_without_callers_there_is_nothing_to_try(store):
    assert await found(store.configured()) == [("", "none")]

"""Whoever leaves a task or a thread behind fails."""

import asyncio
import threading

import pytest

POOLS = ("asyncio_", "ThreadPoolExecutor")  # the loop's own pool lives as long as the loop


def strangers(before):
    return [t for t in threading.enumerate() if t not in before and not t.name.startswith(POOLS)]


@pytest.fixture(autouse=True)
async def nothing_left_behind():
    threads = set(threading.enumerate())
    yield
    mine = asyncio.current_task()
    tasks = [t for t in asyncio.all_tasks() if t is not mine and not t.done() and "fixture" not in repr(t).lower()]
    assert tasks == []
    for thread in strangers(threads):
        thread.join(2)
    assert strangers(threads) == []

"""Whoever leaves a task behind fails."""

import asyncio

import pytest


@pytest.fixture(autouse=True)
async def nothing_left_behind():
    yield
    mine = asyncio.current_task()
    assert [task for task in asyncio.all_tasks() if task is not mine and "fixture" not in repr(task).lower()] == []

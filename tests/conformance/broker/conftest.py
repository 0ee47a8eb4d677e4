"""Every test here runs over every broker."""

import asyncio
import threading

import pytest

from deploy.broker.mosquitto import program
from tests.conformance.broker.houses import House

KINDS = ["memory", "durable", pytest.param("mosquitto", marks=pytest.mark.peer)]


@pytest.fixture(params=KINDS)
async def house(request, tmp_path):
    if request.param == "mosquitto" and program() is None:
        pytest.skip(f"mosquitto is not installed here, so {request.node.name} is left out")
    house = House(request.param, tmp_path)
    yield house
    await house.close()
    await left_as_found()


@pytest.fixture(params=KINDS[:2])
async def embedded(request, tmp_path):
    """Only ours: promises mosquitto does not make."""
    house = House(request.param, tmp_path)
    yield house
    await house.close()
    await left_as_found()


@pytest.fixture
async def durable(tmp_path):
    """Only ours with a data directory: promises about the disk."""
    house = House("durable", tmp_path)
    yield house
    await house.close()
    await left_as_found()


async def left_as_found():
    """No task, no timer of ours, no thread outlives a broker."""
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()
    assert [thread.name for thread in threading.enumerate() if "broker" in thread.name] == []
    timers = [timer for timer in asyncio.get_running_loop()._scheduled if not timer.cancelled()]
    assert [timer for timer in timers if "deploy.broker" in repr(timer)] == []

"""A driver at work on a watched folder of files, without a server's patience."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from edge.links import open_link


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks often, and takes a file for whole at once."""
    monkeypatch.setattr("edge.links.folder.POLL_S", 0.02)
    monkeypatch.setattr("edge.links.crate.STILL_S", 0.1)
    monkeypatch.setattr("edge.links.whole_file.STILL_S", 0.1)
    monkeypatch.setattr("edge.links.folder.FSTAB", Path("/nowhere"))


async def until(found: Callable[[], object]) -> None:
    """Wait for something that nobody tells of."""
    async with asyncio.timeout(30):
        while not found():  # noqa: ASYNC110 - a folder wakes nobody
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def at_work(
    driver: Any, pattern: str, share: Path, data: Path, emit: Callable[[Any], Awaitable[None]]
) -> AsyncIterator[None]:
    """The driver on files of this pattern in ``share``."""
    link = await open_link(f"files://{share}?match={pattern}", data=data)
    task = asyncio.create_task(driver.run(link, emit))
    try:
        yield
    finally:
        await link.aclose()
        await asyncio.wait_for(task, 10)

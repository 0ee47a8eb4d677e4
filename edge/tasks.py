"""Several things at once, ended together."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def until_one_ends(*jobs: Coroutine[Any, Any, object]) -> None:
    """Run jobs side by side until one returns or fails; stop the others, then raise what it raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stop(*tasks)
    for task in tasks:
        if not task.cancelled() and (failure := task.exception()):
            raise failure


async def stop(*tasks: "asyncio.Task[Any] | None") -> None:
    """Cancel tasks and wait until they are gone."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)

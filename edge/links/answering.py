"""Questions to a file server that may never answer, each in a thread that holds up nobody else."""

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

ANSWER_S = 15.0
TURN_S, LOOK_S = 2.0, 0.01  # two instruments may write into one folder; a server that answers does so in milliseconds
_waiting: set[Path] = set()  # one question at a time to each folder: a dead server must not gather threads

T = TypeVar("T")


async def answered(folder: Path, ask: Callable[[], T]) -> T:
    """The answer. Raises OSError, which is TimeoutError while the server holds this question or the one before."""
    async with asyncio.timeout(min(TURN_S, ANSWER_S)):
        while folder in _waiting:  # noqa: ASYNC110 - a thread frees it
            await asyncio.sleep(LOOK_S)
    _waiting.add(folder)
    async with asyncio.timeout(ANSWER_S):
        return await aside(f"folder {folder.name}", functools.partial(_freeing, folder, ask))


async def aside(name: str, ask: Callable[[], T]) -> T:
    """The answer of a thread of its own, whenever it comes. One that never comes keeps the program from nothing."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    threading.Thread(target=_fulfil, args=(future, ask), name=name, daemon=True).start()
    return await asyncio.wrap_future(future)


def _freeing(folder: Path, ask: Callable[[], T]) -> T:
    try:
        return ask()
    finally:
        _waiting.discard(folder)


def _fulfil(future: "Future[T]", ask: Callable[[], T]) -> None:
    try:
        answer = ask()
    except BaseException as failure:
        future.set_exception(failure)
    else:
        future.set_result(answer)

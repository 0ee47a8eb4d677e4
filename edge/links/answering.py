"""Questions to a file server that may never answer, each in a thread that holds up nobody else."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

ANSWER_S = 15.0
_waiting: set[Path] = set()  # one question at a time to each folder: a dead server must not gather threads

T = TypeVar("T")


async def answered(folder: Path, ask: Callable[[], T]) -> T:
    """The answer. Raises OSError, which is TimeoutError while the server holds this question or the one before."""
    if folder in _waiting:
        raise TimeoutError
    _waiting.add(folder)
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    threading.Thread(target=_fulfil, args=(folder, future, ask), name=f"folder {folder.name}", daemon=True).start()
    async with asyncio.timeout(ANSWER_S):
        return await asyncio.wrap_future(future)


def _fulfil(folder: Path, future: "Future[T]", ask: Callable[[], T]) -> None:
    try:
        answer = ask()
    except BaseException as failure:
        _waiting.discard(folder)
        future.set_exception(failure)
    else:
        _waiting.discard(folder)
        future.set_result(answer)

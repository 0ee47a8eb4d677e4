"""Somebody who presses the buttons: a person at the keyboard, or the clock."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator

HELP = "Enter measures and prints; m measures, p prints, c clears, q puts the instrument away."


async def every(seconds: float) -> AsyncIterator[str]:
    """Measure and print, again and again."""
    while True:
        yield ""
        await asyncio.sleep(seconds)


async def keyboard() -> AsyncIterator[str]:
    """Lines from standard input, until it ends or says q."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    # a thread of its own, and a daemon: a blocked read of standard input can neither be cancelled nor awaited
    threading.Thread(target=_read, args=(asyncio.get_running_loop(), lines), daemon=True).start()
    while (line := await lines.get()) is not None and line != "q":
        yield line


def _read(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str | None]) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(lines.put_nowait, line.strip())
    loop.call_soon_threadsafe(lines.put_nowait, None)

"""A recording played back: the instrument's words at their original times, with a wait where it was answered."""

import asyncio
from collections.abc import Iterable

from firmware_sim.wires import Wire
from protocols.capture import Entry

ANSWER_S = 3.0  # an instrument waits about so long, then says the rest anyway: nobody would hear it otherwise


async def replay(entries: Iterable[Entry], wire: Wire, name: str, *, fast: bool = False) -> int:
    """Say everything the instrument said; into a folder as one file. How many bytes were sent."""
    said = [entry for entry in entries if entry.by]
    put, before, sent = getattr(wire, "put", None), 0.0, 0
    if put:
        whole = b"".join(entry.data for entry in said if entry.by == "instrument")
        await put(name.removesuffix(".cap"), whole)
        return len(whole)
    for entry in said:
        if entry.by == "gateway":
            await _answered(wire, len(entry.data))
        else:
            await asyncio.sleep(0 if fast else max(0.0, entry.t - before))
            await wire.write(entry.data)
            sent += len(entry.data)
        before = entry.t
    return sent


async def _answered(wire: Wire, count: int) -> None:
    """As many bytes as were said to it then, whatever they are today."""
    heard = 0
    try:
        async with asyncio.timeout(ANSWER_S):
            while heard < count:
                heard += len(await anext(aiter(wire)))
    except (TimeoutError, StopAsyncIteration):
        return

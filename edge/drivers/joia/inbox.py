"""The folder from which a phoropter's PC takes what is meant for it.

A file appears under its name only when it is whole. That its PC took it away is the only answer there is; one that
was not taken is withdrawn, so that it cannot meet a later patient.
"""

import asyncio
import contextlib
import functools
import os
from pathlib import Path

from edge.links.answering import answered
from edge.refusals import OrderRefused
from protocols.joia import Preset

ANSWER_S = 10.0
POLL_S = 0.25
OURS = "*_EMMETRA*.xml*"  # and what an earlier run left half written


async def hand_over(folder: Path, file: Preset) -> None:
    """Put a file there and wait until it is taken. Raises OrderRefused."""
    try:
        await answered(folder, functools.partial(_put, folder, file))
        if not await _taken(folder / file.name):
            await _withdraw(folder / file.name)
    except OSError as failure:  # a server that does not answer is a TimeoutError
        why = failure.strerror or "the file server does not answer"
        raise OrderRefused(f"the phoropter's import folder {folder} cannot be used: {why}") from None


async def _taken(path: Path) -> bool:
    """Whether it is gone in time. Asked again and again: a share tells nothing of itself."""
    for _ in range(round(ANSWER_S / POLL_S)):
        if not await answered(path.parent, path.exists):
            return True
        await asyncio.sleep(POLL_S)
    return False


async def _withdraw(path: Path) -> None:
    """Not taken in time; what is gone just now was taken after all."""
    with contextlib.suppress(FileNotFoundError):
        await answered(path.parent, path.unlink)
        raise OrderRefused(f"no answer from the phoropter in {ANSWER_S:g} s")


def _put(folder: Path, file: Preset) -> None:
    for old in folder.glob(OURS):
        old.unlink(missing_ok=True)
    part = folder / f"{file.name}.part"
    with part.open("wb") as being_written:
        being_written.write(file.document)
        being_written.flush()
        os.fsync(being_written.fileno())
    part.rename(folder / file.name)

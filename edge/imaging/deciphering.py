"""Starts the process that reads a file, hears what it says, and ends it when it does not end."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.imaging.reading import heard, unread
from protocols.readings import Malformed, Reading, from_json

log = logging.getLogger("emmetra.imaging")

DEADLINE_S = 90.0
MOST_SAID = 8 << 20  # bytes; a perimetry of both eyes is 40 kB


@dataclass(frozen=True)
class Found:
    """What a file gave; ``why`` is present when nothing could be read."""

    readings: list[Reading]
    thumbnail: Path | None = None
    why: str | None = None


async def decipher(path: Path, about: Mapping[str, str], work: Path) -> Found:
    """The readings of a file; a decoder that dies leaves a reading without values. Never raises for the file's sake."""
    lines, how = await _run(path, {**about, "work": str(work)})
    raws, small = heard(lines)
    if raws is None:
        log.warning("a file of %s (%s) could not be read: %s", about["dev"], about["dialect"], how)
        return Found(unread(about), why=how)
    try:
        readings = [from_json(raw) for raw in raws]
    except Malformed as refusal:
        return Found(unread(about), why=f"the decoder said something else than a reading: {refusal}")
    return Found(readings, None if small is None else Path(small))


async def _run(path: Path, about: Mapping[str, str]) -> tuple[bytes, str]:
    """What the process said, and how it ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "edge.imaging.reading",
        str(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a traceback may quote a patient
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        limit=MOST_SAID,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await _listen(process, about), _ended(await process.wait())
    except TimeoutError:
        return b"", f"the decoder was stopped after {DEADLINE_S:.0f} seconds"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _listen(process: asyncio.subprocess.Process, about: Mapping[str, str]) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    with contextlib.suppress(ConnectionError):
        process.stdin.write(json.dumps(about).encode())
        process.stdin.close()
    said = bytearray()
    while piece := await process.stdout.read(65536):
        said += piece
        if len(said) > MOST_SAID:
            process.kill()
            return b""
    return bytes(said)


def _ended(code: int) -> str:
    return "the decoder could not read it" if code >= 0 else f"the decoder was killed by signal {-code}"

"""What instruments' drivers hand over as files, and what they say that is too long for a message."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from edge.drivers.filed import Filed
from edge.imaging.reception import Arrival, Keeping, Reception
from edge.supervisor.fitting import Fitting, InstrumentSettings
from protocols.readings import Blob

RAW = "application/octet-stream"

Filing = Callable[[Filed, InstrumentSettings, Fitting], Awaitable[None]]


def filing(reception: Reception) -> Filing:
    """What a notebook does with a file: durable when it returns."""

    async def filed(file: Filed, instrument: InstrumentSettings, fitting: Fitting) -> None:
        known = {"model": fitting.model} if fitting.model else {}
        known |= {"maker": fitting.maker} if fitting.maker else {}
        arrival = Arrival(
            path=file.path,
            media_type=file.media_type,
            dev=instrument.name,
            lane=instrument.lane,
            dialect=file.dialect,
            about={**file.about, **known},
        )
        await reception.take(arrival)

    return filed


def keeping(blobs: Keeping, folder: Path) -> Callable[[bytes], Awaitable[Blob]]:
    """What a notebook does with a long transmission: a blob on disk when it returns. Raises OSError."""
    return lambda raw: asyncio.to_thread(_kept, blobs, folder, raw)


def _kept(blobs: Keeping, folder: Path, raw: bytes) -> Blob:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(raw).hexdigest()}.said"
    path.write_bytes(raw)  # what keeps it syncs it
    return blobs.keep(path, RAW)

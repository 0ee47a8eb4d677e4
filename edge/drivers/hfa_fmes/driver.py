"""Legacy Humphrey files: the printed page and its cut-out become pictures of their own, then the file is taken over."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from edge.drivers.filed import Filed, Filing, Take
from protocols.framing import Unread
from protocols.hfa_fmes import DIALECT, MEDIA_TYPE, labels, pictures

LARGEST = 8 * 1024 * 1024


class Driver(Filing):
    """One exporting computer; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(DIALECT, MEDIA_TYPE, "Zeiss")

    async def taken(self, path: Path, emit: Take) -> None:
        """Pictures first: whoever dies in between hands all of them over again, and none is told twice."""
        for picture in await asyncio.to_thread(_taken_out, path):
            await emit(picture)
        await super().taken(path, emit)


def _taken_out(path: Path) -> list[Filed]:
    """The pictures as files beside the file; none where the file cannot be read."""
    if path.stat().st_size > LARGEST:
        return []
    raw = path.read_bytes()
    try:
        about = labels(raw)
    except Unread:
        return []
    found = []
    for picture in pictures(raw):
        place = path.with_name(f"{path.name}.{picture.part}")
        with place.open("wb") as file:
            file.write(picture.data)
            file.flush()
            os.fsync(file.fileno())
        found.append(Filed(place, picture.media_type, DIALECT, about | {"part": picture.part, "modality": "OPV"}))
    return found

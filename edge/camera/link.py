"""A camera as a link: say ``STILL`` to it and the next chunk is the path of a JPEG, as the camera made it.

A ``clip_order`` gives the path of a film, when it is over; ``ENOUGH`` ends it sooner. Files lie in ``data``, a folder
of this camera's own, fsynced, and belong to whoever read the chunk. A JPEG that lacks its Huffman tables gets those of
annex K: what is stored is a picture for everybody, and that is what is hashed.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from edge import disk
from edge.camera.address import CameraAddress
from edge.camera.clip import Recorder
from edge.camera.source import LARGEST, FrameSource, open_source
from edge.links.base import LinkLost, LinkRefused
from edge.links.inbox import Inbox
from protocols.pictures import completed

STILL, ENOUGH = b"still", b"enough"
TAKEN = "taken"
_CLIP = b"clip "


def clip_order(seconds: float, said: Mapping[str, str]) -> bytes:
    """What is said to a camera for a clip of at most so long; ``said`` stands in its INFO list."""
    return _CLIP + json.dumps({"seconds": seconds, "said": dict(said)}).encode()


class CameraLink:
    """One camera that is looked through."""

    whole = paths = True

    def __init__(self, source: FrameSource, folder: Path, where: CameraAddress) -> None:
        self._source, self.data, self._rate = source, folder, int(where.rate)
        self.camera, self.device = self, where.path  # for who would look through a tap
        self._inbox, self._enough = Inbox(), asyncio.Event()
        self._watching = asyncio.create_task(self._watch())

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """``STILL`` takes a picture, an order of a clip films it and returns when it is over. Raises LinkLost."""
        if self._inbox.ended:
            raise LinkLost("the camera is no longer looked through")
        if data == ENOUGH:
            self._enough.set()
        elif data == STILL or data.startswith(_CLIP):
            try:
                path = await (self._still() if data == STILL else self._clip(**json.loads(data[len(_CLIP) :])))
            except OSError as failure:
                raise LinkLost(f"the picture cannot be kept: {failure.strerror}") from None
            self._inbox.put(os.fsencode(path))

    async def look(self) -> bytes:
        """A JPEG of now, kept nowhere; whatever is being taken is not disturbed. Raises LinkLost."""
        return completed(await self._source.look())

    async def aclose(self) -> None:
        """Look no more."""
        self._inbox.end()
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        await self._source.aclose()

    async def _watch(self) -> None:
        self._inbox.end(await self._source.lost())

    async def _still(self) -> Path:
        picture = await self._source.still()
        if len(picture) > LARGEST:
            raise OSError(0, "it is larger than any picture")
        path = self._path("jpg")
        await asyncio.to_thread(_keep, path, completed(picture))
        return path

    async def _clip(self, seconds: float, said: Mapping[str, str]) -> Path:
        """What was filmed before the camera went is a clip too."""
        self._enough.clear()
        recorder, until = Recorder(self._path("avi"), said, self._rate), time.monotonic() + seconds
        try:
            async with contextlib.aclosing(self._source.film()) as film:
                async for picture in film:
                    await asyncio.to_thread(recorder.add, picture, time.monotonic())
                    if self._enough.is_set() or recorder.is_full or time.monotonic() >= until:
                        break
        except LinkLost:
            if recorder.is_empty:
                raise
        except BaseException:
            recorder.leave()
            raise
        if recorder.is_empty:
            raise LinkLost("the camera gave no picture")
        return await asyncio.to_thread(recorder.finish)

    def _path(self, kind: str) -> Path:
        return self.data / f"{time.time_ns()}.{kind}"


def _keep(path: Path, picture: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.write(path, picture)


async def open_camera(url: str, data: Path | None = None) -> CameraLink:
    """Look through a camera; pictures go below ``data``, which must be given. Raises LinkRefused."""
    where = CameraAddress.of(url)
    if data is None:
        raise LinkRefused("A camera needs the gateway's own folder.", "Run it in a gateway.", lasting=True)
    own = hashlib.sha256(url.encode()).hexdigest()[:12]
    return CameraLink(await open_source(where), data / TAKEN / own, where)

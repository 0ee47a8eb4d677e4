"""Takes a file over: read in a process of its own, kept as a blob, told as rows of the outbox. All of it once."""

import asyncio
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from edge.alarms import Alarms
from edge.clock import Clock, Now
from edge.imaging import deciphering, filling
from edge.outbox import Draft, Outbox, OutboxFull
from edge.stamp import stamp
from edge.supervisor.recording import clock_json
from protocols.envelope import Capture, encode
from protocols.readings import Blob, OrderRef, Reading, to_json

log = logging.getLogger("emmetra.imaging")

FULL_RETRY_S = 1.0
VERSION = "1"


@dataclass(frozen=True)
class Arrival:
    """A whole file at ``path``, fsynced, best on the disk of the data folder; ``dev`` is the instrument's name here.

    ``about`` is what else is known (``maker model serial modality eye …``) and goes to the decoder. ``order`` is the
    order the file came with, where the bytes themselves do not name it.
    """

    path: Path
    media_type: str
    dev: str
    lane: str | None
    dialect: str
    about: Mapping[str, str] = field(default_factory=dict)
    order: OrderRef | None = None


class Keeping(Protocol):
    """Where blobs lie: ``edge.blobs.store.Store``."""

    def keep(self, path: Path, media_type: str) -> Blob:
        """Take the file in; blocking, idempotent."""


class Reception:
    """One for the gateway. Files wait their turn: one is read at a time."""

    def __init__(self, outbox: Outbox, clock: Clock, alarms: Alarms, blobs: Keeping, folder: Path) -> None:
        self._outbox, self._clock, self._alarms = outbox, clock, alarms
        self._blobs, self._folder = blobs, folder / "reading"
        self._turn = asyncio.Lock()

    async def take(self, arrival: Arrival) -> None:
        """Returns when blob and rows are on disk; then ``arrival.path`` is gone. Until then it stays as it is.

        The same bytes of the same instrument are told once, also after a restart. A full disk is waited for. Raises
        OSError where the file cannot be read.
        """
        async with self._turn:
            now = self._clock.now()
            sha, size = await asyncio.to_thread(_digest, arrival.path)
            once = f"{arrival.dev}/{sha}"
            if not await self._outbox.told_once(once):
                about = {**arrival.about, "dev": arrival.dev, "dialect": arrival.dialect}
                about |= {"media_type": arrival.media_type, "sha256": sha, "bytes": str(size)}
                await self._told(arrival, about, now, once)
            await asyncio.to_thread(arrival.path.unlink, missing_ok=True)

    async def _told(self, arrival: Arrival, about: dict[str, str], now: Now, once: str) -> None:
        await asyncio.to_thread(self._prepare)
        found = await deciphering.decipher(arrival.path, about, self._folder)
        readings = [filling.ordered(reading, arrival.order) for reading in found.readings]
        if (picture := found.thumbnail) is not None:
            small = await self._kept(lambda: picture, "image/jpeg")
            readings = [filling.thumbed(reading, small) for reading in readings]
        blob = await self._kept(lambda: self._beside(arrival.path), arrival.media_type)
        await self._put(self._rows(arrival, blob, readings, found.why, now), once)

    def _prepare(self) -> None:
        """A folder to work in, empty: one file is at work at a time, and what lies there is of a crash."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.iterdir():
            left.unlink()

    def _beside(self, path: Path) -> Path:
        """The same file under a second name, or a copy from another disk: the first stays until all is down."""
        second = self._folder / f"{path.name}.keep"
        second.unlink(missing_ok=True)
        try:
            os.link(path, second)
        except OSError:
            shutil.copyfile(path, second)
        return second

    async def _kept(self, place: Callable[[], Path], media_type: str) -> Blob:
        while True:
            try:
                return await asyncio.to_thread(lambda: self._blobs.keep(place(), media_type))
            except FileNotFoundError:  # no room in the world brings it back
                raise
            except OSError as refusal:
                await self._wait(refusal)

    async def _put(self, rows: list[Draft], once: str) -> None:
        while True:
            try:
                await self._outbox.put(rows, once=once)
            except OutboxFull as refusal:
                await self._wait(refusal)
                continue
            self._alarms.still("outbox_full")
            return

    async def _wait(self, refusal: Exception) -> None:
        self._alarms.ring("outbox_full", f"{refusal} Make room on the gateway's disk.")
        await asyncio.sleep(FULL_RETRY_S)

    def _rows(self, arrival: Arrival, blob: Blob, readings: list[Reading], why: str | None, now: Now) -> list[Draft]:
        capture = Capture(
            sha256=blob.sha256, bytes=blob.bytes, media_type=blob.media_type, dialect=arrival.dialect, why=why
        )
        clk, boot = clock_json(now.clk), self._clock.boot
        bodies = [("reading", to_json(stamp(reading, now.ts_gw))) for reading in readings]
        return [
            Draft(kind, arrival.dev, arrival.dialect, VERSION, now.ts_gw, now.mono_ns, clk, boot, body)  # type: ignore[arg-type]
            for kind, body in [("capture", encode(capture)), *bodies]
        ]


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()

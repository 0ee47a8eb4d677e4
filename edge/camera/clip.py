"""Writes a clip to the disk while it is filmed. Memory holds one frame; a power cut costs the last second at most."""

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from edge import disk
from protocols.pictures import Damaged, completed, facts
from protocols.pictures.clip import MOST_BYTES, MOST_FRAMES, Clip, Place, frame, head, index, read

UNFINISHED = ".avi.part"
SYNC_S = 1.0
_SECOND = 1_000_000


class Recorder:
    """One clip; ``said`` goes into its INFO list, ``rate`` is what the camera was asked for. Everything here blocks."""

    def __init__(self, path: Path, said: Mapping[str, str], rate: int) -> None:
        self._path, self._part = path, path.with_name(path.stem + UNFINISHED)
        self._clip = Clip(0, 0, _SECOND // rate, said)
        self._file: BinaryIO | None = None
        self._places: list[Place] = []
        self._first = self._last = self._synced = 0.0
        self._turn, self._left = threading.Lock(), False

    @property
    def is_empty(self) -> bool:
        """Whether no frame came."""
        return not self._places

    @property
    def is_full(self) -> bool:
        """Whether the format holds no more."""
        return len(self._places) >= MOST_FRAMES or bool(self._file and self._file.tell() > MOST_BYTES // 2)

    def add(self, jpeg: bytes, at: float) -> None:
        """One more frame, at a moment of any clock in seconds. What is no JPEG is left out. Raises OSError."""
        with self._turn:
            if not self._left and (self._file is not None or self._begun(jpeg, at)):
                self._append(jpeg, at)

    def _append(self, jpeg: bytes, at: float) -> None:
        assert self._file is not None  # noqa: S101 - begun
        self._places.append(Place(self._file.tell() + 8, len(jpeg)))
        self._file.write(frame(jpeg))
        self._last = at
        if at - self._synced > SYNC_S:
            _sync(self._file)
            self._synced = at

    def finish(self) -> Path:
        """The clip is on the disk when this returns, with the pace at which its frames came. Raises OSError."""
        assert self._file is not None  # noqa: S101 - asked only when a frame came
        steps = len(self._places) - 1
        pace = round((self._last - self._first) * _SECOND / steps) if steps else 0
        clip = replace(self._clip, micros=pace or self._clip.micros, places=tuple(self._places))
        with self._file as file:
            _end(file, clip)
        return _named(self._part, self._path)

    def leave(self) -> None:
        """Film no more; what is there stays as a power cut would leave it, unless it was finished."""
        with self._turn:
            self._left = True
            if self._file is not None:
                self._file.close()

    def _begun(self, jpeg: bytes, at: float) -> bool:
        try:
            found = facts(completed(jpeg))
        except Damaged:
            return False
        self._clip = replace(self._clip, rows=found.rows, columns=found.columns)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("w+b")
        self._file.write(head(self._clip))
        self._first = self._synced = at
        return True


def recovered(part: Path) -> Path | None:
    """What a power cut left, as far as its last whole frame; None, and no file, where there is none. Raises OSError."""
    with part.open("r+b") as file:
        try:
            clip = read(file)
        except Damaged:
            clip = None
        if clip is not None and clip.places:
            file.seek(sum(clip.places[-1]) + clip.places[-1].size % 2)
            file.truncate()
            _end(file, clip)
            return _named(part, part.with_name(part.name.removesuffix(".part")))
    part.unlink()
    return None


def _end(file: BinaryIO, clip: Clip) -> None:
    """Behind the last frame the index, then the head once more, which now knows."""
    file.write(index(clip))
    file.seek(0)
    file.write(head(clip))
    _sync(file)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _named(part: Path, path: Path) -> Path:
    part.replace(path)
    disk.settle(path.parent)
    return path

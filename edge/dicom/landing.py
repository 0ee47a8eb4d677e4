"""Where an object lands while it is received.

pynetdicom opens a temporary file for every object, in its own thread and without a way to say that the disk is full:
an error there would end the association without a status. This file stands in its place: it remembers what went wrong,
swallows the rest, and is asked when the object is complete. It hashes on the way, so nothing is read twice.
"""

import contextlib
import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from pynetdicom import dimse_messages

BUFFER = 1 << 20
LOOK_EVERY = 32 << 20  # bytes between two looks at the room left


class Trouble(Exception):
    """Ours, not the device's: it shall try again. One sentence."""


class Landing:
    """One object on its way in; ``sha256`` and ``bytes`` are of the whole file."""

    def __init__(self, folder: Path, room: Callable[[], bool], most: int) -> None:
        self.path, self._room, self._most = folder / f"{uuid.uuid4().hex}.part", room, most
        self.name, self.file = str(self.path), self
        self.bytes, self._looked, self._digest = 0, 0, hashlib.sha256()
        self.trouble: str | None = None
        self.handed_over = False
        self._open: BinaryIO | None = None
        self._trying(self._begin)

    def _begin(self) -> None:
        self._mind_the_room()
        self._open = self.path.open("wb", buffering=BUFFER)

    def write(self, data: bytes) -> int:
        """Take a piece. Never raises."""
        if self.trouble is None:
            self._trying(lambda: self._write(data))
        return len(data)

    def _write(self, data: bytes) -> None:
        assert self._open is not None  # noqa: S101 - without it there is trouble already
        self.bytes += len(data)
        if self.bytes > self._most:
            raise Trouble("The object is larger than this gateway takes.")
        if self.bytes - self._looked > LOOK_EVERY:
            self._mind_the_room()
        self._open.write(data)
        self._digest.update(data)

    def _mind_the_room(self) -> None:
        self._looked = self.bytes
        if not self._room():
            raise Trouble("The disk of the gateway is almost full.")

    def _trying(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OSError, Trouble) as refusal:
            self.trouble = str(refusal)
            self.remove()

    def flush(self) -> None:
        """Asked for after every piece; once at the end is enough."""

    def close(self) -> None:
        """Nothing is kept open; leaves the file where it is."""
        if self._open is not None:
            self._open.close()

    def settled(self) -> str:
        """The file is complete and on disk when this returns its SHA-256. Raises Trouble."""
        if self.trouble is None and self._open is not None:
            self._trying(self._settle)
        if self.trouble is not None:
            raise Trouble(self.trouble)
        return self._digest.hexdigest()

    def _settle(self) -> None:
        assert self._open is not None  # noqa: S101
        self._open.flush()
        os.fsync(self._open.fileno())
        self._open.close()

    def remove(self) -> None:
        """Nothing of it stays."""
        with contextlib.suppress(OSError):  # the rest of the buffer finds no room; it is not wanted
            self.close()
        self.path.unlink(missing_ok=True)


class Field:
    """Where objects land; knows which association each one comes over, by the thread that receives."""

    def __init__(self, folder: Path, room: Callable[[], bool], most: int) -> None:
        self._folder, self._room, self._most = folder, room, most
        self._coming: dict[int, Landing] = {}

    def prepare(self) -> None:
        """Let every object land here. Raises RuntimeError where pynetdicom is another than was tried."""
        if not hasattr(dimse_messages, "NamedTemporaryFile"):
            raise RuntimeError("this pynetdicom opens its files otherwise; see edge/dicom/landing.py")
        setattr(dimse_messages, "NamedTemporaryFile", self.open)  # noqa: B010 - it does not export the name

    def open(self, **_: Any) -> Landing:
        """A new object begins in this thread."""
        landing = self._coming[threading.get_ident()] = Landing(self._folder, self._room, self._most)
        return landing

    def abandoned(self, thread: int | None) -> None:
        """The association that received in ``thread`` is over: what it did not finish goes."""
        landing = self._coming.pop(thread or 0, None)
        if landing is not None and not landing.handed_over:
            landing.remove()

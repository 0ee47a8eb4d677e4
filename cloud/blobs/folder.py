"""Sealed pieces in a folder: a file each, on disk when ``put`` returns."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from cloud.blobs.errors import Damaged


class Folder:
    """A store of sealed pieces; names are ``chain/place/number``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a piece under this name; what was there is replaced. Raises OSError."""
        target = self._root / name
        if not target.parent.is_dir():
            _make(target.parent)
        fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            _write(fresh, sealed)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        _settle(target.parent)

    def get(self, name: str) -> bytes:
        """The piece. Raises Damaged where there is none."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            raise Damaged(f"{name} is missing") from None

    def drop(self, place: str) -> None:
        """Remove every piece below ``chain/place``; none there is no trouble."""
        shutil.rmtree(self._root / place, ignore_errors=True)

    def places(self, chain: str) -> Iterator[str]:
        """Every place of a chain."""
        folder = self._root / chain
        return (found.name for found in sorted(folder.iterdir())) if folder.is_dir() else iter(())


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make(folder: Path) -> None:
    """A folder whose name, and those above it, are on disk."""
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _settle(each.parent)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

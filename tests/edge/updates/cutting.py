"""A power cut at any change to the disk: what was not synced before it is gone.

``Disk`` stands in for the module ``os`` in the modules that change the disk. Every call that changes something is a
point at which the power can fail, before it and after it. When it fails, files that were written and not synced are
empty, and names that were changed in a folder that was not synced are as they were: the worst a file system may do.
"""

import os
import shutil
from pathlib import Path
from typing import Any

CHANGES = frozenset({"open", "write", "fsync", "replace", "unlink", "rmdir", "mkdir", "makedirs", "ftruncate"})


class PowerCut(BaseException):
    """The power fails here."""


class Disk:
    """``os`` until the power fails at the given point; 0 never does."""

    def __init__(self, cut_at: int = 0) -> None:
        self.points, self._cut_at = 0, cut_at
        self._open: dict[int, Path] = {}
        self._unsynced: set[Path] = set()
        self._renamed: list[tuple[Path, Path, bytes | None]] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in CHANGES:
            return real

        def call(*args: Any, **options: Any) -> Any:
            self._point()
            found = getattr(self, f"_do_{name}", real)(*args, **options)
            self._point()
            return found

        return call

    def _point(self) -> None:
        self.points += 1
        if self.points == self._cut_at:
            self._lose()
            raise PowerCut

    def _do_open(self, path: Any, *args: Any) -> int:
        handle = os.open(path, *args)
        self._open[handle] = Path(path)
        return handle

    def _do_write(self, handle: int, data: Any) -> int:
        self._unsynced.add(self._open[handle])
        return os.write(handle, data)

    def _do_fsync(self, handle: int) -> None:
        path = self._open[handle]
        os.fsync(handle)
        self._unsynced.discard(path)
        self._renamed = [one for one in self._renamed if one[1].parent != path]

    def _do_replace(self, source: Path, target: Path) -> None:
        before = target.read_bytes() if target.exists() else None
        os.replace(source, target)  # noqa: PTH105
        self._renamed.append((Path(source), Path(target), before))

    def _lose(self) -> None:
        for source, target, before in reversed(self._renamed):
            shutil.copyfile(target, source)
            if before is None:
                target.unlink()
            else:
                target.write_bytes(before)
        for path in self._unsynced:
            if path.exists():
                path.write_bytes(b"")


def count(work: Any, monkeypatch: Any, modules: tuple[Any, ...]) -> int:
    """How many points a piece of work has."""
    disk = Disk()
    with monkeypatch.context() as patched:
        for module in modules:
            patched.setattr(module, "os", disk)
        work()
    return disk.points

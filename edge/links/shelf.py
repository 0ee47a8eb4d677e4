"""The blocking half of a watched folder: looks, reads, remembers, moves. One thread at a time."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from edge.links.taken import Taken
from edge.links.whole_file import Stillness, is_closed, is_result

log = logging.getLogger("emmetra.links")

LARGEST = 64 << 20  # bytes; a result is some kilobytes, an image of the eye a few megabytes
DONE, REFUSED = "done", "refused"


class Found(NamedTuple):
    """A file as the folder lists it, in the order in which files are taken."""

    mtime_ns: int
    name: str
    size: int


class Shelf:
    """One folder. ``next`` gives the oldest finished file; asking again says that its readings are on disk."""

    def __init__(
        self, folder: Path, patterns: tuple[str, ...], taken: Taken, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._patterns, self._taken, self._monotonic = folder, patterns, taken, monotonic
        self._device = folder.stat().st_dev
        self._seen: dict[str, Stillness] = {}
        self._handed: tuple[Found, str] | None = None
        self._owed: dict[str, tuple[Found, Path]] = {}  # settled, but could not be moved yet, and where to

    def next(self) -> bytes | None:
        """The bytes of the next file, or nothing yet. Raises OSError when the folder cannot be used."""
        self._settle()
        for file in self._ready():
            if file.size > LARGEST:
                self._refuse(file)
            elif (data := self._whole(file)) is not None and not self._known(file, data):
                return data
        return None

    def mark(self) -> str | None:
        """What names the file that was given and is not settled: a new result under an old name has another time."""
        if self._handed is None:
            return None
        file, sha = self._handed
        return f"{file.name}/{file.mtime_ns}/{sha}"

    @property
    def handed(self) -> str | None:
        """What the file is called that was handed over and is not taken over yet."""
        return self._handed[0].name if self._handed else None

    def _settle(self) -> None:
        """The last file is on the gateway's disk: write that down, then move it."""
        if self._handed is None:
            return
        file, sha = self._handed
        try:
            self._taken.add(file.name, sha)
        except OSError as failure:
            log.error("What was read from %s cannot be remembered: %s.", self._folder, failure.strerror)
        self._handed = None
        self._put_away(file)

    def _ready(self) -> Iterator[Found]:
        now, listed = self._monotonic(), self._listed()
        self._seen = {file.name: self._still(file, now) for file in listed}
        for file in sorted(listed):
            if self._owed.get(file.name, (None,))[0] == file:
                self._put_away(*self._owed[file.name])
            elif self._seen[file.name].rests(now):
                yield file

    def _still(self, file: Found, now: float) -> Stillness:
        seen = self._seen.get(file.name) or Stillness(file.size, file.mtime_ns, now)
        return seen.seen_again(file.size, file.mtime_ns, now)

    def _listed(self) -> list[Found]:
        if self._folder.stat().st_dev != self._device:
            raise OSError(None, "another file system lies there now; the share was mounted or unmounted")
        with os.scandir(self._folder) as entries:
            return [found for entry in entries if (found := _found(entry, self._patterns))]

    def _whole(self, file: Found) -> bytes | None:
        try:
            data = (self._folder / file.name).read_bytes()
        except (FileNotFoundError, PermissionError, BlockingIOError):
            return None  # taken away again, or its writer still holds it
        if len(data) != file.size:
            return None
        return data if is_closed(data) or self._seen[file.name].given_up(self._monotonic()) else None

    def _known(self, file: Found, data: bytes) -> bool:
        """Hand it over, unless it was taken before and only failed to move, or came back."""
        sha = hashlib.sha256(data).hexdigest()
        if (file.name, sha) not in self._taken:
            self._handed = file, sha
            return False
        log.warning("A file that was read before lies in %s again; it is moved away, not read twice.", self._folder)
        self._put_away(file)
        return True

    def _put_away(self, file: Found, folder: Path | None = None) -> None:
        """Move it, now or as soon as that can be done; taken from the disk by somebody else is away as well."""
        folder = folder or self._folder / DONE / f"{date.today():%Y-%m-%d}"
        owed = self._owed.pop(file.name, None)
        try:
            self._move(file, folder)
        except FileNotFoundError:
            self._seen.pop(file.name, None)
        except OSError as failure:
            self._owed[file.name] = file, folder
            if owed is None:
                log.warning("A file that is done with stays in %s for now: %s.", self._folder, failure.strerror)

    def _refuse(self, file: Found) -> None:
        """Too large for a result."""
        size, folder = file.size / (1 << 20), self._folder / REFUSED
        log.error("A file of %.0f MB is no result and is not read; it goes to %s.", size, folder)
        self._put_away(file, folder)

    def _move(self, file: Found, folder: Path) -> None:
        """Away, but never over another and never a file that has changed since it was read."""
        here = (self._folder / file.name).stat()
        if (here.st_mtime_ns, here.st_size) != (file.mtime_ns, file.size):
            return  # the instrument wrote a new one under the old name
        folder.mkdir(parents=True, exist_ok=True)
        (self._folder / file.name).rename(_free(folder / file.name))
        self._seen.pop(file.name, None)


def _found(entry: os.DirEntry[str], patterns: tuple[str, ...]) -> Found | None:
    try:
        if not is_result(entry.name, patterns) or not entry.is_file(follow_symlinks=False):
            return None
        facts = entry.stat()
    except FileNotFoundError:
        return None
    return Found(facts.st_mtime_ns, entry.name, facts.st_size)


def _free(path: Path) -> Path:
    """The path, or the first numbered one beside it that is free."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free

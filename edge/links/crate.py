"""The blocking half of a folder of large files: looks, copies in pieces, remembers, moves. One thread at a time."""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from edge.links.shelf import Found, Shelf
from edge.links.taken import Taken
from edge.links.whole_file import HEAD, TAIL, is_closed

log = logging.getLogger("emmetra.links")

LARGEST = 4 << 30  # bytes
STILL_S = 3.0  # a volume is written in more and longer pieces than a result
PIECE = 1 << 20


class Crate(Shelf):
    """One folder. ``ready`` says whether a file can be had, ``copied`` gives the path of its copy in ``arriving``."""

    def __init__(
        self,
        folder: Path,
        patterns: tuple[str, ...],
        taken: Taken,
        arriving: Path,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(folder, patterns, taken, monotonic)
        self._arriving = arriving
        self._chosen: Found | None = None
        arriving.mkdir(parents=True, exist_ok=True)
        for left in arriving.iterdir():  # its original was not put away, so it comes again
            left.unlink()

    def ready(self) -> bool:
        """Whether a finished file lies there; asking says that the last one is taken over. Raises OSError."""
        self._settle()
        now = self._monotonic()
        for file in self._ready():
            if file.size > LARGEST:
                self._refuse(file)
            elif now - self._seen[file.name].since >= STILL_S and self._closed(file):
                self._chosen = file
                return True
        return False

    def copied(self) -> Path | None:
        """The copy of the file that was found, on disk; nothing when it changed meanwhile or was taken before.

        Raises OSError.
        """
        file, self._chosen = self._chosen, None
        if file is None:
            return None
        # a name nobody else has: what was not waited for may still be at work on a copy of its own
        copy = self._arriving / f"{uuid4().hex}{Path(file.name).suffix.lower()}"
        sha = _copy(self._folder / file.name, copy)
        if copy.stat().st_size == file.size and not self._was_taken(file, sha):
            return copy
        copy.unlink()
        return None

    def _was_taken(self, file: Found, sha: str) -> bool:
        if (file.name, sha) not in self._taken:
            self._handed = file, sha
            return False
        log.warning("A file that was read before lies in %s again; it is moved away, not read twice.", self._folder)
        self._put_away(file)
        return True

    def _closed(self, file: Found) -> bool:
        """XML has closed its root; what is no XML has nothing to close."""
        with (self._folder / file.name).open("rb") as source:
            ends = source.read(HEAD)
            if file.size > HEAD:
                source.seek(max(HEAD, file.size - TAIL))
                ends += source.read(TAIL)
        return is_closed(ends) or self._seen[file.name].given_up(self._monotonic())


def _copy(source: Path, target: Path) -> str:
    """Byte by byte, synced; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(PIECE):
            digest.update(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()

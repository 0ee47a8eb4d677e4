"""The gateway's blobs: a file each under its SHA-256, and a row that says how far it is on its way to the cloud.

A crash at any moment leaves either the file where it came from, or the blob with its row. The file is linked into its
place, the folder is fsynced, the row is committed, and only then does the first name go.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from edge.blobs.journal import REFUSED, Journal
from edge.disk import settle
from protocols.envelope.blobs import MOST_BYTES, TOO_LARGE
from protocols.readings.values import Blob

FOLDER, JOURNAL = "blobs", "journal.db"
UNKNOWN = "application/octet-stream"


class Store:
    """Blobs below ``{folder}/blobs/aa/sha256``, where ``folder`` is the gateway's data folder.

    Every method blocks and may be called from any thread. Raises OSError where the disk takes nothing; nothing touches
    it before it is needed. ``on_growth`` is called, by whatever thread, when something has come.
    """

    def __init__(self, folder: Path) -> None:
        self._data, self._folder = folder, folder / FOLDER
        self._lock = threading.Lock()
        self._journal: Journal | None = None
        self.on_growth: Callable[[], None] = lambda: None

    @property
    def journal(self) -> Journal:
        """What became of each. Raises OSError."""
        with self._lock:
            if self._journal is None:
                self._journal = self._opened()
            return self._journal

    def close(self) -> None:
        """Let go of the journal."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
            self._journal = None

    def keep(self, path: Path, media_type: str) -> Blob:
        """Take the file in; it is gone from ``path`` afterwards and waits for the cloud.

        Again: nothing changes, unless the cloud refused it or it was lost; then it takes the place of what lies here,
        and is offered anew.

        Raises:
            OSError: there is no such file, or the disk is full; then the file is still where it was.
        """
        journal = self.journal
        digest, size = fingerprint(path)
        self._make_room(journal, path, digest)
        self._place(path, self._name(digest))
        journal.add(digest, size, media_type, TOO_LARGE if size > MOST_BYTES else None)
        if path != self._name(digest):
            path.unlink()
        self.on_growth()
        return Blob(sha256=digest, bytes=size, media_type=media_type)

    def path(self, sha256: str) -> Path | None:
        """Where the bytes are, as long as the gateway has them."""
        found = self._name(sha256)
        return found if found.is_file() else None

    def remove(self, sha256: str) -> None:
        """Let the bytes go; the row stays, so that they are not sent again when they come again."""
        with contextlib.suppress(FileNotFoundError):
            self._name(sha256).unlink()
        self.journal.removed(sha256)

    def _name(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _make_room(self, journal: Journal, path: Path, digest: str) -> None:
        """What lies here of a blob that was refused may be what the cloud refused."""
        known, target = journal.find(digest), self._name(digest)
        if known is not None and known.state == REFUSED and path != target:
            target.unlink(missing_ok=True)

    def _place(self, path: Path, target: Path) -> None:
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            settle(self._folder)
        if not target.exists():
            _link(path, target)
        settle(target.parent)

    def _opened(self) -> Journal:
        """Without a journal everything here is offered anew; the readings still know of what type it is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settle(self._data)
        journal = Journal(self._folder / JOURNAL)
        if journal.fresh:
            for found in self._folder.glob("??/" + "?" * 64):
                journal.add(found.name, found.stat().st_size, UNKNOWN)
        return journal


def fingerprint(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and length of a file, which is on disk when this returns."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _link(path: Path, target: Path) -> None:
    """The same file under a second name; a copy where it lies on another disk or on one without links."""
    try:
        os.link(path, target)
    except FileExistsError:
        return
    except OSError:
        with _fresh(target) as copy:
            shutil.copyfile(path, copy)
            fingerprint(copy)
            copy.replace(target)


@contextlib.contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """A name beside the target, free again afterwards."""
    copy = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)

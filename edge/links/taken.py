"""Which files have been taken, remembered across any kill.

The driver asks for the next file when the last one's readings are on the gateway's disk. From then on the file must
never become a second set of readings, even when it cannot be moved away (a server that went, a share that may only
be read), or when a server that crashed brings it back. So its name and digest are written down, synced, before the
move. This happens in the gateway's own data folder, not beside the files: a share can be gone at this very moment,
may be read-only, gives no promise about fsync, and forgets together with the files when its backup is restored.

Killed before the line is written, the file is read again, as the other order would lose it; the outbox, which has kept
name, time and digest with the rows, then writes nothing (``edge.links.base.once``).
"""

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from edge import disk

DAY_S = 86_400
REMEMBERED_DAYS = 30


class Taken:
    """Name, digest and day of every file taken from one folder; without a journal it lasts as long as the link.

    A file of the same name with the same bytes is the same file. Forgotten after ``REMEMBERED_DAYS``, unless it
    still lies there. Raises OSError when the journal cannot be used.
    """

    def __init__(self, journal: Path | None) -> None:
        self._journal = journal
        self._known: dict[tuple[str, str], float] = {}
        if journal is not None:
            journal.parent.mkdir(parents=True, exist_ok=True)
            journal.touch()
            disk.settle(journal.parent)
            self._read(journal)

    def __contains__(self, file: tuple[str, str]) -> bool:
        return file in self._known

    def names(self) -> set[str]:
        """Names under which something was taken."""
        return {name for name, _ in self._known}

    def add(self, name: str, sha: str) -> None:
        """From now on it is taken; synced when this returns. Raises OSError."""
        self._known[name, sha] = time.time()
        if self._journal is None:
            return
        with self._journal.open("ab") as file:
            file.write(_line(name, sha, self._known[name, sha]))
            file.flush()
            os.fsync(file.fileno())

    def forget(self, present: Iterable[str]) -> None:
        """Drop what is old and not in the folder any more. Raises OSError."""
        oldest, here = time.time() - REMEMBERED_DAYS * DAY_S, set(present)
        kept = {file: at for file, at in self._known.items() if at >= oldest or file[0] in here}
        if len(kept) == len(self._known) or self._journal is None:
            return
        disk.write(self._journal, b"".join(_line(name, sha, at) for (name, sha), at in kept.items()))
        self._known = kept

    def _read(self, journal: Path) -> None:
        for line in journal.read_bytes().split(b"\n"):
            at, _, rest = line.partition(b" ")
            sha, _, name = rest.partition(b" ")
            if len(sha) == 64 and name.endswith(b"\r") and at.isdigit():  # a line torn by a power cut has no end
                self._known[os.fsdecode(name[:-1]), sha.decode("ascii", "replace")] = float(at)


def journal_of(url: str, data: Path | None) -> Path | None:
    """Where the journal of a folder lies, when there is a data folder."""
    return data and data / "folders" / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.taken"


def _line(name: str, sha: str, at: float) -> bytes:
    return b"\n%d %s %s\r" % (at, sha.encode(), os.fsencode(name))  # a torn line swallows none that follows

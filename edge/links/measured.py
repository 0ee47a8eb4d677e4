"""Which measurements of one device are safely stored, remembered across any kill.

A cuff tells everything it stored at every connection. What was told is known by a digest of time, user and values, and
written down, synced, once its reading is on the gateway's disk. Killed in between it is read again: a result that is
there twice can be seen and struck out, one that is missing cannot.
"""

import hashlib
import os
from pathlib import Path

from edge import disk

MOST = 4096  # more than any device stores


class Measured:
    """Digests, newest last, and the number of the meter's newest record; without a file it lasts as long as the link.

    Raises OSError when the file cannot be used.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._known: dict[str, int | None] = {}
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            disk.settle(file.parent)
            self._read(file)

    def __contains__(self, digest: str) -> bool:
        return digest in self._known

    @property
    def last(self) -> int | None:
        """The number of the record that was stored last: a meter may have begun to count anew."""
        return next((number for number in reversed(self._known.values()) if number is not None), None)

    def add(self, digest: str, number: int | None) -> None:
        """From now on it is known; synced when this returns. Raises OSError."""
        self._known.pop(digest, None)
        self._known[digest] = number
        if self._file is None:
            return
        with self._file.open("a", encoding="ascii") as out:
            out.write(_line(digest, number))
            out.flush()
            os.fsync(out.fileno())

    def _read(self, file: Path) -> None:
        lines = file.read_text("ascii", "replace").split("\n")
        for words in (line.split() for line in lines):
            if len(words) == 3 and len(words[0]) == 64 and words[2] == ".":  # a line torn by a power cut has no end
                self._known.pop(words[0], None)
                self._known[words[0]] = int(words[1]) if words[1].isdigit() else None
        if len(lines) > 2 * MOST:
            self._shorten(file)

    def _shorten(self, file: Path) -> None:
        self._known = dict(list(self._known.items())[-MOST:])
        disk.write(file, "".join(_line(*one) for one in self._known.items()))


def file_of(device: str, profile: str, data: Path | None) -> Path | None:
    """Where a device's file lies, when there is a data folder; its name tells nobody which device it is."""
    return data and data / "bluetooth" / f"{hashlib.sha256(f'{device} {profile}'.encode()).hexdigest()[:16]}.measured"


def _line(digest: str, number: int | None) -> str:
    return f"\n{digest} {'-' if number is None else number} ."  # a torn line swallows none that follows

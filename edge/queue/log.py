"""What was done while this gateway held the queue: a line an entry, on disk before anybody sees or hears of it.

The first line is the book as it was then, and how the holding is called; it is there whole or not at all. A last line
that was torn by a power cut was never confirmed to anybody, and is dropped.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from edge import disk
from protocols.envelope.messages import Malformed, Message, decode, encode
from protocols.envelope.queue import Book, Entry

log = logging.getLogger("emmetra.queue")

FILE = "queue.log"


class Held(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A holding as it began. ``by_hand``: somebody took the queue while the cloud was there."""

    address: str
    hold: str
    told: Book
    given: dict[str, int] = {}
    by_hand: bool = False


class Log:
    """``lines`` are the entries as they lie there, the first has number 1. Blocking."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.lines: list[bytes] = []
        self._size = 0

    def read(self) -> tuple[Held, list[Entry]] | None:
        """The holding that goes on, with everything that was confirmed."""
        try:
            head, *lines = self._path.read_bytes().split(b"\n")[:-1] or [b""]
            held = decode(Held, head)
        except FileNotFoundError:
            return None
        except (OSError, Malformed) as damage:
            log.error("%s cannot be read (%s); it is put aside", FILE, type(damage).__name__)
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged"))
            return None
        return held, self._taken(head, list(_sound(lines, held.hold)))

    def _taken(self, head: bytes, found: list[tuple[bytes, Entry]]) -> list[Entry]:
        self.lines = [line for line, _entry in found]
        self._size = sum(len(line) + 1 for line in (head, *self.lines))
        if torn := self._path.stat().st_size - self._size:
            log.warning("%d bytes at the end of %s were torn and are dropped", torn, FILE)
        return [entry for _line, entry in found]

    def begin(self, held: Held, took: Entry) -> None:
        """A holding begins, in one step. Raises OSError."""
        head, line = encode(held), encode(took)
        disk.write(self._path, head + b"\n" + line + b"\n", 0o600)
        self.lines, self._size = [line], len(head) + len(line) + 2

    def append(self, entry: Entry) -> None:
        """On disk when this returns; not there at all where it raises OSError."""
        line = encode(entry)
        with self._path.open("r+b", buffering=0) as file:
            try:
                _written(file.fileno(), line + b"\n", self._size)
            except OSError:
                os.ftruncate(file.fileno(), self._size)
                raise
        self.lines.append(line)
        self._size += len(line) + 1

    def end(self) -> None:
        """The holding is over. Raises OSError."""
        disk.drop(self._path)
        self.lines, self._size = [], 0


def _written(handle: int, line: bytes, at: int) -> None:
    """Behind the last whole line, whatever was torn there. Raises OSError."""
    os.ftruncate(handle, at)
    if os.pwrite(handle, line, at) < len(line):
        raise OSError("the disk took half of a line")
    os.fsync(handle)


def _sound(lines: list[bytes], hold: str) -> Iterator[tuple[bytes, Entry]]:
    """Entries without a hole, up to the first that is none."""
    for n, line in enumerate(lines, 1):
        try:
            entry = decode(Entry, line)
        except Malformed:
            return
        if (entry.n, entry.hold) != (n, hold):
            return
        yield line, entry

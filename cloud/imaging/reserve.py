"""Deriving processes that are started, with their imports done, before anybody needs one.

A process is for one original, whatever becomes of it. It ends by itself when nobody holds the other end any more.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

# Of our environment the process gets what Python and its neighbours need, no address and no secret.
NEEDED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
Process = subprocess.Popen[bytes]


class Reserve:
    """One process that waits, for whoever comes first. Good for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: Process | None = None

    def fill(self) -> None:
        """See to it that a process waits."""
        with self._lock:
            if self._waits is not None and self._waits.poll() is not None:
                ended(self._waits)
                self._waits = None
            self._waits = self._waits or started()

    def take(self) -> Process:
        """The one that waits, else one that is started now."""
        with self._lock:
            found, self._waits = self._waits, None
        if found is not None and found.poll() is not None:
            ended(found)
            found = None
        return found or started()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._lock:
            found, self._waits = self._waits, None
        if found is not None:
            ended(found)


def started() -> Process:
    """A process that gets ready and then waits to be told its file."""
    kept = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "cloud.imaging.deriving"],
        env={**kept, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def working(reserve: Reserve, file: Path, folder: Path) -> Iterator[Process]:
    """A process that derives pictures of the file into the folder; killed at the end of the block."""
    process = reserve.take()
    try:
        assert process.stdin is not None  # noqa: S101 - it is a pipe, which the type cannot say
        with contextlib.suppress(BrokenPipeError):  # it died already; what it says and how it ended tells the rest
            process.stdin.write(json.dumps([str(file), str(folder)]).encode() + b"\n")
            process.stdin.flush()
        yield process
    finally:
        ended(process)


def ended(process: Process) -> None:
    """Kill a process and leave nothing of it."""
    process.kill()
    process.wait()
    for end in (process.stdin, process.stdout):
        if end:
            with contextlib.suppress(BrokenPipeError):
                end.close()

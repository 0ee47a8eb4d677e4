"""The gateway's own log on its disk, bounded, and without a patient whatever anybody logs.

Our own rooms never log what an instrument said. A library may, in the text of an exception or a warning; so of a
stranger's line only who spoke, how loud and from where is kept, and of any exception only its kind and its place.
"""

import contextlib
import logging
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from edge.clock import iso

FOLDER, NAME = "log", "gateway.log"
SIZE, KEPT = 512 * 1024, 3
LONGEST = 2_000
OURS = "emmetra"


class Discreet(logging.Formatter):
    """One line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """As ``2026-11-22T09:02:56.305Z WARNING emmetra.uplink: the connection ended``."""
        said = _said(record)[:LONGEST].replace("\r", " ").replace("\n", " | ")
        return f"{iso(record.created)} {record.levelname} {record.name}: {said}"


def _said(record: logging.LogRecord) -> str:
    ours = record.name == OURS or record.name.startswith(f"{OURS}.")
    words = record.getMessage() if ours else f"said something at {record.module}:{record.lineno}"
    failure = record.exc_info[1] if record.exc_info else None
    return words if failure is None else f"{words} ({type(failure).__name__} at {_place(failure)})"


def _place(failure: BaseException) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"


class Ring(RotatingFileHandler):
    """Four files of half a megabyte. A disk that takes nothing stops no gateway."""

    def __init__(self, data: Path) -> None:
        folder = data / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / NAME, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", errors="replace", delay=True)
        self.setFormatter(Discreet())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """A line that cannot be kept is dropped."""


@contextlib.contextmanager
def kept(data: Path) -> Iterator[None]:
    """Everything that is logged meanwhile is kept."""
    try:
        ring = Ring(data)
    except OSError:
        yield
        return
    root = logging.getLogger()
    root.addHandler(ring)
    try:
        yield
    finally:
        root.removeHandler(ring)
        ring.close()


def lines(data: Path) -> Iterator[str]:
    """What was kept, oldest first."""
    files = [data / FOLDER / f"{NAME}.{n}" for n in range(KEPT, 0, -1)]
    for path in (*files, data / FOLDER / NAME):
        with contextlib.suppress(OSError):
            yield from path.read_text("utf-8", "replace").splitlines()

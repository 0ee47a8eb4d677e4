"""What the parts of a run said last, when the run did not end well: their logs go with its folder."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

LINES = 25


@contextlib.contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Print the last lines of every log in the folder when something is raised."""
    try:
        yield
    except BaseException:
        for path in sorted(folder.glob("*.log")):
            last = path.read_text(errors="replace").splitlines()[-LINES:]
            print(f"--- {path.name}", *last, sep="\n", file=sys.stderr)
        raise

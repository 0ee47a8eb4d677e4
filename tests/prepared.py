"""What many tests begin from, made once a run by whoever wants it first, and copied by everyone else.

A database cluster with its schema takes seconds of both cores to make and a tenth of one to copy.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

RUN = "EMMETRA_TESTS_PREPARED"  # the folder of this run; its workers inherit it


def begin() -> None:
    """Once a run, before its workers start."""
    folder = tempfile.mkdtemp(prefix="emm-run-")
    Path(folder).chmod(0o755)  # PostgreSQL of a user of its own goes through it
    os.environ[RUN] = folder


def end() -> None:
    """Once a run, after its workers ended."""
    shutil.rmtree(os.environ.pop(RUN), ignore_errors=True)


def lay(name: str, target: Path, make: Callable[[Path], None]) -> None:
    """Fill ``target``, an empty folder, with what ``make`` puts into one; outside a run it is made there."""
    if RUN not in os.environ:
        make(target)
        return
    source = Path(os.environ[RUN]) / name
    with source.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not source.exists():
            _make(source, make)
    # with owners and rights: a cluster belongs to the user that runs it
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)


def _make(source: Path, make: Callable[[Path], None]) -> None:
    """Whole or not at all: whoever failed leaves nothing that is taken for it."""
    draft = source.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    make(draft)
    draft.rename(source)

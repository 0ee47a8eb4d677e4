"""A watched folder, on this machine or on a mounted share: ``folder:///path/to/share?match=*.xml``.

Its chunks are whole files (``whole``). Asking for the next one says that the last one's readings are on the gateway's
disk; only then is that file moved, never deleted, to ``done/YYYY-MM-DD/`` beside it. It is looked at twice a second
rather than watched: inotify sees nothing of what others write to an SMB or NFS share.
"""

import asyncio
import contextlib
import errno
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from edge.links.answering import answered
from edge.links.base import LinkLost, LinkRefused
from edge.links.shelf import DONE, Shelf
from edge.links.taken import Taken, journal_of

POLL_S = 0.5
EXAMPLE = "folder:///mnt/share?match=*.xml"
FSTAB = Path("/etc/fstab")
AWAY = frozenset({errno.ENOTCONN, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ESTALE, errno.ETIMEDOUT, errno.EIO})

S = TypeVar("S", bound=Shelf)


class FolderLink:
    """One folder that is being looked at."""

    whole = True

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self._folder, self._shelf = folder, shelf
        self._looking: asyncio.Task[bytes | None] | None = None
        self._closed = asyncio.Event()
        self._pieces = 0

    def __aiter__(self) -> "FolderLink":
        return self

    async def __anext__(self) -> bytes:
        if self._looking is None:
            if self._closed.is_set():
                raise StopAsyncIteration
            self._looking = asyncio.ensure_future(self._look())
        try:
            data = await asyncio.shield(self._looking)  # a wait given up finds the same file next time
        except OSError as failure:
            raise LinkLost(plainly(self._folder, failure)) from None
        self._looking, self._pieces = None, 0
        if data is None:
            raise StopAsyncIteration
        return data

    def once(self) -> str | None:
        """What names the next piece of the file that was given, the same however often the file is read."""
        self._pieces += 1
        file = self._shelf.mark()
        return file and f"{file}/{self._pieces}"

    @property
    def name(self) -> str | None:
        """What the file is called whose bytes were handed over last."""
        return self._shelf.handed

    async def write(self, data: bytes) -> None:
        """Nobody reads what is said to a folder, so it is not said. Raises LinkLost after closing."""
        if self._closed.is_set():
            raise LinkLost("the folder is no longer watched")

    async def aclose(self) -> None:
        """Look no more."""
        self._closed.set()
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> bytes | None:
        """Until there is a file. At least once: that it was asked for puts the last one away."""
        while (data := await answered(self._folder, self._shelf.next)) is None and not self._closed.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), POLL_S)
        return data


async def open_folder(url: str, data: Path | None = None) -> FolderLink:
    """Watch a folder; what was taken from it is remembered in the gateway's ``data`` folder. Raises LinkRefused."""
    folder, patterns = parsed(url)
    try:
        shelf = await answered(folder, functools.partial(shelf_of, Shelf, folder, patterns, journal_of(url, data)))
    except OSError as failure:
        raise refused(folder, failure) from None
    return FolderLink(folder, shelf)


def parsed(url: str) -> tuple[Path, tuple[str, ...]]:
    """The folder and which files are meant; ``match`` may be given more than once. Raises LinkRefused."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query, keep_blank_values=True)
    strange = parts.netloc or parts.fragment or set(asked) - {"match"} or "" in asked.get("match", ())
    if strange or not parts.path.strip("/"):
        raise LinkRefused(f"{url!r} names no folder.", f"Write {EXAMPLE}, with %23 for # and %3F for ?.", lasting=True)
    return Path(unquote(parts.path)), tuple(asked.get("match", ["*"]))


def plainly(folder: Path, failure: OSError) -> str:
    """What became of a folder, in plain words and without a full stop."""
    if failure.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"the folder {folder} is not there"
    if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"this user may not move files in {folder}"
    if failure.errno in AWAY or isinstance(failure, TimeoutError):
        return f"the file server behind {folder} does not answer"
    return f"{folder}: {failure.strerror or failure}"


def refused(folder: Path, failure: OSError) -> LinkRefused:
    """Why a folder cannot be watched, and what to do."""
    what = plainly(folder, failure)
    if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "Files that were read are moved to its folder done: let the gateway's user write there."
    elif failure.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = "Check that the share is mounted and the path is right."
    else:
        hint = "Check the server, the network and the mount; it is tried again."
    return LinkRefused(f"{what[0].upper()}{what[1:]}.", hint)


def shelf_of(
    make: Callable[[Path, tuple[str, ...], Taken], S], folder: Path, patterns: tuple[str, ...], journal: Path | None
) -> S:
    """A shelf of a mounted folder. Raises OSError."""
    _raise_if_unmounted(folder)
    taken = Taken(journal)
    taken.forget([entry.name for entry in folder.iterdir()])
    (folder / DONE).mkdir(exist_ok=True)
    return make(folder, patterns, taken)


def _raise_if_unmounted(folder: Path) -> None:
    """The empty folder under a share that is not mounted looks like a share without news."""
    if any(point != Path("/") and folder.is_relative_to(point) and not point.is_mount() for point in _mount_points()):
        raise FileNotFoundError(errno.ENOENT, "not mounted")


def _mount_points() -> list[Path]:
    """Where this machine should have mounted something."""
    try:
        lines = FSTAB.read_text("utf-8").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return [Path(field[1].replace("\\040", " ")) for field in fields if len(field) > 1]

"""A watched folder of files too large for memory: ``files:///mnt/heyex?match=*.vol``.

Its chunks are paths, not contents: each names a copy in the gateway's own folder, fsynced, which belongs to whoever
read the chunk. As in a watched folder, asking for the next one says that the last one is taken over; only then is the
original moved to ``done/YYYY-MM-DD/``.
"""

import asyncio
import contextlib
import functools
import os
from pathlib import Path
from urllib.parse import urlsplit

from edge.links import folder
from edge.links.answering import ANSWER_S, answered, aside
from edge.links.base import LinkLost, LinkRefused
from edge.links.crate import Crate
from edge.links.folder import plainly, refused
from edge.links.taken import journal_of

EXAMPLE = "files:///mnt/share?match=*.vol"
ARRIVING = "arriving"


class FilesLink:
    """One folder that is being looked at."""

    whole = paths = True

    def __init__(self, place: Path, crate: Crate) -> None:
        self._place, self._crate = place, crate
        self._closed = asyncio.Event()
        self._looking: asyncio.Task[Path | None] | None = None

    def __aiter__(self) -> "FilesLink":
        return self

    async def __anext__(self) -> bytes:
        if self._looking is None:
            if self._closed.is_set():
                raise StopAsyncIteration
            self._looking = asyncio.ensure_future(self._look())
        try:
            path = await asyncio.shield(self._looking)  # a wait given up finds the same file next time
        except OSError as failure:
            self._looking = None
            raise LinkLost(plainly(self._place, failure)) from None
        self._looking = None
        if path is None:
            raise StopAsyncIteration
        return os.fsencode(path)

    async def write(self, data: bytes) -> None:
        """Nobody reads what is said to a folder, so it is not said. Raises LinkLost after closing."""
        if self._closed.is_set():
            raise LinkLost("the folder is no longer watched")

    async def aclose(self) -> None:
        """Look no more; a copy that comes from a server which went away is not waited for."""
        self._closed.set()
        looking, self._looking = self._looking, None
        if looking is not None:
            await asyncio.wait([looking], timeout=ANSWER_S)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look(self) -> Path | None:
        while not self._closed.is_set():
            if await answered(self._place, self._crate.ready):
                name = f"copy {self._place.name}"
                return await aside(name, self._crate.copied)  # as long as it takes: 200 MB over a slow share
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), folder.POLL_S)
        return None


async def open_files(url: str, data: Path | None = None) -> FilesLink:
    """Watch a folder; copies go into the gateway's ``data`` folder, which must be given. Raises LinkRefused."""
    place, patterns = parsed(url)
    if data is None:
        raise LinkRefused(
            "A folder of large files needs the gateway's own folder.", "Run it in a gateway.", lasting=True
        )
    journal = journal_of(url, data)
    arriving = data / ARRIVING / (journal.stem if journal else "")
    make = functools.partial(Crate, arriving=arriving)
    try:
        crate = await answered(place, functools.partial(folder.shelf_of, make, place, patterns, journal))
    except OSError as failure:
        raise refused(place, failure) from None
    return FilesLink(place, crate)


def parsed(url: str) -> tuple[Path, tuple[str, ...]]:
    """The folder and which files are meant. Raises LinkRefused."""
    try:
        return folder.parsed(urlsplit(url)._replace(scheme="folder").geturl())
    except LinkRefused:
        raise LinkRefused(f"{url!r} names no folder.", f"Write {EXAMPLE}.", lasting=True) from None

"""A folder looked at with a clock that is moved by hand, and deaths at chosen moments."""

import asyncio
import contextlib

from edge.links import open_link
from edge.links.shelf import Shelf
from edge.links.taken import Taken


class Killed(BaseException):
    @staticmethod
    def now(*_):
        raise Killed


class Minute:
    def __init__(self, folder, journal, *patterns):
        self.folder, self.journal, self.patterns, self.now = folder, journal, patterns or ("*",), 1000.0
        self.shelf = Shelf(folder, self.patterns, Taken(journal), lambda: self.now)

    def look(self):
        return self.shelf.next()

    def wait(self, seconds):
        self.now += seconds

    def patiently(self):
        """Looks until everything that lies there has stood still."""
        for _ in range(4):
            if (data := self.look()) is not None:
                return data
            self.wait(4)
        return None

    def reborn(self):
        return Minute(self.folder, self.journal, *self.patterns)


async def driver_that_dies_after(count, url, data, patience=5):
    """Reads so many files and is cancelled before it asks for the next; or asks, when no more come."""
    link, heard = await open_link(url, data=data), []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while len(heard) < count:
                heard.append(await anext(link))
    await link.aclose()
    return heard


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

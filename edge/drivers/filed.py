"""Drivers of instruments whose files are pictures or volumes: they are taken over as they are, and read elsewhere."""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.links.base import Link, LinkRefused

FILES = "files:///mnt/share?match=*.vol"


@dataclass(frozen=True, slots=True)
class Filed:
    """A whole file of the gateway's own, fsynced; whoever takes it over removes it.

    ``dialect`` says how it is read, ``about`` what else is known of it.
    """

    path: Path
    media_type: str
    dialect: str
    about: Mapping[str, str] = field(default_factory=dict)


Take = Callable[[Filed], Awaitable[None]]


class Filing:
    """Takes each file of a folder over; a family may give more than the file itself."""

    def __init__(self, dialect: str, media_type: str, maker: str) -> None:
        self._dialect, self._media_type, self._maker = dialect, media_type, maker

    async def run(self, link: Link, emit: Take) -> None:
        """Until the folder is closed. Raises LinkRefused for a link that hands over contents instead of paths."""
        if not getattr(link, "paths", False):
            raise LinkRefused("These files are too large for this kind of address.", f"Write {FILES}.", lasting=True)
        async for chunk in link:
            await self.taken(Path(os.fsdecode(chunk)), emit)

    async def taken(self, path: Path, emit: Take) -> None:
        """One file, durable when this returns."""
        await emit(Filed(path, self._media_type, self._dialect, {"maker": self._maker}))

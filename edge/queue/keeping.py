"""Where the newest book of the store's queue lies: one file in the data folder, whole or not at all.

It holds what screens may say of people, so only the gateway's user may read it.
"""

import logging
from pathlib import Path

from edge import disk
from protocols.envelope.messages import Malformed, Message, decode, encode
from protocols.envelope.queue import Book

log = logging.getLogger("emmetra.queue")

FILE = "queue.json"


class Lying(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A book with the gateway it was told; ``given`` are the last numbers that were given here, by their lease."""

    address: str
    told: Book
    given: dict[str, int] = {}


class Kept:
    """The file in the gateway's data folder. Blocking."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def newest(self) -> Lying | None:
        """The last book; None before the first, or where it cannot be read."""
        try:
            return decode(Lying, self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Malformed) as damage:
            log.error("%s cannot be read (%s); there is no book of the queue", FILE, type(damage).__name__)
            return None

    def keep(self, lying: Lying) -> None:
        """On disk when this returns. Raises OSError."""
        disk.write(self._path, encode(lying), 0o600)

    def forget(self) -> None:
        """No book any more. Raises OSError."""
        disk.drop(self._path)

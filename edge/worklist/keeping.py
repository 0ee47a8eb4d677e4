"""Where the worklist lies: one file in the data folder, whole or not at all, read anew at each query.

The gateway writes it; the program that speaks DICOM and the small HTTP server read it, each in a process of its own.
It holds names and birth dates, so only the gateway's user may read it.
"""

import logging
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from msgspec.structs import replace

from edge import disk
from protocols.envelope.messages import Malformed, Message, decode, encode
from protocols.envelope.worklist import Item, Worklist, moment_of, zone_of

log = logging.getLogger("emmetra.worklist")

FILE = "worklist.json"
# An examination that was missed is still asked for the day after; later it is somebody else's.
LASTS = timedelta(days=1)


class Lying(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The file: for which gateway it was told (``tenant/store/gateway``), and what."""

    address: str
    told: Worklist


class Kept:
    """The file in the gateway's data folder. Blocking: call it in a thread where that matters."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def whole(self) -> Lying | None:
        """The last document, as the cloud made it; None before the first, or where it cannot be read."""
        try:
            return decode(Lying, self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Malformed) as damage:
            log.error("%s cannot be read (%s); the worklist is empty", FILE, type(damage).__name__)
            return None

    def items(self, now: datetime | None = None) -> Worklist | None:
        """The document without what is more than a day beyond its day in the store's zone, for a query of now."""
        found = self.whole()
        if found is None:
            return None
        return replace(found.told, items=offered(found.told, now or datetime.now(UTC)))

    def keep(self, told: Worklist, address: str = "") -> None:
        """On disk when this returns. Raises OSError."""
        disk.write(self._path, encode(Lying(address=address, told=told)), 0o600)


def offered(told: Worklist, now: datetime) -> list[Item]:
    """The items whose day, in the store's zone, is today, yesterday or still to come."""
    zone = zone_of(told)
    first = (now.astimezone(zone) - LASTS).date()
    return [one for one in told.items if _day(one, zone) >= first.isoformat()]


def count_today(told: Worklist, now: datetime) -> int:
    """How many items are of the store's today."""
    zone = zone_of(told)
    today = now.astimezone(zone).date().isoformat()
    return sum(_day(one, zone) == today for one in told.items)


def _day(item: Item, zone: tzinfo) -> str:
    """The day in the store's zone; a moment nobody can read is of no day."""
    at = moment_of(item, zone)
    return at.date().isoformat() if at else ""

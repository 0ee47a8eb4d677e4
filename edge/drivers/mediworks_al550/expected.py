"""Which examinations of the store's worklist are meant for this instrument. Blocking: reads the file at each call."""

from datetime import datetime
from pathlib import Path

from edge.worklist.keeping import Kept
from protocols.envelope.worklist import Item, moment_of, zone_of

MODALITY = "OAM"


def asked_for(data: Path | None) -> list[Item]:
    """Every biometry that is still open; a result may come the day after it was pulled."""
    told = Kept(data).items() if data is not None else None
    return [item for item in told.items if item.modality == MODALITY] if told else []


def today(data: Path | None, station: str) -> list[Item]:
    """Today's, in the store's day, for any instrument or this one."""
    told = Kept(data).items() if data is not None else None
    if told is None:
        return []
    place = zone_of(told)
    day = datetime.now(place).date()
    mine = [item for item in told.items if item.modality == MODALITY and item.station in ("", station)]
    return [item for item in mine if (at := moment_of(item, place)) and at.date() == day]

"""Which stores of a chain have a time soonest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from cloud.booking import asking, glance
from cloud.booking.asking import Ask, Sight
from cloud.slots.day import dates

STEP = 3  # days that are looked at together


def soonest(
    session: Session, ask: Ask, stores: Iterable[int], first: date, last: date, count: int
) -> list[tuple[datetime, int]]:
    """The first time of each of the ``count`` stores that have one soonest on these days, both included."""
    found: list[tuple[datetime, int]] = []
    asks = [replace(ask, store_id=one) for one in stores]
    while first <= last and len(found) < count:
        end = min(first + timedelta(days=STEP - 1), last)
        had = {store_id for _at, store_id in found}
        waits = [one for one in asks if one.store_id not in had]
        for one, seen in glance.views(session, waits, first, end) if waits else ():
            at = _first(seen, first, end)
            found += [(at, one.store_id)] if at else []
        first = end + timedelta(days=1)
    return sorted(found)[:count]


def _first(seen: Sight, first: date, last: date) -> datetime | None:
    return next((at for on in dates(first, last) for at in asking.times(seen, on)), None)

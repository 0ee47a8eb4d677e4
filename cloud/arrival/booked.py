"""Booked visits of a store's day, as the ways in read them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from cloud.booking import listing
from cloud.kernel.clock import local
from cloud.people import queries as people
from cloud.queue import queries


class Visit(Protocol):
    """What is asked of a booked visit."""

    id: int
    store_id: int
    patient_id: int
    type_id: int
    shown_at: datetime
    state: str


def of_day(session: Session, store_id: int, day: date) -> list[Visit]:
    """Those that begin on this day of the store's, the earliest first; none that were cancelled or moved."""
    zone = queries.zone(session, store_id)
    begins = datetime.combine(day, time.min, zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    found = listing.between(session, store_id, begins, ends)
    return [one for one in found if local(one.shown_at, zone.key).date() == day]


def whose(session: Session, patient_ids: set[int]) -> dict[int, Any]:
    """The people of these visits; one who was absorbed since is the record that is open today."""
    found: dict[int, Any] = dict(people.named(session, patient_ids))
    into = people.named(session, {one.merged_into for one in found.values() if one.merged_into})
    return {number: into.get(one.merged_into, one) for number, one in found.items()}

"""Visits that come again: every week the same, with what cannot be had shown before anything is booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import asking, glance, services
from cloud.booking.asking import Ask
from cloud.booking.errors import NotOffered, NotRepeated, TooMany
from cloud.booking.models import Visit
from cloud.booking.taking import NEAR
from cloud.kernel.clock import local
from cloud.slots.day import first_real

MOST = 60


@dataclass(frozen=True)
class Wished:
    """One of a series: when it should be, whether it can, and what can be had that day."""

    at: datetime
    free: bool
    others: tuple[datetime, ...]


def plan(session: Session, ask: Ask, first: datetime, rule: str) -> list[Wished]:
    """Every visit of an RFC 5545 rule (``FREQ=WEEKLY;COUNT=12``) from ``first`` on, at the same time by the clock.

    Raises NotRepeated (the rule says nothing, or never ends), TooMany, NotOffered.
    """
    zone = accounts.store(session, ask.store_id).zone
    begins = local(first, zone)
    return [_wished(session, ask, first_real(one, ZoneInfo(zone))) for one in _dates(begins, rule)]


def book(session: Session, ask: Ask, times: Sequence[datetime], patient_id: int, **told: Any) -> list[Visit]:
    """The times that were accepted, all of them or none. Raises Gone, NotOffered, Overlaps, TooMany."""
    if not 1 <= len(times) <= MOST:
        raise TooMany(MOST)
    series = uuid4()
    return [services.book(session, ask, at, patient_id, series=series, **told) for at in sorted(times)]


def _dates(begins: datetime, rule: str) -> list[datetime]:
    """By the wall clock: a week later is the same hour, whatever the clocks did in between."""
    wall = begins.replace(tzinfo=None)
    try:
        repeated = rrulestr(rule, dtstart=wall)
    except (ValueError, TypeError) as refusal:
        raise NotRepeated(str(refusal)) from None
    found: list[datetime] = []
    for one in repeated:
        if len(found) == MOST:
            raise TooMany(MOST)
        found.append(one)
    if not found:
        raise NotRepeated("it names no day")
    return found


def _wished(session: Session, ask: Ask, at: datetime) -> Wished:
    on = local(at, accounts.store(session, ask.store_id).zone).date()
    seen = glance.view(session, ask, on, on)
    if seen is None:
        raise NotOffered(ask.type_id)
    free = asking.times(seen, on)
    near = sorted(free, key=lambda one: abs(one - at))[:NEAR]
    return Wished(at, at in free, () if at in free else tuple(sorted(near)))

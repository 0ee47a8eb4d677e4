"""What can be had on some days, and the next day on which anything can."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from cloud.booking import asking, glance
from cloud.booking.asking import Ask

AHEAD = 180  # days
STEP = 21  # days that are read at once


def times(session: Session, ask: Ask, first: date, last: date) -> dict[date, Sequence[datetime]]:
    """What can be had from ``first`` to ``last``, both included; days without are not in it."""
    return dict(by_day(session, ask, first, last))


def by_day(session: Session, ask: Ask, first: date, last: date) -> tuple[tuple[date, Sequence[datetime]], ...]:
    """The same in order, for whoever says it over and over again."""
    seen = glance.view(session, ask, first, last)
    return tuple(seen.free(first, last)) if seen is not None else ()


def next_day(session: Session, ask: Ask, after: date) -> date | None:
    """The first day after ``after`` that has a time, at most AHEAD days on; None when there is none."""
    last = after + timedelta(days=AHEAD)
    first = after + timedelta(days=1)
    while first <= last:
        end = min(first + timedelta(days=STEP - 1), last)
        seen = glance.view(session, ask, first, end)
        found = next(asking.free(seen, first, end), None) if seen is not None else None
        if found:
            return found[0]
        first = end + timedelta(days=1)
    return None

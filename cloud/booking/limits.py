"""What takes away starts rather than time: notice, horizon, age, and how many visits a day or a week may have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cloud.booking.choices import LIVE, State, Taken
from cloud.booking.models import Hold, Part, Visit
from cloud.kernel.clock import now
from cloud.schedule.choices import Channel, Per, Who
from cloud.schedule.models import Quota
from cloud.slots.day import Day, first_real
from cloud.slots.layers import Kind, Layer, Why

GIVEN_UP = (State.CANCELLED, State.MOVED)


class Limited(Protocol):
    """Minutes of notice, days ahead, and for which ages: a type of visit, or what is remembered of one."""

    @property
    def lead(self) -> int: ...  # noqa: D102
    @property
    def horizon(self) -> int: ...  # noqa: D102
    @property
    def age_from(self) -> int | None: ...  # noqa: D102
    @property
    def age_to(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True)
class Counted:
    """A visit or a hold, as quotas count it; ``on`` by the store's calendar."""

    on: date
    type_id: int
    who: str
    resources: frozenset[int]


@dataclass(frozen=True)
class Quotas:
    """A store's quotas and what has been booked of them."""

    rules: tuple[Quota, ...]
    booked: tuple[Counted, ...]

    def full(self, day: Day, type_id: int, who: Who, resource_id: int | None = None) -> Iterator[Layer]:
        """The whole day for every quota that is used up: of one resource, or of nobody in particular."""
        for rule in self.rules:
            if (
                rule.resource_id == resource_id
                and _concerns(rule, type_id, who)
                and self._count(rule, day.on) >= rule.most
            ):
                yield Layer(day.whole, Why(Kind.LIMIT, rule.id, resource_id))

    def _count(self, rule: Quota, on: date) -> int:
        return sum(_same_time(rule, one.on, on) and _counts(rule, one) for one in self.booked)


def quotas(session: Session, store_id: int, first: Day, last: Day, besides: Iterable[int] = ()) -> Quotas:
    """Those of a store, and what counts for them from the week of ``first`` to that of ``last``."""
    rules = tuple(session.scalars(select(Quota).where(Quota.store_id == store_id).order_by(Quota.id)))
    if not rules:
        return Quotas((), ())
    begins = first_real(datetime.combine(_monday(first.on), time()), first.zone)
    ends = first_real(datetime.combine(_monday(last.on) + timedelta(days=7), time()), last.zone)
    found = [*_visits(session, store_id, begins, ends, besides), *_holds(session, store_id, begins, ends)]
    return Quotas(
        rules,
        tuple(Counted(at.astimezone(first.zone).date(), kind, who, frozenset(ids)) for at, kind, who, ids in found),
    )


def notice(day: Day, of: Limited, channel: Channel, moment: datetime) -> list[Layer]:
    """The desk may book from now on without end; everybody else gives notice and does not look too far ahead."""
    if channel == Channel.DESK:
        return [Layer(day.between(day.begins, moment), Why(Kind.TOO_SOON))]
    last = moment.astimezone(day.zone).date() + timedelta(days=of.horizon)
    soon = Layer(day.between(day.begins, moment + timedelta(minutes=of.lead)), Why(Kind.TOO_SOON))
    return [soon, Layer(day.whole if day.on > last else 0, Why(Kind.TOO_FAR))]


def of_age(of: Limited, born: date, on: date) -> bool:
    """Whether a type is for somebody of their age on that day."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return (of.age_from is None or years >= of.age_from) and (of.age_to is None or years <= of.age_to)


def age(day: Day, of: Limited, born: date | None) -> list[Layer]:
    """A type for some ages is not for others, by the age on the day of the visit; an unknown age is let in."""
    if born is None:
        return []
    return [] if of_age(of, born, day.on) else [Layer(day.whole, Why(Kind.NOT_ALLOWED))]


def _concerns(rule: Quota, type_id: int, who: Who) -> bool:
    return rule.type_id in (None, type_id) and rule.who in (Who.BOTH, who)


def _counts(rule: Quota, one: Counted) -> bool:
    ours = rule.resource_id is None or rule.resource_id in one.resources
    return ours and rule.type_id in (None, one.type_id) and rule.who in (Who.BOTH, one.who)


def _same_time(rule: Quota, one: date, other: date) -> bool:
    return _monday(one) == _monday(other) if rule.per == Per.WEEK else one == other


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _visits(
    session: Session, store_id: int, begins: datetime, ends: datetime, besides: Iterable[int]
) -> Iterable[tuple[datetime, int, str, list[int]]]:
    query = select(Visit.shown_at, Visit.type_id, Visit.who, func.array_agg(Part.resource_id))
    query = query.join(Part, (Part.tenant_id == Visit.tenant_id) & (Part.visit_id == Visit.id))
    query = query.where(Visit.store_id == store_id, Visit.shown_at >= begins, Visit.shown_at < ends)
    query = query.where(Visit.state.not_in(GIVEN_UP), Visit.id.not_in(list(besides)))
    # of a visit that is still to come, whoever gave their part to somebody else has none in it
    query = query.where(or_(Part.taken != Taken.OVER, Visit.state.not_in(LIVE)))
    return [tuple(row) for row in session.execute(query.group_by(Visit.tenant_id, Visit.id))]  # type: ignore[misc]


def _holds(
    session: Session, store_id: int, begins: datetime, ends: datetime
) -> Iterable[tuple[datetime, int, str, list[int]]]:
    query = select(Hold.shown_at, Hold.type_id, Hold.who, func.array_agg(Part.resource_id))
    query = query.join(Part, (Part.tenant_id == Hold.tenant_id) & (Part.hold_id == Hold.id))
    query = query.where(Hold.store_id == store_id, Hold.shown_at >= begins, Hold.shown_at < ends, Hold.until > now())
    return [tuple(row) for row in session.execute(query.group_by(Hold.tenant_id, Hold.id))]  # type: ignore[misc]

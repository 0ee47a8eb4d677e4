"""What somebody wants to book, and what of a store's days is free for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.booking import limits
from cloud.booking.choices import LIVE, State, Taken
from cloud.booking.limits import Quotas
from cloud.booking.models import Hold, Part, Visit
from cloud.kernel.clock import now
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Answer, Channel, Who
from cloud.schedule.models import Resource, Segment
from cloud.schedule.plan import Plan
from cloud.schedule.queries import Recipe
from cloud.slots import bits, reasons, search
from cloud.slots.day import Day, dates
from cloud.slots.layers import Ground, Kind, Layer, Why
from cloud.slots.search import Question
from cloud.slots.visit import Segment as Stretch
from cloud.slots.visit import Visit as Wish

Busy = dict[int, list[tuple[datetime, datetime, int]]]


@dataclass(frozen=True)
class Ask:
    """A wish: a type in a store, for whom and by which channel.

    ``born`` is when that person was, if it is known; ``besides`` are visits that will be given up for it. Where one of
    ``wanted`` (resources) can serve, nobody else does.
    """

    store_id: int
    type_id: int
    who: Who
    channel: Channel
    born: date | None = None
    besides: frozenset[int] = frozenset()
    wanted: frozenset[int] = frozenset()


class Sight(Protocol):
    """Some days of a store, and what could begin on them."""

    @property
    def shown(self) -> int:
        """Minutes the patient is told."""
        ...

    @property
    def weights(self) -> Mapping[int, int]:
        """How much of the work everybody should have."""
        ...

    def day(self, on: date) -> Day:
        """A day of the store."""
        ...

    def starts(self, on: date) -> int:
        """Quanta of a day at which a visit can begin."""
        ...

    def questions(self, on: date) -> Iterator[Question]:
        """One for every combination of lengths."""
        ...

    def free(self, first: date, last: date) -> Iterable[tuple[date, Sequence[datetime]]]:
        """Days that have a time, with their times; whoever wants the first day alone looks at no other."""
        ...


@dataclass(frozen=True)
class View:
    """What is known of the days that were asked for."""

    ask: Ask
    recipe: Recipe
    plan: Plan
    busy: Busy
    quotas: Quotas
    moment: datetime

    @property
    def shown(self) -> int:
        """Minutes the patient is told."""
        return self.recipe.type.shown

    @property
    def weights(self) -> Mapping[int, int]:
        """How much of the work everybody should have."""
        return {one.id: one.weight for one in self.plan.resources.values()}

    def day(self, on: date) -> Day:
        """A day of the store."""
        return self.plan.day(on)

    def starts(self, on: date) -> int:
        """Quanta at which a visit can begin."""
        return bits.union(search.starts(question) for question in self.questions(on))

    def questions(self, on: date) -> Iterator[Question]:
        """One for every combination of lengths."""
        day = self.plan.day(on)
        grounds = {one.id: self._ground(day, one.id) for one in self.able()}
        taken = tuple(self._limits(day))
        for visit in wished(self.recipe, self.able(), self.ask):
            yield Question(day, visit, grounds, schedule.start_grid(self.recipe.type), taken)

    def free(self, first: date, last: date) -> Iterator[tuple[date, Sequence[datetime]]]:
        """Days that have a time, with their times."""
        return free(self, first, last)

    def able(self) -> list[Resource]:
        """Everybody this type may need."""
        return able(self.recipe, self.plan.resources.values())

    def _ground(self, day: Day, resource_id: int) -> Ground:
        kept = self.plan.of_type(day, resource_id, self.ask.type_id)
        full = self.quotas.full(day, self.ask.type_id, self.ask.who, resource_id)
        return ground(self.plan, self.busy, day, resource_id).under([*kept, *full])

    def _limits(self, day: Day) -> Iterator[Layer]:
        kind = self.recipe.type
        yield from limits.notice(day, kind, self.ask.channel, self.moment)
        yield from limits.age(day, kind, self.ask.born)
        yield from self.quotas.full(day, kind.id, self.ask.who)


def able(recipe: Recipe, resources: Iterable[Resource]) -> list[Resource]:
    """Whoever has a skill that a type asks for."""
    skills = recipe.skills()
    return [one for one in resources if skills & set(one.skills)]


def wished(recipe: Recipe, resources: list[Resource], ask: Ask) -> Iterator[Wish]:
    """The visits with whoever is wanted; none of a length that only others have."""
    for visit in schedule.visits(recipe, resources, ask.who):
        pairs = zip(visit.segments, recipe.segments, strict=True)
        segments = tuple(_narrowed(*pair, recipe, resources, ask) for pair in pairs)
        if not ask.wanted or all(need.pool for segment in segments for need in segment.needs):
            yield replace(visit, segments=segments)


def _narrowed(segment: Stretch, written: Segment, recipe: Recipe, resources: list[Resource], ask: Ask) -> Stretch:
    skills = (need.skill for need in recipe.needs.get(written.id, ()))
    wished = [frozenset(one.id for one in resources if skill in one.skills) & ask.wanted for skill in skills]
    needs = (
        replace(need, pool=need.pool & some) if len(some) >= need.count else need
        for need, some in zip(segment.needs, wished, strict=True)
    )
    return replace(segment, needs=tuple(needs))


def view(session: Session, ask: Ask, first: date, last: date) -> View | None:
    """Everything that decides on these days, both included; None where this type cannot be booked like that."""
    recipe = schedule.recipe(session, ask.type_id)
    offered = schedule.answer(session, ask.store_id, ask.type_id, ask.channel, ask.who)
    if recipe is None or offered != Answer.BOOK:
        return None
    plan = schedule.plan(session, ask.store_id, first, last)
    days = plan.day(first), plan.day(last)
    taken = busy(session, plan.resources, (days[0].begins, days[1].ends), ask.besides)
    return View(ask, recipe, plan, taken, limits.quotas(session, ask.store_id, *days, ask.besides), now())


def busy(
    session: Session, resources: Iterable[int], around: tuple[datetime, datetime], besides: Iterable[int] = ()
) -> Busy:
    """What is taken of these resources; a hold that has ended takes nothing, swept away or not."""
    alive = or_(Part.taken.in_((Taken.BOOKED, Taken.OVERBOOKED)), (Part.taken == Taken.HOLD) & (Hold.until > now()))
    query = select(Part.resource_id, Part.starts_at, Part.ends_at, Part.id).outerjoin(
        Hold, (Hold.tenant_id == Part.tenant_id) & (Hold.id == Part.hold_id)
    )
    query = query.where(Part.resource_id.in_(list(resources)), Part.ends_at > around[0], Part.starts_at < around[1])
    query = query.where(alive, or_(Part.visit_id.is_(None), Part.visit_id.not_in(list(besides))))
    found: Busy = defaultdict(list)
    for resource_id, starts_at, ends_at, part_id in session.execute(query):
        found[resource_id].append((starts_at, ends_at, part_id))
    return found


def ground(plan: Plan, taken: Busy, day: Day, resource_id: int) -> Ground:
    """A resource's day for any type of visit: its hours, and what is taken of them."""
    return with_busy(plan.ground(day, resource_id), taken, day, resource_id)


def with_busy(found: Ground, taken: Busy, day: Day, resource_id: int) -> Ground:
    """The same day with the visits and holds in it."""
    for starts_at, ends_at, part_id in taken.get(resource_id, ()):
        quanta = day.between(starts_at, ends_at)
        if quanta:
            found = found.busy(quanta, Why(Kind.BUSY, part_id, resource_id))
    return found


def free(seen: Sight, first: date, last: date) -> Iterator[tuple[date, Sequence[datetime]]]:
    """Day by day."""
    for on in dates(first, last):
        found = tuple(times(seen, on))
        if found:
            yield on, found


def times(seen: Sight, on: date) -> list[datetime]:
    """When a visit can begin on a day, as instants."""
    day = seen.day(on)
    return [day.instant(one) for one in bits.places(seen.starts(on))]


def missing(seen: View, on: date) -> dict[datetime, frozenset[Why]]:
    """For the troubleshooter: every mark of the grid that cannot be had, and why."""
    day = seen.plan.day(on)
    offered = set(times(seen, on))
    told: dict[datetime, frozenset[Why]] = {}
    for question in seen.questions(on):
        for start, why in reasons.missing(question).items():
            at = day.instant(start)
            told[at] = told.get(at, frozenset()) | why
    return {at: why for at, why in sorted(told.items()) if at not in offered}


def last_served(session: Session, patient_id: int, store_id: int) -> frozenset[int]:
    """Who and what somebody had at their last visit in a store; nobody where there was none."""
    ours = (Visit.patient_id == patient_id, Visit.store_id == store_id, Visit.shown_at < now())
    last = select(Visit.id).where(*ours, Visit.state.not_in((State.CANCELLED, State.NO_SHOW, State.MOVED)))
    newest = last.order_by(Visit.shown_at.desc(), Visit.id.desc()).limit(1).scalar_subquery()
    return frozenset(session.scalars(select(Part.resource_id).where(Part.visit_id == newest)))


def others_of(session: Session, patient_id: int, starts_at: datetime, ends_at: datetime) -> list[Visit]:
    """Visits of the same person that meet this time."""
    query = select(Visit).where(Visit.patient_id == patient_id, Visit.state.in_(LIVE))
    return list(session.scalars(query.where(Visit.shown_at < ends_at, Visit.ends_at > starts_at)))

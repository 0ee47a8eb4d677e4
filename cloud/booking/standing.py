"""Visits that are booked, held against the schedule as it is now: what of their time is not there any more.

The same plan, the same layers as asking what is free; so what is said here and what is offered cannot disagree.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cloud.booking import asking
from cloud.booking.choices import LIVE, Taken
from cloud.booking.models import Part, Visit
from cloud.kernel.clock import local
from cloud.schedule import queries as schedule
from cloud.schedule.models import Need, Segment
from cloud.schedule.plan import Plan
from cloud.slots.day import QUANTUM, Day
from cloud.slots.layers import Ground, Kind, Why

Booked = Visit  # for rooms that change the schedule and do not know our tables
EVER = datetime(9000, 1, 1, tzinfo=UTC)
OURS = (Taken.BOOKED, Taken.OVERBOOKED)


@dataclass(frozen=True)
class Gap:
    """What of a part's time the schedule does not give: quanta of its day, and the sorts of reasons."""

    missing: int
    kinds: frozenset[Kind]

    def grew(self, before: "Gap | None") -> bool:
        """Whether more is missing than there was, or for another reason."""
        return before is None or bool(self.missing & ~before.missing or self.kinds - before.kinds)


Gaps = Mapping[tuple[int, int], Gap]  # by visit and part


@dataclass(frozen=True)
class Store:
    """A store's plan over some days with what is booked in it."""

    plan: Plan
    parts: tuple[tuple[Part, Visit], ...]
    busy: asking.Busy
    skills: Mapping[tuple[int, int], frozenset[str]]

    def gaps(self) -> Gaps:
        """Of every part that does not stand as it was booked."""
        found = {(visit.id, part.id): self._gap(part, visit) for part, visit in self.parts}
        return {key: gap for key, gap in found.items() if gap is not None}

    def could(self, resource_id: int, part: Part, visit: Visit) -> bool:
        """Whether another resource could do this part, at the same time."""
        instead = self.skills.get((visit.type_id, part.segment), frozenset()) & set(
            self.plan.resources[part.resource_id].skills
        )
        able = bool(instead) and instead <= set(self.plan.resources[resource_id].skills)
        return able and self._gap(part, visit, resource_id) is None

    def _gap(self, part: Part, visit: Visit, resource_id: int | None = None) -> Gap | None:
        one = resource_id or part.resource_id
        day = self.plan.day(self._on(part.starts_at))
        wanted = day.between(part.starts_at, part.ends_at)
        ground = self._among_others(part, visit, day, one)
        why = {found.kind for found in ground.covering(wanted)}
        if not self._skilled(part, visit, one):
            return Gap(wanted, frozenset({*why, Kind.NOBODY}))
        return Gap(wanted & ~ground.free, frozenset(why)) if why else None

    def _among_others(self, part: Part, visit: Visit, day: Day, resource_id: int) -> Ground:
        """What the schedule and other visits leave around a part of one that stands there itself."""
        found, own = self._planned(day, resource_id, visit.type_id), self._of_visit[visit.id]
        slack = (found.between + 1) * QUANTUM
        for starts_at, ends_at, part_id in self._by_day.get((resource_id, day.on), ()):
            near = starts_at < part.ends_at + slack and part.starts_at - slack < ends_at
            if near and part_id not in own:
                found = found.busy(day.between(starts_at, ends_at), Why(Kind.BUSY, part_id, resource_id))
        return found

    def _planned(self, day: Day, resource_id: int, type_id: int) -> Ground:
        """A day for all types is worked out once, and for one type where the type makes a difference."""
        if (resource_id, day.on) not in self._known:
            self._known[resource_id, day.on] = self.plan.ground(day, resource_id)
        found = self._known[resource_id, day.on]
        return found.under(self.plan.of_type(day, resource_id, type_id)) if self._special else found

    @cached_property
    def _known(self) -> dict[tuple[int, date], Ground]:
        return {}

    @cached_property
    def _special(self) -> bool:
        """Whether some time is kept for some types."""
        return any(one.types for one in self.plan.rules) or any(one.types for one in self.plan.blocks)

    def _skilled(self, part: Part, visit: Visit, resource_id: int) -> bool:
        """Whether it still has what the segment asks for; a segment that is there no more asks for nothing."""
        asked = self.skills.get((visit.type_id, part.segment))
        return asked is None or bool(asked & set(self.plan.resources[resource_id].skills))

    def _on(self, at: datetime) -> date:
        return local(at, self.plan.zone).date()

    @cached_property
    def _of_visit(self) -> Mapping[int, frozenset[int]]:
        found = defaultdict(set)
        for part, visit in self.parts:
            found[visit.id].add(part.id)
        return {key: frozenset(ids) for key, ids in found.items()}

    @cached_property
    def _by_day(self) -> Mapping[tuple[int, date], list[tuple[datetime, datetime, int]]]:
        """What is taken, by resource and day."""
        found = defaultdict(list)
        for resource_id, taken in self.busy.items():
            for one in taken:
                found[resource_id, self._on(one[0])].append(one)
        return found


def store(
    session: Session, store_id: int, since: datetime, until: datetime = EVER, only: Iterable[int] | None = None
) -> Store | None:
    """What is booked in a store from ``since`` to ``until``, or some visits of it alone; None when nothing is."""
    parts = tuple((part, visit) for part, visit in session.execute(_parts(store_id, (since, until), only)))
    if not parts:
        return None
    first, last = since.date() - timedelta(days=1), max(one.ends_at for one, _visit in parts).date() + timedelta(days=1)
    plan = schedule.plan(session, store_id, first, last)
    around = plan.day(first).begins, plan.day(last).ends
    busy = asking.busy(session, plan.resources, around)
    return Store(plan, parts, busy, _skills(session, {visit.type_id for _part, visit in parts}))


def gaps(session: Session, store_id: int, since: datetime, until: datetime = EVER) -> Gaps:
    """What is missing of the visits of a store from ``since`` to ``until``, by the schedule as it is now."""
    found = store(session, store_id, since, until)
    return found.gaps() if found else {}


def worse(before: Gaps, after: Gaps) -> list[int]:
    """Numbers of visits that miss something which they did not miss before, in order."""
    return sorted({visit for (visit, part), gap in after.items() if gap.grew(before.get((visit, part)))})


def visits(session: Session, ids: Iterable[int]) -> list[Visit]:
    """These, by when they are."""
    return list(session.scalars(select(Visit).where(Visit.id.in_(list(ids))).order_by(Visit.shown_at, Visit.id)))


def stores(session: Session, since: datetime, until: datetime = EVER) -> list[int]:
    """Stores in which something is booked from ``since`` to ``until``."""
    query = select(Visit.store_id).where(Visit.state.in_(LIVE), Visit.shown_at > since, Visit.shown_at < until)
    return list(session.scalars(query.distinct().order_by(Visit.store_id)))


def served_by(session: Session, ids: Iterable[int]) -> dict[int, list[int]]:
    """Numbers of the resources of each visit."""
    query = select(Part.visit_id, func.array_agg(Part.resource_id.distinct()))
    query = query.where(Part.visit_id.in_(list(ids)), Part.taken.in_(OURS)).group_by(Part.visit_id)
    return {visit: list(found) for visit, found in session.execute(query) if visit is not None}


def _parts(store_id: int, around: tuple[datetime, datetime], only: Iterable[int] | None) -> Select[Part, Visit]:
    query = select(Part, Visit).join(Visit, (Visit.tenant_id == Part.tenant_id) & (Visit.id == Part.visit_id))
    query = query.where(Visit.store_id == store_id, Visit.state.in_(LIVE))
    query = query.where(Visit.shown_at > around[0], Visit.shown_at < around[1])
    query = query.where(Part.taken.in_(OURS)).order_by(Visit.shown_at, Visit.id, Part.starts_at, Part.id)
    return query if only is None else query.where(Visit.id.in_(list(only)))


def _skills(session: Session, types: set[int]) -> dict[tuple[int, int], frozenset[str]]:
    query = select(Segment.type_id, Segment.number, func.array_agg(Need.skill))
    query = query.join(Need, (Need.tenant_id == Segment.tenant_id) & (Need.segment_id == Segment.id))
    query = query.where(Segment.type_id.in_(types)).group_by(Segment.type_id, Segment.number)
    return {(type_id, number): frozenset(found) for type_id, number, found in session.execute(query)}

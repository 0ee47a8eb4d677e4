"""Questions about resources, hours and types."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.kernel.tenancy import current_tenant
from cloud.schedule.choices import Answer, Channel, Turn, Who
from cloud.schedule.models import Block, Dated, Length, Need, Offered, Policy, Quota, Resource, Rule, Segment, Type
from cloud.schedule.plan import QUANTUM, Plan
from cloud.slots import grid, visit

DAY = timedelta(days=1)


def policy(session: Session, store_id: int) -> Policy:
    """The store's own policy, else the chain's, else what stands without any."""
    ours = or_(Policy.store_id == store_id, Policy.store_id.is_(None))
    found = session.scalars(select(Policy).where(ours).order_by(Policy.store_id.nulls_last())).first()
    return found or Policy(turn="max", hold_minutes=7, country="GB", overlap="warn")


def turns(session: Session, stores: Collection[int]) -> dict[int, str]:
    """By store how the turn-overs of two neighbours add up."""
    ours = select(Policy.store_id, Policy.turn).where(or_(Policy.store_id.in_(list(stores)), Policy.store_id.is_(None)))
    found = {one.store_id: one.turn for one in session.execute(ours)}
    return {one: found.get(one, found.get(None, Turn.MAX)) for one in stores}


def plan(session: Session, store_id: int, first: date, last: date) -> Plan:
    """The schedule of a store from ``first`` to ``last``, both included."""
    zone = accounts.store(session, store_id).zone
    resources = session.scalars(select(Resource).where(Resource.store_id == store_id))
    rules = select(Rule).where(Rule.store_id == store_id, or_(Rule.until.is_(None), Rule.until >= first))
    rules = rules.where(or_(Rule.since.is_(None), Rule.since <= last))
    ours = or_(Dated.store_id == store_id, Dated.store_id.is_(None))
    dated = select(Dated).where(ours, Dated.on_date.between(first, last))
    around = datetime.combine(first, time(), UTC) - DAY, datetime.combine(last, time(), UTC) + 2 * DAY
    blocks = select(Block).where(Block.store_id == store_id, Block.ended_at.is_(None))
    blocks = blocks.where(Block.ends_at > around[0], Block.starts_at < around[1])
    return Plan(
        zone,
        policy(session, store_id).turn,
        {one.id: one for one in resources},
        tuple(session.scalars(rules)),
        tuple(session.scalars(dated)),
        tuple(session.scalars(blocks)),
    )


def able(session: Session, store_id: int, type_id: int) -> list[int]:
    """Numbers of everybody in a store whom booking a type has to wait for, in order.

    That is whoever has a skill it asks for; where a quota counts several types together, everybody.
    """
    if session.scalars(select(Quota.id).where(Quota.store_id == store_id, Quota.type_id.is_(None)).limit(1)).first():
        return list(session.scalars(select(Resource.id).where(Resource.store_id == store_id).order_by(Resource.id)))
    skills = select(Need.skill).join(Segment, (Segment.tenant_id == Need.tenant_id) & (Segment.id == Need.segment_id))
    asked = set(session.scalars(skills.where(Segment.type_id == type_id)))
    found = session.scalars(select(Resource).where(Resource.store_id == store_id).order_by(Resource.id))
    return [one.id for one in found if asked & set(one.skills)]


def answer(session: Session, store_id: int, type_id: int, channel: Channel, who: Who) -> Answer:
    """What becomes of somebody who wants a type there, by this channel."""
    return answers(session, [store_id], type_id, channel, who)[store_id]


def answers(session: Session, stores: Collection[int], type_id: int, channel: Channel, who: Who) -> dict[int, Answer]:
    """The same of several stores."""
    offered = select(Offered).join(Type, (Type.tenant_id == Offered.tenant_id) & (Type.id == Offered.type_id))
    ours = offered.where(Offered.store_id.in_(list(stores)), Offered.type_id == type_id, Offered.channel == channel)
    found = {one.store_id: one for one in session.scalars(ours.where(Type.active))}
    return {one: _answered(found.get(one), who) for one in stores}


def _answered(found: Offered | None, who: Who) -> Answer:
    if found is None:
        return Answer.NO
    return Answer(found.new if who == Who.NEW else found.existing)


def resources(session: Session, store_id: int) -> list[Resource]:
    """Everybody and everything of a store, in the practice's order."""
    found = select(Resource).where(Resource.store_id == store_id)
    return list(session.scalars(found.order_by(Resource.place, Resource.name, Resource.id)))


def names(session: Session, store_id: int) -> dict[int, str]:
    """What everybody and everything of a store is called, by number."""
    found = session.execute(select(Resource.id, Resource.name).where(Resource.store_id == store_id))
    return {row.id: row.name for row in found}


def types(session: Session) -> dict[int, Type]:
    """Every type of the chain by its number, given up or not."""
    return {one.id: one for one in session.scalars(select(Type).order_by(Type.id))}


def booked_by(session: Session, store_id: int, channel: Channel) -> list[Type]:
    """Types that somebody, new or known, can book in a store by a channel."""
    query = select(Type).join(Offered, (Offered.tenant_id == Type.tenant_id) & (Offered.type_id == Type.id))
    ours = query.where(Offered.store_id == store_id, Offered.channel == channel, Type.active)
    some = or_(Offered.new == Answer.BOOK, Offered.existing == Answer.BOOK)
    return list(session.scalars(ours.where(some).order_by(Type.id)))


@dataclass(frozen=True)
class Recipe:
    """A type and what its segments need, as it is written."""

    type: Type
    segments: tuple[Segment, ...]
    needs: dict[int, tuple[Need, ...]]
    lengths: dict[int, tuple[Length, ...]]

    def skills(self) -> set[str]:
        """Everything some segment asks for."""
        return {need.skill for needs in self.needs.values() for need in needs}


def kind(session: Session, type_id: int) -> Type | None:
    """A type by its number."""
    return session.get(Type, (current_tenant(), type_id))


def recipe(session: Session, type_id: int) -> Recipe | None:
    """A type with its segments; None when there is no such type."""
    found = kind(session, type_id)
    if found is None:
        return None
    segments = tuple(session.scalars(select(Segment).where(Segment.type_id == type_id).order_by(Segment.number)))
    ids = [one.id for one in segments]
    needs = session.scalars(select(Need).where(Need.segment_id.in_(ids)).order_by(Need.id))
    lengths = session.scalars(select(Length).where(Length.segment_id.in_(ids)).order_by(Length.id))
    return Recipe(found, segments, _by_segment(needs), _by_segment(lengths))


def visits(of: Recipe, resources: Iterable[Resource], who: Who) -> list[visit.Visit]:
    """What is wanted of these resources: one visit for every combination of lengths that somebody's own makes."""
    resources = list(resources)
    choices = [_choices(of, segment, resources, who) for segment in of.segments]
    return [visit.Visit(tuple(one), of.type.before // QUANTUM) for one in product(*choices)]


def start_grid(of: Type) -> grid.Grid:
    """Its marks."""
    told = of.grid
    if told["kind"] == "listed":
        return grid.Listed(frozenset(told["times"]))
    if told["kind"] == "packed":
        return grid.Packed(told["every"] // QUANTUM)
    return grid.Clock(told["every"], told.get("offset", 0))


def _choices(of: Recipe, segment: Segment, resources: list[Resource], who: Who) -> list[visit.Segment]:
    """The segment as it is written, without those who have a length of their own, and once for each of these."""
    own = {one.resource_id: one.minutes for one in of.lengths.get(segment.id, ()) if one.who in (Who.BOTH, who)}
    usual = own.pop(None, segment.minutes)
    others = [one for one in resources if one.id not in own]
    found = [_segment(of, segment, others, usual, None)]
    found += [_segment(of, segment, resources, minutes, id_) for id_, minutes in own.items() if id_ is not None]
    return [one for one in found if all(need.pool for need in one.needs)] or found[:1]


def _segment(of: Recipe, segment: Segment, resources: list[Resource], minutes: int, only: int | None) -> visit.Segment:
    needs = of.needs.get(segment.id, ())
    wants = tuple(visit.Need(_able(resources, need.skill, only), need.count, need.same) for need in needs)
    gap = (segment.gap_least // QUANTUM, segment.gap_most // QUANTUM)
    return visit.Segment(minutes // QUANTUM, wants, gap)


def _able(resources: list[Resource], skill: str, only: int | None) -> frozenset[int]:
    """Who has a skill; where one of them is meant, that one alone."""
    able = frozenset(one.id for one in resources if skill in one.skills)
    return frozenset({only}) if only in able else able


def _by_segment(rows: Iterable[Length] | Iterable[Need]) -> dict[int, tuple]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for one in rows:
        found[one.segment_id].append(one)
    return {key: tuple(those) for key, those in found.items()}

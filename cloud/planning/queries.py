"""Questions about what is planned. Rows of another store are as little to be found as those of another chain."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cloud.kernel.tenancy import current_tenant
from cloud.planning.errors import NoSuchThing
from cloud.planning.models import Change
from cloud.schedule.models import Block, Dated, Length, Need, Offered, Policy, Quota, Resource, Rule, Segment, Type

Ours = TypeVar("Ours", Resource, Rule, Dated, Block, Quota)
HISTORY = 50


def of_store(session: Session, kind: type[Ours], store_id: int, row_id: int) -> Ours:
    """A row of this store. Raises NoSuchThing."""
    one = session.get(kind, (current_tenant(), row_id))
    if one is None or one.store_id != store_id:
        raise NoSuchThing(row_id)
    return one


def resources(session: Session, store_id: int) -> Sequence[Resource]:
    """Everybody and everything of a store, in the order of its pages."""
    query = select(Resource).where(Resource.store_id == store_id)
    return session.scalars(query.order_by(Resource.place, Resource.name, Resource.id)).all()


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """What these resources are called, whatever became of them."""
    found = session.execute(select(Resource.id, Resource.name).where(Resource.id.in_(list(ids))))
    return {row.id: row.name for row in found}


def rules(session: Session, store_id: int, resource_id: int | None, since: date | None = None) -> Sequence[Rule]:
    """Weekly rules of one resource or of the store itself; those that end before ``since`` are left out."""
    query = select(Rule).where(Rule.store_id == store_id, _whose(Rule.resource_id, resource_id))
    if since is not None:
        query = query.where(or_(Rule.until.is_(None), Rule.until >= since))
    return session.scalars(query.order_by(Rule.effect, Rule.starts, Rule.id)).all()


def all_rules(session: Session, store_id: int, since: date) -> Sequence[Rule]:
    """Weekly rules of a store and of everybody in it that do not end before ``since``."""
    query = select(Rule).where(Rule.store_id == store_id, or_(Rule.until.is_(None), Rule.until >= since))
    return session.scalars(query.order_by(Rule.starts, Rule.id)).all()


def dated(session: Session, store_id: int, first: date, last: date) -> Sequence[Dated]:
    """Exceptions of a store, of everybody in it and of the chain, by date."""
    ours = or_(Dated.store_id == store_id, Dated.store_id.is_(None))
    query = select(Dated).where(ours, Dated.on_date.between(first, last))
    return session.scalars(query.order_by(Dated.on_date, Dated.resource_id.nulls_first(), Dated.id)).all()


def one_dated(session: Session, store_id: int, row_id: int) -> Dated:
    """An exception that concerns this store. Raises NoSuchThing."""
    one = session.get(Dated, (current_tenant(), row_id))
    if one is None or one.store_id not in (None, store_id):
        raise NoSuchThing(row_id)
    return one


def blocks(session: Session, store_id: int, since: datetime) -> Sequence[Block]:
    """Block-offs of a store that end after ``since``, also those that were taken back."""
    query = select(Block).where(Block.store_id == store_id, Block.ends_at > since)
    return session.scalars(query.order_by(Block.starts_at, Block.id)).all()


def types(session: Session) -> Sequence[Type]:
    """Every type of visit of the chain."""
    return session.scalars(select(Type).order_by(Type.active.desc(), Type.code)).all()


def type_(session: Session, type_id: int) -> Type:
    """One type. Raises NoSuchThing."""
    one = session.get(Type, (current_tenant(), type_id))
    if one is None:
        raise NoSuchThing(type_id)
    return one


def needs(session: Session, types: Collection[int]) -> dict[int, list[tuple[Segment, list[Need]]]]:
    """What these types take: their segments in order, each with what it needs."""
    found: dict[int, list[tuple[Segment, list[Need]]]] = {one: [] for one in types}
    wanted = select(Segment).where(Segment.type_id.in_(types)).order_by(Segment.number)
    segments = session.scalars(wanted).all()
    asked = select(Need).where(Need.segment_id.in_([one.id for one in segments])).order_by(Need.id)
    everything = session.scalars(asked).all()
    for segment in segments:
        found[segment.type_id].append((segment, [one for one in everything if one.segment_id == segment.id]))
    return found


def lengths(session: Session, type_id: int) -> Sequence[Length]:
    """Other lengths of a type's segments."""
    mine = select(Segment.id).where(Segment.type_id == type_id)
    return session.scalars(select(Length).where(Length.segment_id.in_(mine)).order_by(Length.id)).all()


def offers(session: Session, store_id: int) -> dict[tuple[int, str], Offered]:
    """What is offered in a store, by type and channel."""
    found = session.scalars(select(Offered).where(Offered.store_id == store_id))
    return {(one.type_id, one.channel): one for one in found}


def quotas(session: Session, store_id: int) -> Sequence[Quota]:
    """How many visits a store takes at most."""
    return session.scalars(select(Quota).where(Quota.store_id == store_id).order_by(Quota.id)).all()


def policy(session: Session, store_id: int | None) -> Policy | None:
    """The policy that was set for a store or for the chain, if one was."""
    return session.scalars(select(Policy).where(_whose(Policy.store_id, store_id))).first()


def skills(session: Session) -> list[str]:
    """Every skill somebody of the chain has or some type asks for."""
    had = session.scalars(select(func.unnest(Resource.skills)).distinct())
    return sorted({*had, *session.scalars(select(Need.skill).distinct())})


def history(session: Session, store_id: int) -> Sequence[Change]:
    """The last changes of a store and of the chain, newest first."""
    ours = or_(Change.store_id == store_id, Change.store_id.is_(None))
    return session.scalars(select(Change).where(ours).order_by(Change.id.desc()).limit(HISTORY)).all()


def change(session: Session, store_id: int, change_id: int) -> Change:
    """One change that concerns this store. Raises NoSuchThing."""
    one = session.get(Change, (current_tenant(), change_id))
    if one is None or one.store_id not in (None, store_id):
        raise NoSuchThing(change_id)
    return one


def ending(session: Session, subject: str, subject_id: int) -> Change | None:
    """How a row was ended last."""
    query = select(Change).where(Change.subject == subject, Change.subject_id == subject_id, Change.deed == "ended")
    return session.scalars(query.order_by(Change.id.desc()).limit(1)).first()


def _whose(column: InstrumentedAttribute[int | None], number: int | None) -> ColumnElement[bool]:
    return column.is_(None) if number is None else column == number

"""What a store offers to somebody who books by themselves: types, people, days, and where else there is a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import chain, finding, limits
from cloud.booking.asking import Ask
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Answer, Channel, Kind, Who
from cloud.schedule.models import Offered, Resource, Type

SPEAKS = "language:"
ELSEWHERE, LOOKED = 3, 12  # other stores that are shown, and at how many one looks


@dataclass(frozen=True)
class Offer:
    """A type and what becomes of somebody who wants it."""

    type: Type
    answer: Answer


@dataclass(frozen=True)
class Server:
    """Somebody a patient may wish for."""

    id: int
    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Another store of the chain, and its first time."""

    store_id: int
    at: datetime


def offers(session: Session, store_id: int, who: Who, born: date | None, on: date, shown: str = "") -> list[Offer]:
    """Types one may have online, by place in the list; a hidden one only when ``shown`` is its code."""
    rows = session.execute(
        select(Type, Offered)
        .join(Offered, (Offered.tenant_id == Type.tenant_id) & (Offered.type_id == Type.id))
        .where(Offered.store_id == store_id, Offered.channel == Channel.ONLINE, Type.active)
        .order_by(Type.shown, Type.id)
    ).all()
    found = [Offer(kind, Answer(there.new if who == Who.NEW else there.existing)) for kind, there in rows]
    there = [one for one in found if one.answer != Answer.NO and (not one.type.hidden or one.type.code == shown)]
    return [one for one in there if born is None or limits.of_age(one.type, born, on)]


def offer(session: Session, store_id: int, type_id: int, who: Who) -> Offer | None:
    """One of them by its number, whoever it fits; None where it is not to be had."""
    kind = schedule.kind(session, type_id)
    answer = schedule.answer(session, store_id, type_id, Channel.ONLINE, who)
    return Offer(kind, answer) if kind is not None and answer != Answer.NO else None


def types(session: Session, type_ids: Iterable[int]) -> dict[int, Type]:
    """Types by number."""
    return {one.id: one for one in session.scalars(select(Type).where(Type.id.in_(list(type_ids))))}


def hidden(session: Session) -> Sequence[Type]:
    """Types that only a secret link shows."""
    return session.scalars(select(Type).where(Type.hidden, Type.active).order_by(Type.id)).all()


def servers(session: Session, store_id: int, type_ids: Iterable[int]) -> list[Server]:
    """People who may serve one of these types."""
    able = {one for type_id in type_ids for one in schedule.able(session, store_id, type_id)}
    rows = session.scalars(
        select(Resource)
        .where(Resource.id.in_(able), Resource.kind == Kind.PERSON)
        .order_by(Resource.place, Resource.id)
    )
    return [Server(one.id, one.name, _languages(one.skills)) for one in rows]


def wanted(found: Iterable[Server], person: int | None, language: str) -> frozenset[int]:
    """Whose time alone is shown: the one who is preferred, else whoever speaks a language; empty for anybody."""
    if person is not None:
        return frozenset(one.id for one in found if one.id == person)
    return frozenset(one.id for one in found if language and language in one.languages)


def elsewhere(session: Session, ask: Ask, stores: Iterable[int], after: date) -> list[Elsewhere]:
    """Other stores where this can be booked and that have a time, the soonest first."""
    answers = schedule.answers(session, list(stores), ask.type_id, ask.channel, ask.who)
    able = [one for one, answer in answers.items() if answer == Answer.BOOK][:LOOKED]
    first, last = after + timedelta(days=1), after + timedelta(days=finding.AHEAD)
    found = chain.soonest(session, replace(ask, wanted=frozenset()), able, first, last, ELSEWHERE)
    return [Elsewhere(store_id, at) for at, store_id in found]


def _languages(skills: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(one.removeprefix(SPEAKS) for one in skills if one.startswith(SPEAKS)))

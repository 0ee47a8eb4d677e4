"""What is missing until patients can book in a store, in the order in which one would do it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from cloud.booking import asking
from cloud.booking.asking import Ask
from cloud.planning import queries
from cloud.schedule.choices import Answer, Channel, Effect, Who
from cloud.schedule.models import Need, Resource, Type
from cloud.slots.layers import Kind

AHEAD = 14  # days that are looked at
SPARE = (Kind.TOO_SOON, Kind.TOO_FAR)  # reasons that tell nothing about a schedule


class Lack(StrEnum):
    """What there is not."""

    HOURS = "hours"
    RESOURCES = "resources"
    OWN_HOURS = "own_hours"
    TYPES = "types"
    OFFERS = "offers"
    SKILL = "skill"
    NO_TIMES = "no_times"


@dataclass(frozen=True)
class Missing:
    """One thing to do: about which type, resource or skill, and why no time is left, most frequent first."""

    lack: Lack
    type_id: int | None = None
    names: tuple[str, ...] = ()
    why: tuple[tuple[Kind, int | None], ...] = field(default=())


def of(session: Session, store_id: int, today: date, channel: Channel = Channel.ONLINE) -> list[Missing]:
    """Everything that is missing; an empty list says that every type that is offered can be had."""
    return [*built(session, store_id, today), *_offered(session, store_id, today, channel)]


def built(session: Session, store_id: int, today: date) -> list[Missing]:
    """Hours, and somebody to be booked."""
    return list(_built(session, store_id, today))


def _built(session: Session, store_id: int, today: date) -> Iterator[Missing]:
    there = [one for one in queries.resources(session, store_id) if (one.active_until or date.max) >= today]
    rules = [one for one in queries.all_rules(session, store_id, today) if one.effect == Effect.OPEN]
    if not any(one.resource_id is None for one in rules):
        yield Missing(Lack.HOURS)
    if not there:
        yield Missing(Lack.RESOURCES)
    idle = [one.name for one in there if all(rule.resource_id != one.id for rule in rules)]
    if idle:
        yield Missing(Lack.OWN_HOURS, names=tuple(idle))


def _offered(session: Session, store_id: int, today: date, channel: Channel) -> Iterator[Missing]:
    types = [one for one in queries.types(session) if one.active]
    if not types:
        yield Missing(Lack.TYPES)
        return
    offers = {key: one for key, one in queries.offers(session, store_id).items() if key[1] == channel}
    offered = [one for one in types if (one.id, str(channel)) in offers]
    if not offered:
        yield Missing(Lack.OFFERS)
        return
    needs = queries.needs(session, [one.id for one in offered])
    resources = queries.resources(session, store_id)
    for one in offered:
        asked = [need for _segment, those in needs[one.id] for need in those]
        told = offers[one.id, str(channel)]
        whom = [who for who, answer in ((Who.EXISTING, told.existing), (Who.NEW, told.new)) if answer == Answer.BOOK]
        yield from _of_type(session, store_id, one, _unskilled(asked, resources), (today, channel, whom))


def _unskilled(needs: Sequence[Need], resources: Sequence[Resource]) -> tuple[str, ...]:
    """Skills of which the store has fewer than are needed."""
    had = Counter(skill for one in resources for skill in one.skills)
    return tuple(sorted({one.skill for one in needs if had[one.skill] < one.count}))


def _of_type(
    session: Session, store_id: int, one: Type, skills: tuple[str, ...], how: tuple[date, Channel, list[Who]]
) -> Iterator[Missing]:
    today, channel, whom = how
    if skills:
        yield Missing(Lack.SKILL, one.id, skills)
    elif whom:
        why = times_or_why(session, Ask(store_id, one.id, whom[0], channel), today)
        if why is not None:
            yield Missing(Lack.NO_TIMES, one.id, why=why)


def times_or_why(session: Session, ask: Ask, today: date) -> tuple[tuple[Kind, int | None], ...] | None:
    """None when there is a time within AHEAD days; else what takes most of them, with whose day it is taken from."""
    last = today + timedelta(days=AHEAD)
    seen = asking.view(session, ask, today, last)
    if seen is None:
        return ()
    days = [today + timedelta(days=number) for number in range(AHEAD + 1)]
    if any(asking.times(seen, on) for on in days):
        return None
    told = Counter(
        (why.kind, why.resource) for on in days for found in asking.missing(seen, on).values() for why in found
    )
    return tuple(one for one, _count in told.most_common() if one[0] not in SPARE)[:3]

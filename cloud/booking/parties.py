"""People who come together: side by side or one after another, all of them or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import product
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from cloud.booking import glance, holding, services, taking
from cloud.booking.asking import Ask, Sight
from cloud.booking.choices import Taken
from cloud.booking.errors import Gone, NotOffered, TooMany
from cloud.booking.models import Hold, Visit
from cloud.booking.taking import Seat
from cloud.kernel.clock import now
from cloud.schedule import queries as schedule
from cloud.slots import bits, choosing, together
from cloud.slots.day import QUANTUM, Day, dates
from cloud.slots.search import Question
from cloud.slots.together import Party

MOST = 6
SIDE_BY_SIDE = (0, 0)


@dataclass(frozen=True)
class Company:
    """What each of them wants, in the same store; ``apart`` are least and most minutes between two comings."""

    asks: tuple[Ask, ...]
    apart: tuple[int, int] = SIDE_BY_SIDE


def times(session: Session, company: Company, first: date, last: date) -> dict[date, list[datetime]]:
    """When the first of them can come, on each of these days, both included. Raises NotOffered, TooMany."""
    _check(company)
    views = [_offered(glance.view(session, ask, first, last), ask) for ask in company.asks]
    return {on: _times(views, company, on) for on in dates(first, last)}


def _times(views: Sequence[Sight], company: Company, on: date) -> list[datetime]:
    day = views[0].day(on)
    found = (together.party_starts(question, party) for question, party in _questions(views, company, day))
    return [day.instant(one) for one in bits.places(bits.union(found))]


def _check(company: Company) -> None:
    if not 1 <= len(company.asks) <= MOST:
        raise TooMany(MOST)


def _offered(seen: Sight | None, ask: Ask) -> Sight:
    if seen is None:
        raise NotOffered(ask.type_id)
    return seen


def hold(session: Session, company: Company, at: datetime, holder: str) -> list[tuple[Hold, str]]:
    """Keep the times of all of them, the first coming at ``at``; each hold with its token.

    Whatever the same holder keeps is let go. Raises Gone, NotOffered, TooMany.
    """
    _check(company)
    taking.locked(session, company.asks, at)
    holding.drop_of(session, holder)
    until = now() + timedelta(minutes=schedule.policy(session, company.asks[0].store_id).hold_minutes)
    seats = _seats(session, company, at)
    return [holding.write(session, ask, seat, holder, until) for ask, seat in zip(company.asks, seats, strict=True)]


def book_held(session: Session, tokens: Sequence[str], patients: Sequence[int], **told: Any) -> list[Visit]:
    """All the held times become visits of one party. Raises RanOut, Overlaps."""
    kept = [holding.held(session, token) for token in tokens]
    holding.lock(session, [one.id for one in kept])
    party = uuid4()
    return [
        services.book_held(session, one, patient, party=party, **told)
        for one, patient in zip(kept, patients, strict=True)
    ]


def book(session: Session, company: Company, at: datetime, patients: Sequence[int], **told: Any) -> list[Visit]:
    """Without a hold, as the desk does. Raises Gone, NotOffered, TooMany, Overlaps."""
    seats, party = _seats(session, company, at), uuid4()
    visits = []
    for ask, seat, patient in zip(company.asks, seats, patients, strict=True):
        where = (ask.store_id, ask.type_id, patient, seat.shown_at, seat.ends_at)
        visit = services.new_visit(*where, who=ask.who, party=party, **told)
        services.refuse_overlap(session, visit)
        services.enter(session, visit, seat.parts(Taken.BOOKED))
        visits.append(visit)
    return visits


def _seats(session: Session, company: Company, at: datetime) -> list[Seat]:
    """Everybody's times and places, chosen under the lock. Raises Gone, NotOffered, TooMany."""
    _check(company)
    views, on = taking.locked(session, company.asks, at)
    day = views[0].day(on)
    start = (at - day.begins) // QUANTUM
    asked = list(_questions(views, company, day))
    weights = {one: weight for seen in views for one, weight in seen.weights.items()}
    for question, party in asked if at == day.instant(start) else ():
        rank = choosing.fair(question.grounds, weights, (), start)
        found = together.seat(question, party, start, rank)
        if found is not None:
            return list(_each(views, day, party, found))
    near = {one for pair in asked for one in together.near(*pair, start, taking.NEAR)}
    raise Gone(tuple(day.instant(one) for one in sorted(sorted(near, key=lambda one: abs(one - start))[: taking.NEAR])))


def _each(views: Sequence[Sight], day: Day, party: Party, found: together.Seated) -> Iterator[Seat]:
    """Places are numbered on from visit to visit; each person's own begin at nought again."""
    first = 0
    for seen, visit, quantum in zip(views, party.visits, found.times, strict=True):
        last = first + len(visit.segments)
        mine = (replace(one, segment=one.segment - first) for one in found.places if first <= one.segment < last)
        at = day.instant(quantum)
        yield Seat(at, at + timedelta(minutes=seen.shown), day, tuple(mine))
        first = last


def _questions(views: Sequence[Sight], company: Company, day: Day) -> Iterator[tuple[Question, Party]]:
    """One for every combination of everybody's lengths. What is kept from one of them is kept from all."""
    apart = (company.apart[0] // 5, company.apart[1] // 5)
    for each in product(*(list(seen.questions(day.on)) for seen in views)):
        limits = tuple(dict.fromkeys(limit for one in each for limit in one.limits))
        grounds = reduce(_both, (dict(one.grounds) for one in each))
        question = replace(each[0], grounds=grounds, limits=limits)
        yield question, Party(tuple(one.visit for one in each), apart)


def _both(one: dict[int, Any], other: dict[int, Any]) -> dict[int, Any]:
    shared = {key: ground.under(other[key].layers) if key in other else ground for key, ground in one.items()}
    return other | shared

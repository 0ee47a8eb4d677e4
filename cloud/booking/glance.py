"""What is free at a glance: out of masks that are counted out once, and types that are read once.

It says the same as ``asking``, sooner. Where something depends on more than hours and visits (windows for some types,
quotas) it is ``asking`` that answers.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import asking, limits, masks
from cloud.booking.asking import Ask, Sight
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Answer
from cloud.schedule.models import Resource
from cloud.schedule.plan import turn_over
from cloud.schedule.queries import Recipe
from cloud.schedule.versions import Now
from cloud.slots import bits, search
from cloud.slots import day as days
from cloud.slots.day import Day, dates
from cloud.slots.grid import Grid
from cloud.slots.layers import Ground, Kind, Layer, Why
from cloud.slots.search import Question
from cloud.slots.visit import Visit

KEPT = 4096  # sketches, and days of hours, a process remembers
STARTS = 100_000  # days whose starts it remembers
SEARCHES = 256  # searches it remembers for the minute they are good for
MINUTE = timedelta(minutes=1)
ALL = (1 << 8 * masks.BYTES) - 1
TAKEN = Why(Kind.BUSY)

_sketches: "dict[tuple[int, Now, Ask], Sketch | None]" = {}
_days: dict[tuple[int, int, int, date], dict[int, Ground]] = {}


@dataclass(frozen=True, eq=False)
class Sketch:
    """A type as somebody may have it in a store: nothing in it needs the database again. One is like no other.

    ``able`` are the resources it may need, ``between`` their turn-overs in quanta.
    """

    visits: tuple[Visit, ...]
    able: tuple[int, ...]
    between: tuple[int, ...]
    weights: Mapping[int, int]
    grid: Grid
    shown: int
    zone: str
    lead: int
    horizon: int
    age_from: int | None
    age_to: int | None


@dataclass(frozen=True)
class Glance:
    """Days from ``first`` on whose masks are known, rows of ``size`` bytes for each."""

    ask: Ask
    sketch: Sketch
    first: date
    size: int
    masks: bytes
    moment: datetime

    @property
    def shown(self) -> int:
        """Minutes the patient is told."""
        return self.sketch.shown

    @property
    def weights(self) -> Mapping[int, int]:
        """How much of the work everybody should have."""
        return self.sketch.weights

    def day(self, on: date) -> Day:
        """A day of the store."""
        return days.of(on, self.sketch.zone)

    def starts(self, on: date) -> int:
        """Quanta at which a visit can begin."""
        return _starts(self.sketch, self.day(on), self._rows(on)) & ~bits.union(one.taken for one in self._limits(on))

    def questions(self, on: date) -> Iterator[Question]:
        """One for every combination of lengths."""
        return _questions(self.sketch, self.day(on), self._rows(on), self._limits(on))

    def free(self, first: date, last: date) -> Sequence[tuple[date, Sequence[datetime]]]:
        """Days that have a time, with their times."""
        return _free(self, first, last)

    def _rows(self, on: date) -> bytes:
        at = (on - self.first).days * self.size
        return self.masks[at : at + self.size]

    def _limits(self, on: date) -> tuple[Layer, ...]:
        day = self.day(on)
        notice = limits.notice(day, self.sketch, self.ask.channel, self.moment)
        return *notice, *limits.age(day, self.sketch, self.ask.born)


@lru_cache(maxsize=SEARCHES)
def _free(seen: Glance, first: date, last: date) -> tuple[tuple[date, Sequence[datetime]], ...]:
    """Of the same masks in the same minute the same times."""
    return tuple(asking.free(seen, first, last))


@lru_cache(maxsize=STARTS)
def _starts(sketch: Sketch, day: Day, rows: bytes) -> int:
    """Of the same masks the same starts."""
    return bits.union(search.starts(question) for question in _questions(sketch, day, rows, ()))


def _questions(sketch: Sketch, day: Day, rows: bytes, taken: tuple[Layer, ...]) -> Iterator[Question]:
    there = masks.read(rows)
    grounds = {
        one: Ground(day.whole, (Layer(ALL & ~there[one][1], TAKEN),), there[one][0], between)
        for one, between in zip(sketch.able, sketch.between, strict=True)
        if one in there
    }
    for visit in sketch.visits:
        yield Question(day, visit, grounds, sketch.grid, taken)


def view(session: Session, ask: Ask, first: date, last: date) -> Sight | None:
    """The days from ``first`` to ``last``, both included; None where this type cannot be booked like that."""
    return next((seen for _ask, seen in views(session, [ask], first, last)), None)


def under_lock(session: Session, ask: Ask, written: Sketch, stands: Now, on: date) -> Glance:
    """A day as it is, for whoever has locked everybody it needs: hours as they were read before, visits as they are."""
    day = days.of(on, written.zone)
    hours = _hours(session, ask.store_id, stands, day)
    taken = asking.busy(session, written.able, (day.begins, day.ends), ask.besides)
    grounds = {one: asking.with_busy(hours[one], taken, day, one) for one in written.able}
    found = masks.packed(on, grounds)
    return Glance(ask, written, on, len(found), found, now())


def _hours(session: Session, store_id: int, stands: Now, day: Day) -> Mapping[int, Ground]:
    key = (current_tenant(), store_id, stands.hours, day.on)
    if key not in _days:
        if len(_days) >= KEPT:
            _days.clear()
        plan = schedule.plan(session, store_id, day.on, day.on)
        _days[key] = {one: plan.ground(day, one) for one in plan.resources}
    return _days[key]


def views(session: Session, asks: Sequence[Ask], first: date, last: date) -> Iterator[tuple[Ask, Sight]]:
    """The same of many stores, read together; those where it cannot be booked like that are left out."""
    read = masks.shots(session, [one.store_id for one in asks], first, last)
    plain = [one for one in asks if not read[one.store_id].stands.special and not one.besides]
    written = sketches(session, plain, {one: shot.stands for one, shot in read.items()}) if plain else {}
    moment = _minute(now())
    for ask in asks:
        if ask.store_id not in written:
            seen: Sight | None = asking.view(session, ask, first, last)
        elif (sketch := written[ask.store_id]) is None:
            continue
        else:
            found = masks.whole(session, ask.store_id, read[ask.store_id], first, last)
            seen = Glance(ask, sketch, first, len(found) // len(dates(first, last)), found, moment)
        if seen is not None:
            yield ask, seen


def _minute(moment: datetime) -> datetime:
    """The last instant of its minute: nothing that decides on a time has seconds."""
    begun = moment.replace(second=0, microsecond=0)
    return (begun if begun == moment else begun + MINUTE) - datetime.resolution


def sketches(session: Session, asks: Sequence[Ask], stands: Mapping[int, Now]) -> dict[int, Sketch | None]:
    """By store a type as it is written, read once for as long as nothing changes; None where it is not offered."""
    keys = {one.store_id: (current_tenant(), stands[one.store_id], _plain(one)) for one in asks}
    unread = [one for one in asks if keys[one.store_id] not in _sketches]
    if len(_sketches) + len(unread) > KEPT:
        _sketches.clear()
        unread = list(asks)
    for store_id, found in _read(session, unread).items() if unread else ():
        _sketches[keys[store_id]] = found
    return {store_id: _sketches[key] for store_id, key in keys.items()}


def _plain(ask: Ask) -> Ask:
    return replace(ask, born=None, besides=frozenset())


def _read(session: Session, asks: Sequence[Ask]) -> dict[int, Sketch | None]:
    """Of one type in several stores."""
    stores, one = [ask.store_id for ask in asks], asks[0]
    recipe = schedule.recipe(session, one.type_id)
    if recipe is None:
        return dict.fromkeys(stores)
    answers = schedule.answers(session, stores, one.type_id, one.channel, one.who)
    zones, everybody = accounts.zones(session, stores), _everybody(session, stores)
    turns = schedule.turns(session, stores)
    offered = [ask for ask in asks if answers[ask.store_id] == Answer.BOOK]
    found: dict[int, Sketch | None] = dict.fromkeys(stores)
    for ask in offered:
        able = asking.able(recipe, everybody[ask.store_id])
        found[ask.store_id] = _sketch(recipe, able, ask, zones[ask.store_id], turns[ask.store_id])
    return found


def _sketch(recipe: Recipe, able: list[Resource], ask: Ask, zone: str, turn: str) -> Sketch:
    of, visits, ids = recipe.type, tuple(asking.wished(recipe, able, ask)), tuple(one.id for one in able)
    between, grid = tuple(turn_over(one, turn) for one in able), schedule.start_grid(of)
    weights = {one.id: one.weight for one in able}
    return Sketch(visits, ids, between, weights, grid, of.shown, zone, of.lead, of.horizon, of.age_from, of.age_to)


def _everybody(session: Session, stores: Collection[int]) -> dict[int, list[Resource]]:
    found: dict[int, list[Resource]] = {one: [] for one in stores}
    for one in session.scalars(select(Resource).where(Resource.store_id.in_(list(stores))).order_by(Resource.id)):
        found[one.store_id].append(one)
    return found

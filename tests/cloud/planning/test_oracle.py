"""Whom a change touches is what walking through the day minute by minute says, in every zone, on any day."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.booking import standing
from cloud.booking.models import Part, Visit
from cloud.schedule.choices import Effect, Turn
from cloud.schedule.models import Block, Dated, Resource, Rule
from cloud.schedule.plan import Plan
from cloud.slots import bits
from cloud.slots.grid import Clock
from cloud.slots.hours import Hours
from cloud.slots.search import Question, starts
from tests.cloud.slots.strategies import Situation, situations, visits

STORE, TYPE = 1, 7
MINUTE = timedelta(minutes=1)


def rules(whose, hours: Hours):
    for one in hours.weekly:
        window = {"starts": one.window[0], "ends": one.window[1], "since": one.since, "until": one.until}
        days = {"days": sorted(one.days), "parity": one.parity, "types": []}
        yield Rule(id=one.id, store_id=STORE, resource_id=whose, effect=Effect.OPEN, **window, **days)


def dated(whose, hours: Hours):
    for one in hours.dated:
        windows = [list(window) for window in one.windows]
        yield Dated(id=one.id, store_id=STORE, resource_id=whose, on_date=one.on, windows=windows)


def plan(situation: Situation, blocks=()) -> Plan:
    """The situation as rows of the schedule."""
    told = {None: situation.store, **{number: own for number, (own, _between, _busy) in situation.resources.items()}}
    return Plan(
        situation.day.zone.key,
        Turn.MAX,
        {
            n: Resource(id=n, skills=["any"], between=between * 5)
            for n, (_own, between, _busy) in situation.resources.items()
        },
        tuple(rule for whose, hours in told.items() for rule in rules(whose, hours)),
        tuple(one for whose, hours in told.items() for one in dated(whose, hours)),
        tuple(blocks),
    )


def booked(situation: Situation, places) -> list[tuple[Part, Visit]]:
    """Visits of one part each: on whom, from which quantum, how long."""
    found, numbers = [], sorted(situation.resources)
    for number, (who, start, length) in enumerate(places, 100):
        end = min(start + length, situation.day.quanta)
        if start < end:
            at, until = situation.day.instant(start), situation.day.instant(end)
            whose = numbers[who % len(numbers)]
            part = Part(id=number, visit_id=number, resource_id=whose, segment=0, starts_at=at, ends_at=until)
            found.append((part, Visit(id=number, type_id=TYPE)))
    return found


def stands(situation: Situation, its_plan: Plan, parts) -> standing.Store:
    busy = {
        number: [(*situation._instants(*one), 1000 + at) for at, one in enumerate(taken)]
        for number, (_own, _between, taken) in situation.resources.items()
    }
    return standing.Store(its_plan, tuple(parts), busy, {(TYPE, 0): frozenset({"any"})})


places = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 280), st.integers(1, 20)), min_size=1, max_size=6)


def fits(situation: Situation, part: Part, blocks=()) -> bool:
    """By the walker, who knows of blocks as instants between which nobody is booked."""
    met = any(
        one.resource_id in (None, part.resource_id) and one.starts_at < part.ends_at and part.starts_at < one.ends_at
        for one in blocks
    )
    return not met and situation.calendars[part.resource_id].free(part.starts_at, part.ends_at)


@settings(max_examples=120, deadline=None)
@given(situations(), places)
def test_a_visit_stands_where_the_walker_finds_its_time(situation, where):
    parts = booked(situation, where)
    gaps = stands(situation, plan(situation), parts).gaps()
    assert {part for _visit, part in gaps} == {part.id for part, _visit in parts if not fits(situation, part)}


@st.composite
def changed(draw):
    """A day, and the same day when somebody works other hours; the reservations stay."""
    before, other = draw(situations()), draw(situations())
    number = draw(st.sampled_from(sorted(before.resources)))
    hours = next(iter(other.resources.values()))[0]
    moved = Hours(hours.weekly, tuple(replace(one, on=before.day.on) for one in hours.dated))
    _own, between, busy = before.resources[number]
    return before, Situation(before.day, before.store, {**before.resources, number: (moved, between, busy)})


@settings(max_examples=120, deadline=None)
@given(changed(), places)
def test_whoever_had_a_time_and_has_it_no_more_is_affected(both, where):
    before, after = both
    parts = booked(before, where)
    was, now = (stands(one, plan(one), parts).gaps() for one in (before, after))
    lost = {part.id for part, _visit in parts if fits(before, part) and not fits(after, part)}
    kept = {part.id for part, _visit in parts if fits(after, part)}
    found = set(standing.worse(was, now))
    assert lost <= found
    assert not kept & found


blocks = st.tuples(st.integers(0, 4), st.integers(-30, 300), st.integers(1, 200))


def block(situation: Situation, told) -> Block:
    who, start, minutes = told
    at: datetime = situation.day.begins + start * 5 * MINUTE
    whose = sorted(situation.resources)[who - 1] if 0 < who <= len(situation.resources) else None
    until = at + minutes * 5 * MINUTE
    return Block(id=500, store_id=STORE, resource_id=whose, starts_at=at, ends_at=until, types=[])


@settings(max_examples=120, deadline=None)
@given(situations(), places, blocks)
def test_a_block_off_touches_whom_it_meets_and_nobody_else(situation, where, told):
    parts, one = booked(situation, where), block(situation, told)
    was = stands(situation, plan(situation), parts).gaps()
    now = stands(situation, plan(situation, [one]), parts).gaps()
    lost = {part.id for part, _ in parts if fits(situation, part) and not fits(situation, part, [one])}
    found = set(standing.worse(was, now))
    assert lost <= found
    assert all(not fits(situation, part, [one]) for part, _visit in parts if part.id in found)
    assert standing.worse(now, was) == []  # taking it back touches nobody


@settings(max_examples=120, deadline=None)
@given(situations(), visits(), blocks)
def test_a_block_off_never_adds_a_time(situation, visit, told):
    asked = []
    for its_plan in (plan(situation), plan(situation, [block(situation, told)])):
        grounds = {number: its_plan.ground(situation.day, number) for number in situation.resources}
        asked.append(starts(Question(situation.day, visit, grounds, Clock(5))))
    assert list(bits.places(asked[1] & ~asked[0])) == []

"""What bitmaps offer is what walking through the day minute by minute finds, in every zone, over every clock change."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.slots import bits
from cloud.slots.assigning import assign
from cloud.slots.grid import Clock
from cloud.slots.layers import Ground, Kind, Layer, Why
from cloud.slots.reasons import missing
from cloud.slots.search import Question, marks, starts
from tests.cloud.slots.oracle import possible
from tests.cloud.slots.strategies import Situation, situations, visits


@st.composite
def asked(draw: st.DrawFn) -> tuple[Situation, Question]:
    situation = draw(situations())
    grid = Clock(draw(st.sampled_from([5, 10, 15, 30])), draw(st.sampled_from([0, 5])))
    return situation, Question(situation.day, draw(visits()), situation.grounds, grid)


@settings(max_examples=150, deadline=None)
@given(asked())
def test_every_time_that_is_offered_can_be_had_and_every_time_that_can_be_had_is_offered(both):
    situation, question = both
    offered = set(bits.places(starts(question)))
    could = {
        mark
        for mark in bits.places(marks(question))
        if possible(question.visit, situation.calendars, question.day.instant(mark - question.visit.before))
    }
    assert offered == could


@settings(max_examples=100, deadline=None)
@given(asked())
def test_whoever_is_chosen_is_free_and_able_and_nobody_serves_twice_at_once(both):
    situation, question = both
    for start in list(bits.places(starts(question)))[:8]:
        places = assign(question.visit, question.grounds, start)
        assert places is not None
        assert places == assign(question.visit, question.grounds, start)
        assert len({(one.segment, one.resource) for one in places}) == len(places)
        for place in places:
            begins, ends = question.day.instant(place.start), question.day.instant(place.end)
            assert situation.calendars[place.resource].free(begins, ends)
        wanted = [sum(need.count for need in segment.needs) for segment in question.visit.segments]
        assert [sum(one.segment == number for one in places) for number in range(len(wanted))] == wanted
    for start in list(bits.places(marks(question) & ~starts(question)))[:4]:
        assert assign(question.visit, question.grounds, start) is None


@settings(max_examples=100, deadline=None)
@given(asked())
def test_there_is_a_reason_exactly_where_a_time_is_missing(both):
    _situation, question = both
    told = missing(question)
    assert set(told) == set(bits.places(marks(question) & ~starts(question)))
    assert all(told.values())


@settings(max_examples=60, deadline=None)
@given(asked(), st.integers(0, 280), st.integers(1, 30))
def test_what_takes_time_away_never_adds_a_time_and_changes_none_it_does_not_touch(both, start, length):
    _situation, question = both
    resource = min(question.grounds)
    block = Layer(bits.span(start, start + length), Why(Kind.BLOCKED, 1, resource))
    less = replace(question, grounds=question.grounds | {resource: question.grounds[resource].under([block])})
    before, after = starts(question), starts(less)
    assert after & ~before == 0
    most = sum(segment.length + segment.gap[1] for segment in question.visit.segments)
    near = bits.span(start - most, start + length) << question.visit.before
    assert (before & ~after) & ~near == 0


@settings(max_examples=60, deadline=None)
@given(asked(), st.integers(0, 300), st.integers(0, 300))
def test_time_that_passes_only_takes_starts_away(both, one, other):
    _situation, question = both

    def at(now: int) -> int:
        return starts(replace(question, limits=(Layer(bits.span(0, now), Why(Kind.TOO_SOON)),)))

    assert at(max(one, other)) & ~at(min(one, other)) == 0


@settings(max_examples=60, deadline=None)
@given(asked(), st.randoms())
def test_the_order_of_rules_means_nothing(both, chance):
    _situation, question = both

    def shuffled(ground: Ground) -> Ground:
        layers = list(ground.layers)
        chance.shuffle(layers)
        return replace(ground, layers=tuple(layers))

    other = replace(question, grounds={one: shuffled(ground) for one, ground in question.grounds.items()})
    assert (starts(other), missing(other)) == (starts(question), missing(question))

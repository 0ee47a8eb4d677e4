"""When a visit can begin. Exact, and a matter of a few operations on whole numbers for each day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, combinations, product
from operator import and_

from cloud.slots import bits
from cloud.slots.day import Day
from cloud.slots.grid import Grid
from cloud.slots.layers import Layer
from cloud.slots.visit import Grounds, Need, Segment, Visit


@dataclass(frozen=True)
class Question:
    """A visit on a day, given everybody's grounds. ``limits`` take away starts (lead time, quotas), not time."""

    day: Day
    visit: Visit
    grounds: Grounds
    grid: Grid
    limits: tuple[Layer, ...] = ()


def starts(question: Question) -> int:
    """Quanta at which the patient may be asked to come."""
    each = (begins(visit, question.grounds, Marked(question))[0] for visit in settled(question.visit))
    found = bits.union(each) << question.visit.before
    return found & question.day.whole & ~bits.union(limit.taken for limit in question.limits)


def marks(question: Question) -> int:
    """All the grid would offer on an empty day."""
    deciding = _deciding(question.visit)
    grounds = [question.grounds[one] for one in deciding if one in question.grounds]
    return bits.union(question.grid.marks(question.day, ground.open) for ground in grounds)


def settled(visit: Visit) -> Iterator[Visit]:
    """The visit once for every choice of who serves all that wants one and the same."""
    shared: dict[str, frozenset[int]] = {}
    for need in chain.from_iterable(segment.needs for segment in visit.segments):
        if need.same is not None:
            shared[need.same] = shared.get(need.same, need.pool) & need.pool
    for chosen in product(*map(sorted, shared.values())):
        yield _with(visit, dict(zip(shared, chosen, strict=True)))


def feasible(segment: Segment, grounds: Grounds, first: "Marked | None" = None) -> int:
    """Where a segment can begin: for every group of its needs there are as many free as they want together.

    That is Hall's condition, so it holds exactly when everybody can be given to one need, whatever the pools share.
    ``first`` lets the resources of the first need begin at their marks alone.
    """
    fits = {one: bits.runs(grounds[one].free, segment.length) for one in _all(segment.needs) if one in grounds}
    served = [Served(need.count, {one: fits[one] for one in need.pool if one in fits}) for need in segment.needs]
    if first is not None:
        marked = {one: free & first.of(one) for one, free in served[0].fits.items()}
        served[0] = replace(served[0], fits=marked)
    return reduce(and_, map(_enough, _groups(served)))


@dataclass(frozen=True)
class Served:
    """How many a need wants, and where each of its pool could begin to serve it."""

    count: int
    fits: dict[int, int]


@dataclass(frozen=True)
class Marked:
    """Where, by the grid, a resource may begin a visit."""

    question: Question

    def of(self, resource: int) -> int:
        """In quanta of its reservation, which begins before the patient is asked to come."""
        opened = self.question.grounds[resource].open
        return self.question.grid.marks(self.question.day, opened) >> self.question.visit.before


def begins(visit: Visit, grounds: Grounds, first: "Marked | None" = None) -> list[int]:
    """Where each segment of a settled visit can begin so that everything after it can follow."""
    found: list[int] = []
    later = -1  # after the last segment anything may follow
    for number, segment in reversed(list(enumerate(visit.segments))):
        found.append(feasible(segment, grounds, None if number else first) & later >> segment.length)
        later = bits.earlier(found[-1], *segment.gap)
    return found[::-1]


def _deciding(visit: Visit) -> frozenset[int]:
    return visit.segments[0].needs[0].pool


def _with(visit: Visit, chosen: dict[str, int]) -> Visit:
    def settle(need: Need) -> Need:
        return need if need.same is None else replace(need, pool=frozenset({chosen[need.same]}))

    segments = (replace(one, needs=tuple(map(settle, one.needs))) for one in visit.segments)
    return replace(visit, segments=tuple(segments))


def _groups(needs: list[Served]) -> Iterator[tuple[Served, ...]]:
    """Every need, and every group of them that competes for somebody."""
    for size in range(1, len(needs) + 1):
        for group in combinations(needs, size):
            pools = [need.fits.keys() for need in group]
            if size == 1 or len(frozenset().union(*pools)) < sum(map(len, pools)):
                yield group


def _enough(group: tuple[Served, ...]) -> int:
    fits: dict[int, int] = {}
    for one, free in chain.from_iterable(need.fits.items() for need in group):
        fits[one] = fits.get(one, 0) | free
    return bits.at_least(fits.values(), sum(need.count for need in group))


def _all(needs: tuple[Need, ...]) -> frozenset[int]:
    return frozenset[int]().union(*(need.pool for need in needs))

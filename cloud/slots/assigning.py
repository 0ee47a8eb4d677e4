"""Who serves a visit that begins at a time: the first in a total order, so that asking again gives the same answer."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, count

from cloud.slots import bits
from cloud.slots.layers import Kind, Why
from cloud.slots.search import begins, settled
from cloud.slots.visit import Grounds, Need, Place, Segment, Visit

Ahead = tuple[int, Segment, int]  # its number, and where it can begin
Tries = Iterator[int]
Rank = Callable[[int], tuple[float, ...]]  # the smaller the sooner chosen; equal ranks go by id


def plain(_resource: int) -> tuple[float, ...]:
    """No preference."""
    return ()


def assign(visit: Visit, grounds: Grounds, start: int, rank: Rank = plain) -> tuple[Place, ...] | None:
    """Places of a visit to which the patient comes at ``start``; None when it cannot be. The shortest waits first."""
    return assign_all([visit], grounds, [start], rank)


def assign_all(
    visits: Sequence[Visit], grounds: Grounds, at: Sequence[int], rank: Rank = plain, tries: Tries | None = None
) -> tuple[Place, ...] | None:
    """Places of several visits, none of which takes what another has; segments are counted on from visit to visit.

    Nobody is found either where ``tries`` run out: many people out of large pools can be tried in more ways than time.
    """
    left = list(zip(visits, at, strict=True))
    return next(_visits(left, grounds, rank, 0, count() if tries is None else tries), None)


def _visits(
    left: list[tuple[Visit, int]], grounds: Grounds, rank: Rank, number: int, tries: Tries
) -> Iterator[tuple[Place, ...]]:
    if not left:
        yield ()
        return
    (visit, start), *others = left
    for chosen in sorted(settled(visit), key=lambda one: _order(one, rank)):
        ahead = list(zip(count(number), chosen.segments, begins(chosen, grounds)))
        for places in _segments(ahead, grounds, rank, start - visit.before, tries):
            for rest in _visits(others, _without(grounds, places), rank, number + len(ahead), tries):
                yield (*places, *rest)


def _segments(
    ahead: Sequence[Ahead], grounds: Grounds, rank: Rank, ended: int, tries: Tries
) -> Iterator[tuple[Place, ...]]:
    """A visit's own segments never meet in time, so that no choice here spoils a later one."""
    if not ahead:
        yield ()
        return
    (number, segment, possible), *others = ahead
    for start in range(max(0, ended + segment.gap[0]), ended + segment.gap[1] + 1):
        if possible >> start & 1:
            end = start + segment.length
            for chosen in _chosen(segment.needs, _free(segment, grounds, start), rank):
                if next(tries, None) is None:
                    return
                places = tuple(Place(number, one, start, end) for one in chosen)
                for rest in _segments(others, grounds, rank, end, tries):
                    yield (*places, *rest)


def _free(segment: Segment, grounds: Grounds, start: int) -> frozenset[int]:
    """Who of all that are asked has nothing else to do in that time."""
    wanted = bits.span(start, start + segment.length)
    asked = frozenset[int]().union(*(need.pool for need in segment.needs)) & grounds.keys()
    return frozenset(one for one in asked if not wanted & ~grounds[one].free)


def _chosen(needs: Sequence[Need], free: frozenset[int], rank: Rank) -> Iterator[tuple[int, ...]]:
    if not needs:
        yield ()
        return
    need, *others = needs
    able = sorted(need.pool & free, key=lambda one: (rank(one), one))
    for some in combinations(able, need.count):
        for rest in _chosen(others, free - frozenset(some), rank):
            yield (*some, *rest)


def _without(grounds: Grounds, places: Sequence[Place]) -> Grounds:
    """What these places leave to others."""
    left = dict(grounds)
    for place in places:
        taken = Why(Kind.BUSY, None, place.resource)
        left[place.resource] = left[place.resource].busy(bits.span(place.start, place.end), taken)
    return left


def _order(visit: Visit, rank: Rank) -> list[tuple[tuple[float, ...], int]]:
    """By whoever was chosen where one and the same had to be."""
    same = (need for segment in visit.segments for need in segment.needs if need.same is not None)
    return [(rank(one), one) for need in same for one in need.pool]

"""Several people in one go: side by side, or one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from cloud.slots import bits
from cloud.slots.assigning import Rank, Tries, assign_all, plain
from cloud.slots.search import Question, starts
from cloud.slots.visit import Place, Visit

TRIES = 20_000  # ways of giving people to needs that are looked at, a tenth of a second; then nothing more is found


@dataclass(frozen=True)
class Party:
    """Visits of people who come together.

    ``apart``: least and most quanta between the coming of one and of the next; (0, 0) is side by side.
    """

    visits: tuple[Visit, ...]
    apart: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Seated:
    """When each of a party comes, and all their places."""

    times: tuple[int, ...]
    places: tuple[Place, ...]


def party_starts(question: Question, party: Party) -> int:
    """When the first of them can come so that all can be served. ``question.visit`` is not looked at."""
    could, tries = _alone(question, party), iter(range(TRIES))
    firsts = bits.places(_reachable(could, party.apart))
    return bits.union(1 << first for first in firsts if _at(question, party, could, first, plain, tries))


def near(question: Question, party: Party, start: int, count: int) -> list[int]:
    """The nearest ``count`` starts to one."""
    could, tries, found = _alone(question, party), iter(range(TRIES)), list[int]()
    firsts = sorted(bits.places(_reachable(could, party.apart)), key=lambda one: abs(one - start))
    while firsts and len(found) < count:
        first = firsts.pop(0)
        found += [first] if _at(question, party, could, first, plain, tries) else []
    return found


def seat(question: Question, party: Party, first: int, rank: Rank = plain) -> Seated | None:
    """Their places if the first of them comes at ``first``; None when it cannot be."""
    return _at(question, party, _alone(question, party), first, rank, iter(range(TRIES)))


def _alone(question: Question, party: Party) -> list[int]:
    return [starts(replace(question, visit=visit)) for visit in party.visits]


def _at(question: Question, party: Party, could: Sequence[int], first: int, rank: Rank, tries: Tries) -> Seated | None:
    for times in _times(could, party.apart, first):
        places = assign_all(party.visits, question.grounds, times, rank, tries)
        if places is not None:
            return Seated(times, places)
    return None


def _reachable(could: Sequence[int], apart: tuple[int, int]) -> int:
    """Where the first may come so far as everybody alone is concerned."""

    def before(later: int, one: int) -> int:
        return one & bits.earlier(later, *apart)

    return reduce(before, reversed(could))


def _times(could: Sequence[int], apart: tuple[int, int], first: int) -> Iterator[tuple[int, ...]]:
    if not could[0] >> first & 1:
        return
    if len(could) == 1:
        yield (first,)
        return
    for later in range(first + apart[0], first + apart[1] + 1):
        for rest in _times(could[1:], apart, later):
            yield (first, *rest)

"""Whom to choose of those who could serve: whom somebody knows, then whose turn it is, then where it fits best."""

from collections.abc import Collection, Mapping

from cloud.slots import bits
from cloud.slots.assigning import Rank
from cloud.slots.visit import Grounds


def fair(grounds: Grounds, weights: Mapping[int, int], known: Collection[int], start: int) -> Rank:
    """One of ``known`` first, then whoever has least of the day taken for their share, then the smallest gap.

    ``weights`` are the shares: somebody with 2 gets twice as much as with 1. ``start`` is when the visit begins.
    """

    def rank(one: int) -> tuple[float, ...]:
        ground = grounds.get(one)
        if ground is None:
            return (one not in known,)
        taken = (ground.open & ~ground.free).bit_count()
        return one not in known, taken / weights.get(one, 1), gap(ground.free, start)

    return rank


def gap(free: int, start: int) -> int:
    """How many quanta in a row are free around ``start``; 0 where it is taken."""
    if not free >> start & 1:
        return 0
    above, below = ~(free >> start), ~free & bits.span(0, start)
    return (above & -above).bit_length() - 1 + start - below.bit_length()

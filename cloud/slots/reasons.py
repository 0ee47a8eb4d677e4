"""Why a time is not offered: the layers that cover what it would need."""

from collections.abc import Iterator

from cloud.slots import bits
from cloud.slots.layers import Kind, Why
from cloud.slots.search import Question, marks, starts
from cloud.slots.visit import Need, Segment


def missing(question: Question) -> dict[int, frozenset[Why]]:
    """For every time the grid would offer and the day does not: what would have to go for it to be there."""
    gone = marks(question) & ~starts(question)
    return {start: why(question, start) for start in bits.places(gone)}


def why(question: Question, start: int) -> frozenset[Why]:
    """The reasons for one start; never empty where it is not offered."""
    found = {limit.why for limit in question.limits if limit.taken >> start & 1}
    for segment, begun in _positions(question, start - question.visit.before):
        found |= _of(question, segment, begun)
    return frozenset(found or {Why(Kind.TOGETHER)})


def _positions(question: Question, start: int) -> Iterator[tuple[Segment, int]]:
    """Every segment wherever its gaps let it begin, as if nothing stood in the way."""
    least = most = start
    for segment in question.visit.segments:
        least, most = least + segment.gap[0], most + segment.gap[1]
        for begun in range(least, most + 1):
            yield segment, begun
        least, most = least + segment.length, most + segment.length


def _of(question: Question, segment: Segment, begun: int) -> set[Why]:
    wanted = bits.span(begun, begun + segment.length)
    if begun < 0 or wanted & ~question.day.whole:
        return {Why(Kind.DAY_ENDS)}
    return set[Why]().union(*(_wanting(question, need, wanted) for need in segment.needs))


def _wanting(question: Question, need: Need, wanted: int) -> set[Why]:
    """What keeps a need from being met; nothing when enough of its pool are free."""
    there = [question.grounds[one] for one in need.pool if one in question.grounds]
    if len(there) < need.count:
        return {Why(Kind.NOBODY)}
    if sum(not wanted & ~ground.free for ground in there) >= need.count:
        return set()
    return set[Why]().union(*(ground.covering(wanted) for ground in there))

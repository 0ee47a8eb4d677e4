"""Whether a visit could be at another time, and all that is in the way: asked before anything is saved."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from cloud.booking import asking
from cloud.booking.asking import Ask, View
from cloud.booking.errors import NotOffered
from cloud.booking.models import Visit
from cloud.kernel.clock import local
from cloud.slots import reasons, search
from cloud.slots.day import QUANTUM
from cloud.slots.layers import Kind, Why

NEAR = 4


@dataclass(frozen=True)
class Tried:
    """``why`` is empty when it fits; ``marked`` is whether the type begins at such times at all.

    ``meets`` are other visits of the same person then, ``near`` times of that day that can be had.
    """

    at: datetime
    on: date
    fits: bool
    marked: bool
    why: frozenset[Why]
    meets: tuple[Visit, ...]
    near: tuple[datetime, ...]
    seen: View


def tried(session: Session, ask: Ask, at: datetime, patient_id: int, zone: str) -> Tried:
    """What a store's day says to a visit that begins at ``at``. Raises NotOffered."""
    on = local(at, zone).date()
    seen = asking.view(session, ask, on, on)
    if seen is None:
        raise NotOffered(ask.type_id)
    fits, marked, why = _answered(seen, on, at)
    ends = at + (seen.recipe.type.shown // 5) * QUANTUM
    meets = tuple(one for one in asking.others_of(session, patient_id, at, ends) if one.id not in ask.besides)
    nearest = sorted(asking.times(seen, on), key=lambda one: abs(one - at))[:NEAR]
    return Tried(at, on, fits and not meets, marked, why, meets, tuple(sorted(nearest)), seen)


def _answered(seen: View, on: date, at: datetime) -> tuple[bool, bool, frozenset[Why]]:
    """Whether some combination of lengths fits, whether one may begin then, and what keeps the others from it."""
    marked, why = False, frozenset[Why]()
    for question in seen.questions(on):
        start = question.day.quantum(at)
        if search.starts(question) >> start & 1:
            return True, True, frozenset()
        here = bool(search.marks(question) >> start & 1)
        marked = marked or here
        found = reasons.why(question, start)
        why |= found if here else {one for one in found if one.kind != Kind.TOGETHER}
    return False, marked, why

"""Who is next, told from the words of the rule alone (cloud/queue/rules.toml); shares no code with what it judges.

Emergencies; then who comes before others, unless they missed a call; then who is back from tests; then of every three
calls of a station two go to people with an appointment and one to others, where there are both; then who missed a call
and has not let three others pass; at last appointments whose time is far.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

LEAD, LATE = 15 * 60.0, 15 * 60.0
OF, APPOINTMENTS, BEHIND = 3, 2, 3
NOW, BEFORE, BACK, DUE, OTHERS, PASSED, FAR = range(7)


@dataclass
class Waiting:
    """Somebody in a line. Moments are seconds of one clock; ``after`` is the number of the call they wait for."""

    ticket: str
    since: float
    came: float
    due: float | None = None
    priority: int = 0
    back: bool = False
    after: int = 0


def rank(one: Waiting, at: float, calls: int) -> int:
    """Which of the groups somebody stands in."""
    if one.priority == 2:
        return NOW
    if one.after > calls:
        return PASSED
    if one.priority == 1:
        return BEFORE
    return BACK if one.back else _by_appointment(one, at)


def _by_appointment(one: Waiting, at: float) -> int:
    """Whoever came too late waits like a walk-in."""
    if one.due is None or one.came - one.due > LATE:
        return OTHERS
    return DUE if one.due - at <= LEAD else FAR


def first(line: Iterable[Waiting], at: float, calls: int) -> str:
    """The ticket that is called now; nobody's where nobody waits."""
    groups: dict[int, list[Waiting]] = {}
    for one in line:
        groups.setdefault(rank(one, at, calls), []).append(one)
    chosen = next((groups[n] for n in _in_turn(calls) if n in groups), [])
    return min(chosen, key=_key(at, calls)).ticket if chosen else ""


def _in_turn(calls: int) -> tuple[int, ...]:
    merged = (DUE, OTHERS) if calls % OF < APPOINTMENTS else (OTHERS, DUE)
    return (NOW, BEFORE, BACK, *merged, PASSED, FAR)


def _key(at: float, calls: int) -> Callable[[Waiting], float]:
    """Appointments by their time, everybody else by how long they wait."""
    return lambda one: one.due if rank(one, at, calls) in (DUE, FAR) and one.due is not None else one.since

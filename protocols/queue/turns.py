"""Whose turn it is. Pure: the list a page shows and the one that is called from are the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from protocols.queue.words import EMERGENCY


@dataclass(frozen=True, slots=True)
class Turn:
    """How people with and without an appointment follow each other at a station; see the cloud's rules.toml."""

    appointments: int
    of: int
    lead_minutes: int
    late_minutes: int
    behind: int
    calls: int
    apart_s: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody in line. ``queued_at``: since when; ``not_before``: the number of the station's call they wait for.

    ``arrived_at``: when they came into the store, which decides whether they were in time; ``queued_at`` without it.
    """

    id: int
    queued_at: datetime
    due_at: datetime | None = None
    priority: int = 0
    returned: bool = False
    not_before: int = 0
    arrived_at: datetime | None = None


def order(line: Iterable[Waits], at: datetime, calls: int, rule: Turn) -> list[Waits]:
    """The line as it will be called: ``calls`` is how many were called at the station today.

    Emergencies; those back from tests; people with an appointment and without, merged; those who missed a call and
    have not let enough others pass; at last appointments whose time is far. Ties go by the number of the step.
    """
    ranks: dict[str, list[Waits]] = {"now": [], "back": [], "due": [], "others": [], "behind": [], "early": []}
    for one in line:
        ranks[_rank(one, at, calls, rule)].append(one)
    ranks["now"].sort(key=lambda one: (-one.priority, one.queued_at, one.id))
    for name in ("back", "others", "behind"):
        ranks[name].sort(key=lambda one: (one.queued_at, one.id))
    for name in ("due", "early"):
        ranks[name].sort(key=lambda one: (one.due_at, one.id))
    begins = calls + len(ranks["now"]) + len(ranks["back"])
    merged = _merged(ranks["due"], ranks["others"], begins, rule)
    return [*ranks["now"], *ranks["back"], *merged, *ranks["behind"], *ranks["early"]]


def _rank(one: Waits, at: datetime, calls: int, rule: Turn) -> str:
    if one.priority >= EMERGENCY:
        return "now"
    if one.not_before > calls:
        return "behind"
    if one.priority:
        return "now"
    if one.returned:
        return "back"
    if one.due_at is None or (one.arrived_at or one.queued_at) > one.due_at + timedelta(minutes=rule.late_minutes):
        return "others"
    return "due" if one.due_at - timedelta(minutes=rule.lead_minutes) <= at else "early"


def _merged(due: Sequence[Waits], others: Sequence[Waits], calls: int, rule: Turn) -> list[Waits]:
    found: list[Waits] = []
    lines = {True: list(due), False: list(others)}
    while lines[True] or lines[False]:
        wanted = (calls + len(found)) % rule.of < rule.appointments
        found.append(lines[wanted if lines[wanted] else not wanted].pop(0))
    return found
